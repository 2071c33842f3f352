package citizen

// farewells are what else may be a wish to leave: somebody is fed up, refuses, says goodbye, or tells that they are gone, moved or another.
func farewells() []wording {
	return []wording{
		{mayQuit, Italian, `
			esco|esci|uscire +anche|pure +da|dal +qui|gruppo|chat|lista|questo
			volta +che +lo|ve|vi|te +chiedo|dico|scrivo|ripeto|lo
			siete +sempre|ancora|di +qua|qui|voi|nuovo|a
			madonna|mamma|oddio|ma|dio|cavolo +quanti|quante|che +@messages
			^ voi +e +le|i +vostre|vostri
			^ ma +no $
			^ anche +no
			^ a|apposto|gia +posto
			sono|siamo|stiamo|sto +apposto|a +posto|cosi
			io|noi +saluto|salutiamo|passo|lascio|chiudo|esco|mollo
			^ vi +lascio|saluto|abbandono
			a +mai +piu
			^ lascia|lascio|abbandona +gruppo|chat|lista|canale|conversazione
			pensavo|credevo|speravo|dovevo|dovrei ~cancellat*|tolt*|disiscritt*|rimoss*|uscit*|disattivat*|disdett*
			continuo|continuiamo +a +ricever*
			mi|ci +levereste|cancellereste|togliereste|rimuovereste|eliminereste|escludereste|disiscrivereste|disattivereste
			chi|che ~permesso|autorizz*|autorizzat*
			questo|siete +e|degli|dei|è +stalking|stalker|molestie|molestia|persecuzione|assillo
			non|nulla|niente +fa|fanno|faccio +piu|per|niente|nulla +per|di|delle|dei +me|noi|vostre|vostri
			faccio +niente|nulla +di|delle|dei @messages
			mai|nemmeno|neanche ~leggo|apro|guardo|ascolto
			troppa|troppe|troppi|tanta +roba|cose|pubblicita|confusione
			mi|ci +svegliate|spaventate|disturba|svegliano|stressa|agita
			ormai|oramai +sto|vivo|abito|risiedo|siamo|sono|stiamo|viviamo
			^ ancora $
			^ di +nuovo $
			^ vado +via
			^ non|mai|niente|nulla +piu $
			mi|ci +trasferisco|trasferiamo|trasferiremo
			trasloco|traslochiamo|traslocando
			denuncia|querela|esposto|diffida +in|al|ai|alla|contro|pronta
			chiamo|scrivo|contatto|avviso|rivolgo|rivolgero|scrivero|chiamero ~garante|avvocat*|carabinieri|agcom
			insopportabil*|odios*|maleducat*|ossessiv*|pesant* ~@messages
			memoria|telefono|cellulare|spazio +e|è +pien*|intasat*|finit*|esaurit*
			mi|ci +sono|siamo +rott*|stancat*|stufat*|scocciat*|seccat*
			e|è +stato +un +errore|sbaglio
			^ chiuso|finito
			alla +larga
			spamm*
			salutat* ~gia|avevo|vi
			esco $
			lasciarmi|tenermi|lasciarci +fuori|stare|perdere
			non +comparire|figurare|apparire|risultare
			allestero|estero ~trasferit*|vivo|viviamo|siamo|sono|abito
			liberat*|liberar* ~@messages|voi|me|mi
			manicomio|follia|esagerazione|insostenibile|eccessiv* ~@messages|giorno
			non +ho|abbiamo ~richiesta|domanda|iscrizione ~nessuna|alcuna|mai
			lasciamo +perdere|stare ~arrivano|@messages|non|mi|me|piu
			smettere|finire|finirla|cessare ~ricever*|arrivar*|@messages
			@messages ~continuo|continuamente|continuazione|raffica|ripetizione|tutte
			arrivano|ricevo|mandate ~continuo|continuamente|continuazione|raffica|ogni|troppi|troppe
			mandato|scritto|inviato|digitato ~messaggio|comando|parola|richiesta ~uscire|cancellar*|disiscriver*|disattivar*
			chiudiamola|chiudiamo|finiamola|finiamo|fermiamoci|lasciamoci|concludiamo +qui|qua|cosi
			basta|finisce|finita|fermo|fermarmi|chiudo|chiudere|smetto|smettere|interrompo|concludo|termino +qui|qua
			preferisco|preferirei|preferiamo +fermarmi|fermarci|smettere|finirla|rinunciare|lasciare|chiudere|di +no
			preferisco|preferirei|preferiamo +senza|no
			meglio|anche +di|no +no $
			faccio|facciamo|fare|farei|farò|faremo +volentieri|anche|benissimo a +meno
			faccio|facciamo|fare|farei +a +meno
			sono|siamo|sto|stiamo +a|bene +posto|cosi $
			può|puo|mi|ci|per +bastare|basta|basti +cosi
			per +me +puo|può|basta
			basta|bastare|bene +cosi
			ho|abbiamo +chiuso
			passo +e +chiudo
			vi +saluto|lascio|abbandono|mollo $
			^ addio
			niente|zero|nessun|basta @messages +per|a +me|noi
			me +ne +esco|andrei|andavo|vado|frego|chiamo
			mi +chiamo|tiro|tirerei|ritiro|sfilo|defilo|sgancio +fuori|indietro
			mi +ritiro|sfilo|defilo|sgancio|dissocio
			^ esci|abbandona|abbandonare|abbandono|rimuovi|rimuovimi|rimuovere|chiudi|quit|escimi|scollega|scollegami|disconnetti|fuori|elimina|togli|annulla|cancella $
			troppi|troppe|troppo|valanga|raffica|sfilza|marea|mitragliata|montagna|tonnellata|tempesta|invasione @messages
			@messages ~troppi|troppe|raffica|continuazione|esagerat*|ossession*
			ogni +giorno|mattina|sera|ora|momento|minuto|volta|dì @messages
			peggio +dei|di|della|del|delle
			ancora|sempre|nuovo +voi
			rottura|strazio|tortura|stress|assillo|stalking|stalker|persecuzione|molestia|molestie|molesti|bombardamento|supplizio|pizza ~@messages|voi|vostri|vostre|vostro|siete|questi|queste|telefono
			suona|squilla|vibra|sveglia*|disturba* ~telefono|cellulare|@messages|notte
			memoria|telefono +piena|pieno|intasat*
			stuf*|stanc*|esasperat*|nauseat*|satur*|scocciat*|seccat*|annoiat*|saturo ~@messages|voi|vostri|vostre|questi|queste|ricever*|legger*
			^ stufo|stufa|stufi|stufe|stufat*|stanco|stanca|stanchi|stanche|esasperat*
			non +ne +posso|possiamo|potevo|voglio|vogliamo|voglia
			non +mi|ci +va|vanno|piace|piacciono|servirebbe|serviva|importano +piu|di|questo|questi|@messages
			non +le|li|vi|lo +leggo|leggiamo|guardo|guardiamo|apro|voglio|seguo|sopporto|reggo|tollero|vogliamo
			non +leggo|guardo|apro|seguo|sopporto|reggo ~@messages
			inutil*|fastidios*|invadent*|assillant*|insistent*|irritant*|noios*|molest* ~@messages|servizio|siete
			me +ne +frego
			frega|fregano +niente|nulla|un|cazzo ~@messages|voi|vostri
			non +volevo|volevamo|voglio|vogliamo|intendevo +iscrivermi|iscriverci|essere|abbonarmi|registrarmi|aderire|attivare
			iscritt*|iscrivermi|registrat*|attivat* ~scherzo|sbaglio|errore|insaputa
			avevo|avevamo|vi|ti +solo|avevo|avevamo|ho|abbiamo +chiesto|detto +un*|no|di|basta|che
			vi|ve|ti|te|gia|lo +ho|avevo|abbiamo|avevamo|lo +detto|ho|avevo +no|detto|basta
			detto|scritto|chiesto|mandato|inviato|ripetuto +mille|cento|dieci|cinque|quattro|tre|due|piu|tante|venti +volte
			quante +volte ~@messages|scriver*|dire|dirvi|dirlo|devo|chieder*|ripeter*|cancell*|togli*
			ancora|comunque|sempre|stesso|continuate|continuano|continua|insistete|invece|nonostante ~arriv*|ricevo|riceviamo|scrivete|mandate|inviate|@messages ~comando|detto|scritto|chiesto|tolt*|cancellat*|disdett*|disattivat*|disiscritt*|mandato|inviato|uscit*|stop|rimoss*|revocat*
			ancora|comunque|lo ~ricevo|riceviamo|scrivete|mandate|mandano|scrivono
			mi|ci +ero|eravamo|sono|siamo +gia|cancellat*|tolt*|disiscritt*|disattivat*|rimoss*|disdett*
			ero|eravamo|fossi|essere +gia|stat*|cancellat*|tolt*|disiscritt*|rimoss* ~continu*|ancora|invece|arriv*|detto|scriv*
			avevo|avevamo|ho|abbiamo +gia +disdetto|disattivato|tolto|cancellato|revocato
			avevo|avevamo +disdetto|disattivato|tolto|cancellato|revocato|rinunciato
			blocco|bloccato|blocchero|blocchiamo|bloccati|bloccheremo ~segnal*|numero|contatto|voi|vi|subito|chat|ora|adesso
			^ blocco|bloccato|bloccati|segnalo|segnalato|segnalati|spam|spammer $
			segnal* ~spam|spammer|garante|molest*|numero|whatsapp|agcom
			siete|questo|questa|questi|e|è +uno|dello|uno|proprio +spam
			denunci*|querel*|avvocat*|garante|carabinieri|polizia ~cancell*|togli*|smett*|@messages|scriv*|disturb*|privacy|numero
			vogliate|vogliano|prego|pregherei|invito|invitiamo astener*|desistere|cessare|evitare|smettere|interrompere
			astenetevi|astenervi|desistete
			non +posso|possiamo|potrei +piu|ricevere|tenere ~@messages
			fatemi|fammi|fateci|mi +uscire|fate +uscire|andare
			chi|cosa|come|quando|dove ~devo|bisogna|deve|faccio|posso|serve ~tolt*|cancellat*|cancellarmi|cancellare|togliermi|uscire|disiscriver*|liberarmi
			sono +mesi|anni|giorni|settimane ~cancell*|togli*|tolt*|smett*|chied*|chiedo|disatt*
			potete|potreste|puoi|potresti +anche|pure|tranquillamente +non|evitare|smettere|cancellar*|toglier*|fare
			non +siamo|sono|ho|abbiamo +interessat*|interesse
			nessun|nessuno|zero|scarso +interesse $
			non +desidero|desideriamo|intendo|intendiamo|gradisco|voglio $
			non +serve|servono|occorre|occorrono|bisogna|servite +piu
			nessun|non +bisogno|ho +bisogno @messages
			non +ci +servono|serve|interessa|interessano
			che +me +ne +faccio|importa|frega
			lascio|lasciamo|abbandono|mollo|molliamo|saluto|esco +il|la|tutto|questo|questa|dal|dalla|da +gruppo|chat|lista|servizio|canale|questo|questa
			togliete|cancellate|rimuovete|levate|eliminate|depennate +pure|tutto|ogni|anche|subito $
			toglie*|togli*|cancell*|rimuov*|elimin*|levate ~suocer*|nonn*|mamma|papa|padre|madre|marito|moglie|figli*|zia|zio|utente|sottoscritt*`},
		{mayQuit | mourns, Italian, `
			@relative|signor*|titolare|intestatari*|destinatari*|proprietari*|utente|cliente|persona|iscritt*|abbonat*|assistit*|inquilin*|ospite ~mort*|decedut*|defunt*|mancat* ~e|è|era|ed|stat*|venut*|ora|purtroppo|ormai
			mort*|decedut*|defunt*|mancat*|scompars* ~@messages|numero|telefono|cellulare|sim
			decedut*|defunt*|buonanima|decesso
			spirat*|trapassat*|seppellit*
			^ purtroppo ~mancat*|mort*|decedut*
			e|è +mancato|mancata $
			venut* +a +mancare
			@relative +non|purtroppo ~piu +ce|c'è|cè
			non +ce|cè +piu ~@relative|signor*|titolare
			siamo|sono|in +in +lutto ~@messages|toglie*|cancell*|smett*
			riposa|riposi +in +pace
			ci|mi +ha|hanno +lasciat*|lasciati ~@relative|signor*`},
		{mayQuit | stranger, Italian, `
			^ non +sono|siamo|e +chi|quello|quella|la|il|lui|lei|ermenegilda
			numero|telefono|cellulare|utenza +e|è +di|del|della|dello|dei|aziendale
			questo|questa +e|è +un +numero|telefono|cellulare
			persona|signor*|intestatari*|inquilin*|titolare ~vive|abita|risiede|sta|lavora ~non
			non +ricordo|risulta|credo|penso +di +essermi|essere|averlo|aver|avere
			non +vi|ti|gli +ho +chiesto|mai|dato|autorizzat*
			in|una +casa +di +riposo
			numero|telefono|cellulare|utenza +e|è +mio|nostro|mia|adesso|ora
			numero|utenza ~cambiat* ~proprietari*|intestatari*|titolare|mano|persona
			cerca|cercate|cercando|cercavate ~altra|unaltra|altro|unaltro|quella|lei|lui
			altra|unaltra +persona
			cellulare|telefono|numero|sim|scheda ~comprat*|ereditat*|usato|usata|acquistat*
			iscritt*|registrat* ~col|usando|usato|qualcuno|altri ~mio|numero|telefono
			nessun|nessuno ~abita|vive|risponde|lavora|sta ~qui|nome|qua
			nuovo|attuale +proprietari*|intestatari*|titolare|utente|possessore|assegnatari*
			non +sono|è|e|erano|era +per|indirizzat*|destinat*|rivolt* +me|a|noi
			@messages +non +sono|erano|e|è +per|miei|nostri|indirizzat*|destinat*|diretti
			numero|telefono|cellulare|sim|utenza ~ora|adesso|oggi|ormai ~mio|mia|io|me|nostro
			numero|sim|utenza ~riassegnat*|assegnat*|riciclat*
			lo|la|ce|ho|abbiamo +uso|usiamo|lho|lo +io|numero ~ora|adesso|da|telefono|numero
			non +conosco|conosciamo|conoscono +questa|questo|nessun*|la|il|quella|chi
			non +so|sappiamo|la|lo +chi|nemmeno|neanche|neppure|conosco|conosciamo ~sia|e|è|siate|siete|signor*
			numero|telefono|cellulare +aziendale|ufficio|lavoro|ditta|dellufficio
			rsa|ricoverat*|casa +di +riposo|badante ~telefono|@messages|toglie*|cancell*|usa|capisce
			alzheimer|demenza|cieco|cieca|minorenne|bambin* ~toglie*|togli*|cancell*|esclud*|@messages
			chi|quando +mi|ci|vi +ha|hanno|avrebbe|avrei|sarei|ho +iscritt*|registrat*|inserit*|messo|chiesto|autorizzat*|autorizzato`},
		{mayQuit, Italian, `
			aggia|comme|comm|me|mme +levo|leve|cancello
			un +mi|me|ci +mandat*|scriv*|inviat*|rompet*
			gaveme|gavem|scanceleme|scancelleme|scancellateme
			tiram|tirem|tirom|tirèm|tirame|tireme|toeuvem|toeum|toeuv|tovem|tevem|toem|levem|cavem|caveme|gavem|gavme|scancelem|scancelemm|cancelem|cancellem|scancelèm|cancelleme|livatimi|levateme|cancellateme|toglieteme|tojeteme|cavème
			via|fora|foeura|feura +da|dal|dai|de|del|di
			assee|asse|assè|bastòm +basta
			pu|pü|cchiu|cchiù|chiù|pì +nagott*|nagot*|nient*|messagg*|nagott
			mandé|mande|mandi|scrivi|scrivé|scrive|scriv +pu|pü|pì|no|minga|mia +nagott*|nagot*|nient*|nagott|messagg*
			mandé|mandì|scrivé|scrivì|rompì|rompé +pu|pü|no|minga|mia
			voeuri|vori|voeri|vöri|vöi|voj|veuj|vojo|voio|voggio|vogghiu +pu|pü|no|minga|mia|nen|pa|cchiu|cchiù|più|piu|chiù
			no|nun|nu|un +voio|vojo|voggio|voglio|vogghiu|vojjo|vulimmo +piu|pi|cchiu|cchiù|chiù|saver*|sape*|sapé|ste|sti
			nun|nu|un +me|mme|m ~scriv*|mannat*|manna|interessa|rumpite|scassat*|rompete
			stuf|stüf|stof|stuff|stufo|stufi $
			sun|son|sunt|sont|semm|sem +stuf*|stüf|stracch*|stracc|stanch*
			m|me|mm|mavite|mavete|maviti|avite +avite|avete|scassat*|rutto|rotto|rott|scucciat*
			lassem*|lassim*|lassatim*|lassame|lassateme|lasem*|lasseme +sta|sta'|stà|perd*|stari|in|stare
			ghe|gh'è|ghè +assee|asse|assè`},
	}
}
