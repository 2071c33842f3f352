package citizen

// alarms are the ways to speak of a danger by what is wrong, in whatever order.
func alarms() []wording {
	return []wording{
		{alarm, Italian, `
			ingoiat*|inghiottit*|ingerit*|bevut* ~ammoniaca|alcool|benzina|disgorgante|trielina|acquaragia|antigelo|diserbante|liquido|brillantante
			mandat* +giu
			bloccat*|fermi|dispers* ~seggiovia|funivia|montagna|bosco|nebbia|galleria|tunnel|ferrata|neve|sentiero|grotta
			martello|forbic*|bottiglia|cacciavite|sega|acido|benzina|cinghia|catena ~minacc*|mano|ha|vuole|addosso ~marito|compagn*|ex|uomo|tizio|ragazz*|mio|vicin*
			chius*|rinchius*|sequestrat*|segregat* ~mi|ci|compagn*|marito|ex|padre ~casa|stanza|cantina|camera
			svenend*|svenir*|sveng*
			gira|girano ~testa ~svenend*|male|sudo|vomito|aiut*|cado
			gonfi* ~gola|lingua|faccia|labbra
			gola ~chiude|chiudendo|chiusa|stringe
			incendiat*|incendiando
			bombola ~perde|perdita|scoppi*|gas|fuoco
			muro|tetto|soffitto|solaio|palazz*|impalcatura|ponte ~cedendo|crollando
			venut*|viene|vien ~giu ~palazz*|muro|tetto|balcone|soffitto|cornicione|casa|frana|montagna
			sul|sopra +tetto ~acqua|macchina|auto|siamo
			mani +addosso
			sentendo|sentit*|sente|sento|sentiva +male|malissimo|mancare|svenire
			respir* ~no|minga|mia|nen|pu
			acqua ~sale|alza|gola|buio
			@person ~chius*|bloccat* ~auto|macchina
			macchina|auto|moto|camion|furgone|bici|scooter ~contro|scontr*|schiant* ~muro|albero|palo|guardrail|auto|camion|macchina|moto|autobus|treno
			torrente|fiume|lura|olona|roggia ~uscendo|esce|esondando
			mi|ci +stanno +entrando
			infilato|infilata|incastrat*|tagliat*|amputat*|mozzat* ~mano|dito|dita|braccio|gamba ~sangu*|macchin*|tritacarne|sega|motosega
			dolore|dolori|dolor|fitta|fitte|peso|oppressione|bruciore|male|morsa ~petto|torace|sterno
			petto|cuore ~dolore|duole|male|stringe|fermato|impazzit*|scoppia
			fatica|difficolta|manca|mancanza|fame ~respir*|fiato|daria
			respira|respiro|respirare +male|poco|appena|piu|a
			respira ~non|male|fatica|piano|ancora|ma
			battut*|sbattut*|picchiat*|rotta|rotto|spaccat*|taglio|ferita ~testa|fronte|cranio
			perde|perdo|perdendo|pieno|piena|coperto|coperta|tanto|molto|esce|pozza ~sangue
			@person ~risponde|reagisce|connette|sveglia|svegliarlo|svegliarla|respira|respirare|muove|alza|alzarsi|rialza|moribond* ~non
			non +riesco|riesce|si +piu|a|ad|ad alzar*|rialzar*|muover*|muove|alza|svegliar*
			reazione|shock +allergica|anafilattic*
			allergi* ~gonfi*|gola|respir*|puntura|vespa|calabron*|arachid*|soffoc*|faccia
			crisi|attacco +epilettic*|asma|dasma|respiratori*|cardiac*|convulsiv*|ipoglicemic*|isteric*|cuore
			attacco +di +cuore|asma|panico
			bocca|viso|faccia +storta|paralizzat*
			muove|sente ~braccio|gamba|lato|meta ~non|piu
			traverso|strozzat*|strozzando|soffocando|soffoca|soffocat* ~boccone|@person|gola|caramella|respir*
			ingoiat*|inghiottit*|ingerit*|bevut*|mangiat* ~candeggina|varechina|pila|pile|batteri*|detersivo|acido|veleno|farmac*|medicin*|pastigl*|pillol*|funghi|moneta|magnete|solvente|topicida|funghetti
			pres*|mandat*|bevut* ~pastigl*|pillol*|sonnifer*|gocce|tranquillant*|compress*|psicofarmac* ~tutt*|troppe|troppi|scatola|flacone|intera|intero|suicid*
			neonat*|bambin*|bimb*|feto|incinta|gravidanza ~blu|viola|cianotic*|respira|sangue|perdite|febbre|convulsion*|svenut*|caldissim*|scott*|contrazion*
			incinta|travaglio|contrazioni|doglie ~aiut*|nasce*|minuti|acque|sangue|perdite|subito|ospedale
			sta|stanno|e +nascendo|nascendo|agonizzand*|morendo
			rotto|rotta|fratturat* ~femore|gamba|braccio|anca|bacino|caviglia|testa
			diabet*|glicemia|insulina|zuccheri ~svenut*|coma|collass*|sta|bass*|risponde
			scossa|folgorat* ~corrente|elettric*|presa|@person
			morso|morsicat*|punto|punta ~vipera|serpente|vespe|calabron*|faccia|gola
			avvelenat*|intossicat*|monossido|esalazion* ~siamo|sono|@person|casa|stufa|caldaia|famiglia
			dolor*|male ~fortissim*|atroc*|insopportabil*|lancinant*
			sta|sto|stava|sente|sento|stai +tanto|molto|proprio|troppo|cosi|veramente +mal|male
			sta|sto|el|al +sta +mal|male
			fuoco|incendio|fiamme|rogo ~avvicin*|avanz*|propag*|dietro|davanti|arriva*|alte|altissim*|scappa*|spegn*|casa|case|bosco|tetto|cucina|balcone|palazz*|macchina|auto|capannone|estintore|campo|campi|cassonett*
			pres*|prende|prendendo|preso|dato|appiccat* +fuoco
			bruci*|brusa|brucia ~casa|auto|macchina|bosco|cassonett*|palazz*|tetto|appartamento|negozio|furgone|capannone|camino|scuola|cucina|campo|balcone|cantina|baita|cascina|ca
			fumo ~scale|tetto|casa|palazz*|cantina|garage|nero|cucina|denso|appartamento|finestra|vano|box|soffoc*
			gas ~puzza|odore|perdita|fuga|sente|sento|perde|fischi*|rotto|scoppi*|esplo*|bombola|tanfo|forte ~odore|puzza|perdita|fuga|sente|esce|perde|casa|scale|condominio|cucina|tubo|rotto|fischi*|scoppi*|esplo*|bombola
			esplos*|esplod*|scoppi*|boato ~palazz*|casa|ferit*|bombola|caldaia|vetri|persone|appartamento|fabbrica|ditta|operai*
			schiacciat*|incastrat*|sepolt*|travolt*|investit*|finit* ~@person|operai*|macerie|lamiere|persone|sotto|trattore|pressa
			crollat*|croll*|cedut*|venut* ~muro|tetto|soffitto|impalcatura|ponteggio|palazz*|solaio|balcone|gru ~sotto|@person|operai*|persone|dentro|adesso|ora|auto
			bloccat*|intrappolat*|rimast*|chius*|incastrat*|prigionier* ~ascensore|lascensore|nellascensore|sottopasso|sottopassaggio|lamiere|cabina|fango|montacarichi|burrone|tetto|acqua|allagat* 
			bambin*|bimb*|neonat*|anzian*|signor*|nonn* ~chius*|bloccat* ~auto|macchina|dentro|casa|bagno
			lura|fiume|torrente|olona|seveso|bozzente|roggia|fosso|canale ~uscit*|straripat*|esondat*|argin*|tracimat*|salendo|caduto|caduta|annega*|trascina*|bloccat*
			acqua ~entrando|salendo|invaso|invade|invadendo|trascina*|ginocchi*|spalle
			annega*|affoga*|trascinat* ~@person|cane|lago|fiume|piscina|corrente|acqua
			urla*|grida*|urlando ~aiuto|picchi*|ammazz*|botte|uccid*|soccorso|disperat*
			marito|moglie|compagn*|ex|fidanzat*|padre|figlio|vicin*|fratello|genitor* ~picchi*|botte|mena|menato|minacci*|violent*|ammazz*|pugni|schiaffi|calci|strangol*|strozz*|coltell*|addosso
			ammazz*|uccid*|uccider*|accoltell*|sparar*|strangol* ~mi|ci|la|lo|vuole|minaccia*|urla|voglio|mio|mia
			coltell*|pistola|fucile|armat*|machete|ascia|accetta|mannaia|spranga|bastone ~uomo|uno|tizio|tipo|ragazz*|mano|gira|minacc*|gente|persona|bar|strada|supermercato|negozio|piazza
			rapin*|aggred*|scipp*|borseggi*|molest* ~stanno|sta|appena|adesso|ora|subito|mi|hanno|signora|anzian*|farmacia|banca|posta|tabacc*|negozio|supermercato|benzinaio|gioielleria
			rubando|scassinando|forzando|sfondando|scavalcando|scavalcat*|rompendo ~casa|porta|finestra|auto|macchina|cancello|sta|stanno|vicin*|negozio|bici|box|garage|appartamento
			ladr*|rapinator*|sconosciut*|estrane*|intrus* ~entrat*|dentro|giardino|adesso|balcone|cortile|sopra|sotto|scappa*|garage|cantina|tetto|porta|finestra
			segue|seguono|seguendo|insegue|inseguono|inseguendo|pedin*|perseguita ~mi|uomo|tizio|qualcuno|uno|macchina|stanno|sta|ci
			palpeggi*|violentat*|violentand*|stupr*|molestat* ~mi|ragazz*|mia|stata|uomo|bambin*
			rissa|botte|pestaggio|pestando|pestano|menano|menando|picchiano|picchiando ~stanno|sta|sangue|ragazz*|piazza|stazione|bar|adesso|strada|parco|via
			non +si|la|lo|li|le|lho|lo|riesco|riusciamo +trova|trovo|troviamo|trovano|ritrova|trovare ~@person|figlio|uscit*|scappat*
			non +torna|rientra|tornat*|rientrat*|e|è|risponde ~@person ~torna|rientra|tornat*|rientrat*|trova|trovo ~uscit*|ieri|stamattina|ore|scuola|casa|stanotte|stasera|piu|ancora
			demenza|alzheimer|disorientat*|autistic*|handicap|disabil* ~uscit*|scappat*|trov*|pers*|torna*|rientra*|scompars*|vaga|sparit*|allontanat*
			scompars*|sparit*|smarrit*|allontanat*|scappat* ~@person|ragazzin*|bambino|figlio|minore|anzian* ~da|ieri|ore|casa|scuola|stamattina|parco|aiut*|trov*|supermercato|mercato
			pers*|perdut* ~bambin*|bimb*|nipotin*|figliolett* ~parco|mercato|folla|trov*|supermercato|stazione|aiut*|festa
			suicid*|ammazzar*|ammazzarmi|uccidermi|impicc*|uccidersi ~voglio|vuole|penso|minaccia|mio|mia|tentat*|sto|sta|provato|amico|amica
			buttar*|lanciar*|gettar*|butto|butta|buttat*|lanciat*|buttando|saltare|gettat* ~balcone|ponte|finestra|terrazzo|binari|cavalcavia|treno|piano|cornicione|tetto
			cornicione|parapetto|balcone|tetto|cavalcavia ~vuole|buttar*|saltare|uomo|donna|ragazz*|seduto|piedi ~buttar*|saltare|salta|giu|lanciar*|gettar*
			vivere ~voglio|voglia|senso|motivo|vale ~non|piu
			tagliat*|tagliare|taglio ~vene|polsi|gola
			macchina|auto|moto|camion|furgone|bici|scooter|motorino|treno ~ribaltat*|capovolt*|schiantat*|scontrat*|investit*|fosso|tamponat*|finit*|fuori ~ferit*|dentro|persone|gente|sangue|muove|incastrat*|fosso|ribaltat*|capovolt*|adesso|schiantat*|scontrat*|investit*|strada
			cavo|cavi|filo|fili|traliccio ~corrente|elettric*|scintill*|tensione|terra
			aiut*|ajut*|giutt|aiutt|aitaa ~foeugh|focu|fogh|ladar|lader|mal|male|mor*|subit*|presto
			ambulans*|lambulans*|ambulanz* ~subit*|presto|serve|mandate|mandè|mandé|urgent*|ciamè|ciamate|ciamì|chiam*`},
	}
}
