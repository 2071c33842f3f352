package citizen

// dangers are the ways to speak of a danger.
func dangers() []wording {
	return []wording{
		{alarm, Italian, `
			non respir*
			non riesc*|riesco +a respir*
			smesso respir*
			sto|sta|stiamo|stanno +molto|troppo|davvero +male
			sto|sta|stiamo|stanno +male|malissimo|morendo|soffocando|annegando
			mi|si +sento|sente +male|malissimo|svenire|morire|mancare
			perso|persi|privo|priva +i|di +sensi
			perso conoscenza
			non +si +muove|sveglia|alza|riprende
			non +da|reagisce segni|vita
			aiut* incendi*|fuoco|fiamme|gas|ladr*|infarto|morendo|male|bambin*|cadut*|incident*|picchi*|sangue
			incendi*|fuoco|cadut*|gas aiut*
			voglio|vorrei|vuole|penso|volermi +di|a +morire|uccidermi|ammazzarmi|suicidarmi|suicidarsi|uccidersi|ammazzarsi
			voglio|vorrei|vuole|penso|pensando +morire|uccidermi|ammazzarmi|suicidarmi|suicidarsi|uccidersi|ammazzarsi
			farla|farmi|fare +finita
			cerca|cercando|prova|provando|tenta|tentando|sta|vuole|forza* entrare|forzare|sfondare casa|porta|serratura|appartamento|finestra|cantina|mia|garage
			@person violento|manesco
			@person|tizi*|uomini|gente +armat*
			dissangu*
			alza|alzato|mette +le +mani
			togliermi|togliersi|tolgo +la +vita
			mi +ammazzo|uccido|impicco|butto
			non voglio +piu +vivere
			minaccia|vuole|sta +di +buttarsi|uccidersi
			ci|ce +sono|è|e|stanno ladr*|rapinator*
			pres*|ingoiato|ingerito troppe|tante|tutte|troppi|intera pastigl*|pillol*|medicin*|farmac*|gocce|compress*|sonnifer*
			per|a +terra non|sangue|svenut*
			mandate|mandi|venga|venite|corra|correte +qualcuno|subito|presto
			buttat*|lanciat*|gettat*|buttando sotto|dal|dalla|treno|ponte|balcone|finestra
			medico|dottore +subito|urgente|urgentemente
			mi|ci +stanno|sta +seguendo|inseguendo|aggredendo|minacciando|sparando|rubando
			allagando|allagat*|allaga|allagano casa|cantina|appartamento|piano
			casa|cantina|appartamento allagando|allagat*|allaga
			mal|male|dolore|dolori|fitte +di|al|nel +petto|torace|cuore
			mi|ci|la|lo +picchia|picchiano|minaccia|minacciano|insegue|inseguono|violenta
			mi|ci|la|lo +ha|hanno +picchiat*|minacciat*|accoltellat*|aggredit*|violentat*|stuprat*|investit*|sparato|rapinat*
			stat* +aggredit*|violentat*|accoltellat*|rapinat*
			stanno|sta +litigando|picchiando|rubando|entrando|sfondando|accoltellando|sparando|annegando|bruciando|crollando|sanguinando
			ladr*|rapinator*|intrus*|sconosciut*|qualcuno +in|dentro|nel|nella|sul +casa|mia|mio|nostra|appartamento|giardino|balcone|cortile|condominio|negozio|garage
			entrati|entrato ladr*|casa
			bloccat*|chius*|intrappolat*|rimast*|dentro ascensore|lascensore|nellascensore
			intrappolat*
			odore|puzza|fuga|fughe|perdita|sento|puzz*|esce|odori gas|metano|monossido
			ce +il|del +gas
			ce +gas
			gas dappertutto|ovunque|casa
			chiamate|mandate|chiama|manda|mandi|chiami|chiamatemi|mandatemi|serve|servono|bisogno|chiamare|inviate|occorre|avvisate|avvertite ambulanz*|pompier*|unambulanza|carabinier*|polizia|soccors*|soccorso|lambulanza|elisoccorso
			chiamate|mandate|serve|servono|bisogno|chiamare|chiama vigili +del +fuoco
			non +ce +la +faccio +piu $
			sta +per +esplodere|crollare|cadere|partorire
			rotte|rotto +le acque
			siamo|sono|e +in +pericolo
			pericolo +di +vita
			mi|ci|la|lo +uccide|ammazza|uccidono|ammazzano|strangola|sgozza|brucia
			scompars*|sparit*|smarrit* figlio|figlia|bambin*|bimb*|nipote|nipotin*|ragazzin*
			figlio|figlia|bambin*|bimb*|nipote|nipotin*|ragazzin* scompars*|sparit*|smarrit*
			ingoiat*
			mi +segue|seguono|insegue|inseguono|pedina
			derubando|derubat*|rapinando
			^ ladri|ladro|polizia|carabinieri|gas|metano|soccorso|soccorsi $
			^ gas +gas
			polizia|carabinieri +subito|presto|urgente|per|in
			farmaci|pastiglie|pillole per +morire
			per +morire|uccidermi
			@person non +torna|rientra|si +a|più|piu|trova|ritrova
			sentit* +male|malissimo
			finit* +fuori +strada
			azzann*
			mors* @person
			vuole|vogliono|voleva +uccid*|ammazz*
			labbra +blu|viola
			inghiottito|inghiottita|ingoia*|ingerito|ingerita
			sto|sta +per +svenire|morire|soffocare
			partorendo|partorire|partorisce|doglie
			finit*|cadut*|scivolat* +nel|in|nella|dentro +fiume|lago|pozzo|acqua|canale|burrone|piscina|il|un|torrente|olona
			violenza +domestica|sessuale
			salvatemi|salvateci|salvami|soccorretemi|soccorreteci
			fate|venite|correte|vieni|vengano|sbrigatevi|muovetevi +presto|subito|qui|in|veloci
			ho +paura $
			ho paura +di +lui|morire
			scompars*|sparit*|disperso|dispersa +da|ieri|stamattina|stanotte +ieri|ore|giorni|due|tre|stamattina|stanotte|casa
			ce +un|una +morto|morta|cadavere
			ho|ha|avuto|avendo +un +infarto|ictus
			in +arresto +cardiaco
			perde|perdo|perdendo +molto|tanto +sangue
			perde|perdo|perdendo sangue
			con|ha|in +un|una|la|il +coltello|pistola|fucile|machete|ascia
			con|ha +coltello|pistola|fucile
			sta|stanno|andando|andata|andato|va|tutto +a +fuoco
			va|andando +fuoco
			in +fiamme
			al +fuoco
			uomo|donna|qualcuno|ragazz*|persona sul +cornicione|tetto|binari
			non +si|trovo|trova|torna|rientra +piu mio|mia|bambin*|figli*
			non trovo|trova|troviamo|torna|rientra bambin*|bimb*|figlio|figlia|nonna|nonno`},
		{hazard, Italian, `
			incendio|incendi|fuoco|fiamme|allagamento|esplosione|rapina|sparatoria|rissa|crollo|incidente|ambulanza|pompieri|aggressione|fumo +in|nel|nella|nei|al|alla|sul|sulla|davanti|vicino|presso|via|viale|piazza|corso|subito|presto|urgente|urgentemente|qui
			ce|vedo|scoppiato|scoppiata|divampat*|principio|grosso|grande|enorme|grave|forte +un|uno|una +incendio|rogo|esplosione|incidente|rapina|rissa|sparatoria|allagamento|crollo|accoltellamento
			ce|vedo|scoppiato|scoppiata|divampat*|principio|grosso|grande|enorme|grave|brutto incendio|rogo|unincendio|unesplosione|fiamme
			ce|ci|sono|con|e|hanno ferit*
			brucia|bruciano|bruciando casa|auto|macchina|bosco|cassonett*|palazz*|tutto|tetto|appartamento|negozio|furgone|capannone|camino|scuola
			fumo +denso|nero|nerissimo|che|dal|dalla|dalle
			esce|vedo|molto|tanto|uscire|sento fumo
			puzza|odore bruciato|fumo
			fughe|fuga +di +gas
			@person cadut*|investit*|ferit*|svenut*|riverso|terra
			cadut* +dalle|dal|dalla|giu|nel +scale|scala|balcone|tetto|bici|moto|fiume|pozzo|finestra|letto
			sono|e +cadut* non
			investit* @person
			@person +non +respir*|risponde|reagisce|si
			@person aggredit*|accoltellat*|investit*|rapinat*
			aggredit*|accoltellat*|rapinat* @person
			allagament*|allagat*|acqua persone|bloccat*|bambin*|intrappolat*|casa
			acqua +in|entra|dentro casa
			cadut*|crollat*|crolla|crollando tetto|soffitto|palazz*|ponte|muro|balcone|casa|gru
			tetto|soffitto|palazz*|ponte|muro|balcone|casa +e|sta|ci +crollat*|crollando|crolla
			sotto macerie
			cadut* albero|ramo|palo|cornicione|tegol*|muro|lampione|cartello
			albero|ramo|palo|cornicione|tegol*|muro|lampione +e|è|sta +cadut*|cadendo|crollat*
			cavo|cavi|filo|fili elettric*|scopert*|tensione
			incidente auto|moto|bici|frontale|stradale|grave|mortale|ferit*|camion|treno
			subisco|subito violenz*
			accoltellat*
			arresto +cardiaco
			crisi +epilettica|respiratoria|cardiaca
			shock +anafilattico
			ingerito|bevuto|mangiato candeggina|pile|detersivo|veleno|farmaci|funghi
			^ sos`},
		{danger, Italian, `
			incendio
			rogo
			fiamme
			ambulanza|ambulanze|unambulanza|lambulanza
			pompieri
			vigili +del +fuoco
			pronto +soccorso
			svenut*
			malore
			infarto|infartuat*
			emorragia
			sanguina
			soffoca|soffocando
			incosciente
			convulsioni
			overdose
			rapina|rapinat*|rapinando
			rissa
			sparatoria|sparo|spari|sparano|sparando|sparato
			accoltella*
			coltello
			esplosione|esploso|esplosa
			alluvione|esonda*|esondazione|straripa*
			allagament* casa|cantin*|persone|bambin*|dentro
			annegando|affogando|annegat*
			terremoto
			frana
			crollo
			incidente
			suicid*
			emergenza|unemergenza
			^ fuoco
			stupro|stuprat*|violentat*
			ferito|ferita|feriti|ferite
			sangue|sanguina|sanguinando|sanguino
			collasso|coma|ictus|epilett*|intossicat*|avvelen*|ustion*|folgorat*|fulminat*|svenimento
			precipitat*|impiccat*|annega*|affoga*|soffoca*|dispersi
			crollat*|esplos*|scoppio|scoppiat*|spara|inondazion*|slavina|valanga
			armi|armato|armata|pistola|fucile
			scippat*|scippo|rapinator*|ladro|rubato
			picchia*|minaccia*|inseguono|molestat*
			cadavere
			travaglio|contrazioni
			soccorsi
			allaga*
			^ pericolo
			aggression*|aggredi*`},
		{calm, Italian, `
			in +caso|casi +di
			spettacol*|piaciut*|bellissim*|mostra ~pompieri|vigili|ambulanz*|carabinieri
			soccorso ~aperto|chiuso|orari*|attesa|ticket|reparto
			avviso|lavviso|notizia|notizie|spento|spenta ~incendio|lincendio|sullincendio|dellincendio|incidente|rogo
			ringrazi*|donat*|donare|donazion*|prelievo|prelievi|avis|esame|esami|analisi ~sangue|ambulanz*|pompieri|vigili|soccorso|soccorritori|carabinieri|croce
			sirena|sirene|caserma|festa|volontari*|corso|museo ~pompieri|vigili|ambulanz*|carabinieri|soccorso
			contro|giornata|stop|no|sportello|centro|anti violenz*
			siete|sono +dei|tutti|solo|un|una ladr*
			ottim*|bell*|utile|grazie|complimenti|bravi|brav*|apprezz* avviso|allerta|notizia|articolo|messaggio|comunicazione|informazione|lavviso|lallerta|servizio|pompieri|vigili|ambulanz*|carabinier*
			avviso|notizia|articolo|aggiornament*|informazioni|letto|saputo incendi*|incident*|allagament*|alluvion*|terremot*|rapina|emergenz*|crollo|esplosione
			quando|come finisce|termina|finita|avvenuto|successo|allerta
			spento|domat*|rientrat*|risolt*|esercitazione|simulazione|convegno|raduno|mostra|museo|anniversario|festa|patrono|prevenzione|anti*
			solo|soltanto|solamente|unicamente|esclusivamente|tranne emergenz*|unemergenza
			numer*|telefon*|contatt* emergenz*|ambulanz*|pompieri|vigili|pronto
			mese|anno|anni|settimana|settimane +scors*|fa
			ieri
			lavori|cantier* emergenza
			orari*|dove|dovè|parcheggi* pronto +soccorso
			stato +di +emergenza
			emergenza +caldo|freddo|covid|abitativa|idrica|smog|rifiuti|neve
			volontari* ambulanz*
			botti|petardi`},
	}
}
