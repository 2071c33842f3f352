package citizen

// requests are the ways to ask for something that is neither to enter nor to leave, and to say yes in other languages.
func requests() []wording {
	return []wording{
		{urgent, Italian, `
			solo|soltanto|solamente|unicamente|esclusivamente|sol|tranne +le|quelle|notizie|messaggi|gli|avvisi|i|news|comunicazioni urgent*
			solo|soltanto|solamente|unicamente|esclusivamente urgent*|urgenz*|allert*|emergenz*|important*|gravi
			solo|soltanto|solamente protezione +civile
			urgent*|allert*|emergenz* +e +basta
			basta|bastano|basterebbero|bastava urgent*|allerte|emergenz*
			urgent*|allert*|emergenz* +soltanto|solo
			niente|nulla +altro +che|oltre urgent*|allert*
			only urgent|emergenc*`},
		{partial, Italian, `
			stop|basta|niente|no|disattiv*|toglie*|togli|cancell*|non|meno|senza|elimin*|sospend*|escludete|solo|soltanto|solamente|tranne|eccetto|salvo|esclus* event*|lunedi|manifestazion*|cultural*|sportiv*|spettacol*|mostre|meteo|sondaggi|concert*
			non +mi|ci +interessa|interessano|servono|importano event*|manifestazion*|cultur*|sport*|meteo|viabilita|traffico|scuol*|concert*|teatr*|spettacol*|mostre|elezion*|politic*|feste|mercat*
			non scriv*|scrivetemi|mandat*|mandatemi|inviat*|disturbat* notte|sera|domenica|mattina|mattino|weekend|alba
			non scriv*|scrivetemi|mandat*|mandatemi|inviat*|disturbat* dopo|prima +di|del|delle|le|dell
			stop|basta|niente notizie|messaggi notte|sera|domenica|weekend
			toglie*|togli|escludete|niente|non +il|tutto|interessa +resto|altro|il
			meno +messaggi|notizie|avvisi|spesso|frequent*
			messaggi|notizie +piu +rari|radi|brevi
			posso|possiamo|potete|vorrei|voglio|vorremmo|preferisco|preferirei|desidero scegliere|selezionare|filtrare
			si +puo|possono scegliere|selezionare|filtrare
			solo|soltanto|solamente +le +notizie|news|informazioni +di|del|della|su|sul|sulla|sulle|che|per|riguard*
			una +parte
			sospend*|fermate|ferma|interromp* vacanze|ferie|periodo|estate
			una +volta +alla|a|al`},
		{topic, Italian, `
			notizie|messaggi|avvisi|news|comunicazioni|aggiornamenti +di|del*|dei|degli|su|sul*|sui|sugli|riguard*|per|che event*|manifestazion*|cultur*|sport*|meteo|viabilita|traffico|scuol*|rifiuti|concert*|teatr*|spettacol*|mostre|elezion*|politic*|feste|festa|turis*|negozi|commercio|mercat*|chiusure|corsi|sagre
			notizie|messaggi|avvisi|news|comunicazioni +cultural*|sportiv*|politic*|scolastic*|turistic*|commercial*`},
		{tooMuch, Italian, `
			meno|pochi|poche @messages
			averne|riceverne|mandatene +di|meno|pochi +meno
			averne|riceverne|mandatene +meno|pochi`},
		{everyone, Italian, `
			^ di|attiva|riattiva|voglio|vorrei|ancora|nuovo|rimetti +nuovo|di|tutte|tutto +tutte|tutto|le|nuovo|notizie
			^ tutte|tutto`},
		{resumes, Italian, `
			^ riprendi|riprendere|riprendete|riprendo $
			riprend* +le|linvio|i|a|l|con|notizie +notizie|invio|messaggi|mandar*|scrivere
			riprend* +notizie|invio|messaggi
			fine|finisci|finita|termina|stop|basta|togli|toglie*|annulla|dopo|disattiv*|interromp* +la|pausa|con|in +pausa|dalla
			fine|finita|stop|termina|basta +pausa
			riattiv* pausa
			sono|siamo +tornat*|rientrat* riprend*|riattiv*`},
		{asksData, Italian, `
			miei +dati
			che|quali|cosa|quanti|quale +dati|informazioni +avete|hai|tenete|conservate|possedete|trattate|sono|mie|personali|miei|su|di
			quali|che dati avete|tenete|conservate|possedete|trattate|registrat*
			cosa|che|quali|quanto avete|sapete|conservate|tenete|registrato|risulta|possedete|salvato|memorizzato +di|su|registrato|salvato|memorizzato|conservato|raccolto|sul|a|riguardo +me|mio|noi|di|su|conto|riguardo
			cosa|che sapete +di|su +me|noi
			dati +personali|che|miei|in|da avete|possesso|conservat*|detenut*|trattat*|registrat*|raccolt*|riguard*
			richiesta|istanza|domanda|diritto +di|d +accesso +ai|art|articolo|ex|gdpr|dati|personali
			richiesta|istanza|domanda|diritto +accesso
			accesso|acceder* +ai|dati|alle +dati|miei|propri|personali|informazioni
			diritto|esercit* +di|accesso|il accesso|portabilita|copia
			copia +dei|di|dati|delle dati|informazioni
			portabilita
			art|articolo|articoli|gdpr|regolamento|ai|sensi copia|accesso|dati|portabilita|conoscere
			con|sotto|a|in +che|quale|quali +nome|cognome|comune|dati|nominativo|numero|citta +sono|risulto|siamo|mi|ci|risultiamo|avete|figuro
			che|quale +nome|cognome|comune|nominativo +risulta|avete|ho|vi|e
			come +mi|risulto|sono|avete +avete|registrat*|iscritt*|memorizzat*|salvat*|chiamat*
			sono|risulto|siamo|risultiamo|sn +gia|ancora|iscritt*|registrat*|effettivamente|regolarmente|davvero +iscritt*|registrat*|abbonat*
			^ sono|risulto|siamo|risultiamo|ma +gia|ancora|iscritt*|registrat*|in|nella|sono|nell'elenco|nellelenco
			mio|mia +iscrizione|nome|numero|cognome|nominativo +risulta|compare|figura
			che|quale +nome +e|è iscrizione|registraz*
			a +che|quale +nome|cognome
			^ privacy|gdpr $
			^ dati +personali $
			dirmi|sapere|verificare|controllare|ditemi|controllate +se +sono|siamo|risulto|risultiamo
			cosa|che|cosè|quello scritto|salvato|segnato|registrato scheda|profilo|mia|vostra +scheda|profilo
			scritto|segnato nella scheda
			mostra*|vedere|consultare|stampa*|inviatemi|mandatemi|esporta*|ottenere|ricevere|conoscere dati
			scheda|profilo|posizione +personale|mio|mia
			cosa|che|quello|quanto|tutto|quali|vedere|sapere|leggere ~scritto|segnat*|registrat*|memorizzat*|salvat*|annotat*|archiviat*|conservat*|raccolt*|risulta|detenete|custodite|tenete ~me|mio|miei|noi|conto|riguardo|numero|sottoscritt*|nominativo|nome
			come +mi|ci ~segnat*|scritt*|registrat*|chiamat*|mess*|salvat*|memorizzat*|inserit*|iscritt*|catalogat*
			segnat*|registrat*|memorizzat*|salvat*|conservat*|schedat*|annotat* +su|di|del|sul|sulla|a +me|mio|noi|conto|mia|nome
			chi|sono|e|è|cosa|nome ~registrat*|iscritt*|intestat*|segnat* ~questo|mio ~numero|telefono|cellulare
			istanza|richiesta|domanda|ai|ex|diritto ~art|articolo|artt ~gdpr|regolamento|ue|accesso
			nome ~iscrizione|registrazione|abbonamento|numero ~chi|quale|che
			mostra*|vedere|inviatemi|mandatemi|leggere|ditemi +la|il|i|le +mia|mio|miei|mie +scheda|profilo|dati|registrazione|informazioni
			informazioni|dati|cosa|quali ~risultano|risulta|figurano|compaiono|avete ~carico|conto|nome|me
			nome|cognome|come ~registrat*|iscritt*|segnat*|inserit* ~mio|mi|voi|nome ~come|com|quale|che
			visione|consultare|vedere ~miei|mio|propri ~dati|scheda|registrazione
			come +mi|ci +chiamo|chiamate ~elenco|lista|registro|archivio|voi|vostro
			quello|ciò|cio|tutto +che +sapete|avete|conservate|tenete +di|su|sul +me|noi|mio
			miei|mie +dati|datti|informazioni|date
			da|dove|chi +dove|ha +avete|preso +il|i +mio|miei +numero|dati`},
		{asksData, English, `
			my +data|details|information|profile
			what +data|information|do have|know|hold|store
			mes|mis|meine|datele|donnees|mie +donnees|datos|daten|mele|personnelles
			te +dhenat +e|mia
			te +dhenat
			мої|мои +дані|данные
			بياناتي|معلوماتي`},
		{asksData, Chinese, `我的数据|我的資料|我的资料|我的信息|个人信息|個人資料`},
		{amiss, Italian, `
			mio|il|nel|sul|i|miei|la|sbagliato|errato|lo +cognome|nome|comune|dati|residenza|nominativo +e|sono|non|era|risulta|è|c'è +sbagliat*|errat*|scorrett*|cambiat*|giust*|esatt*|corrett*|incomplet*|diverso|vecchi*|un|scritt*
			sbagliat*|sbaglio|errore|errat* +a|il|nel|nella|sul|mio|di|i|cognome|nome|scrivere|del|l +mio|il|cognome|nome|comune|residenza|dati|scrivere
			scritto|sbagliato|registrat* +male cognome|nome
			nome|cognome|comune|nominativo +sbagliat*|errat*
			chiamo non
			sbagliat*|errat* +cognome|nome|comune|dati|residenza
			modific*|cambi*|corregg*|rettific*|aggiorn*|correzion*|variar*|variazion*|sostitui* cognome|nome|comune|residenza|dati|nominativo
			rettifica +dati|dei|del
			cambio +residenza|di|cognome|comune
			cambiato +comune|cognome|residenza|citta|casa|nome
			non +mi +chiamo
			nuovo|nuova +cognome|comune|residenza|nome|citta +e|è
			ora|adesso|attualmente +abito|vivo|risiedo
			mi +sono +trasferit*
			ci +siamo +trasferit*`},
		{asksUs, Italian, `
			chi +siete|sei|e|parla|gestisce|legge|risponde|scrive|manda|c'è
			con +chi +parlo
			cambiato +numero|telefono|cellulare|operatore
			non +mi|ci +arriv*
			non +arriv*|ricevo|riceviamo
			non +ho|abbiamo +piu|mai|ancora|ricevuto
			chi +siete
			che|di|cos'è|cose|cosa +numero|chi|è|e|questo +e|è|questo|numero
			di +chi +e|è
			e +gratis|gratuito|pagamento|sicuro|ufficiale|affidabile|vero
			^ a +pagamento
			servizio a +pagamento
			quanto +costa
			come +funziona
			cosa +devo|dovrei|posso +scrivere|fare
			quanti|quante|quando|ogni +messaggi|notizie|quanto +mandate|inviate|arrivano|al|mandano
			quando +iniziano|inizia|parte|partono|arrivano|scade|cominciano|comincia
			puo|possono|posso +iscriversi|iscrivere
			non +ho +capito
			informativa
			dove trovo privacy
			vendete|cedete|condividete dati|numero|numeri
			chi vede|legge|usa|gestisce|tratta dati|messaggi|numero
			per +quanto +tempo
			chi +vi +ha +dato
			avete +preso|trovato|avuto|ottenuto numero|contatto|dati
			servizio|numero|canale|messaggio ufficiale|affidabile|sicuro|gratuito
			come avete avuto|preso|fatto numero
			responsabile|titolare +del|della|dei +trattamento|protezione|dati`},
		{nods, Italian, `^ ok|okay|oki|okk|okey|perfetto|ottimo|benissimo|bene $
			^ ok|okay|perfetto|va|tutto +va|perfetto|bene|benissimo|ok $
			^ ok +va +bene $`},
		{assents, Italian, `^ esatto|giusto|corretto|confermo|certo|ovvio|volentieri $
			^ va|tutto +bene|giusto|corretto $
			^ si|sì|e|è +e|è|esatto|giusto|corretto +giusto|corretto|esatto|cosi $
			^ e|è +giusto|corretto|esatto|cosi $`},
		{assents, English, `^ yes|yeah|yep|sure $`},
		{assents, French, `^ oui|ouais|daccord $`},
		{assents, Spanish, `^ si|claro|vale $`},
		{assents, German, `^ ja|jawohl $`},
		{assents, Romanian, `^ da|sigur $`},
		{assents, Albanian, `^ po|sigurisht $`},
		{assents, Ukrainian, `^ так|да|авжеж|конечно $`},
		{assents, Arabic, `^ نعم|اجل|أجل|ايوا $`},
		{assents, Chinese, `是|是的|好|好的|对|對|可以 $`},
		{menu, Italian, `
			scrivi|rispondi|digita|invia|scriva|risponda|inviaci|scrivici +si|sì|solo|la|con +parola|si
			rispondi|scrivi|risponda +si|sì|sí
			basta|bastera|occorre|bisogna|semplicemente +scrivere|inviare|mandare +attiva|disattiva
			scrivi|rispondi|digita|scrivete|scriva|scrivici attiva|disattiva +notizie
			per +iscriverti|cancellarti|disattivare|disiscriverti|uscire|iscriversi|cancellarsi|disattivarlo|disiscriversi scrivi|scrivete|inviare|scrivere|inviate|invia|disattiva
			per +non +ricevere +piu disattiva
			per +non +ricevere +piu messaggi|notizie disattiva
			se +e|è +un'emergenza|unemergenza chiama*
			chiama* +subito|il +il|112|numero
			questo +numero|canale|servizio +non|è|risponde +e|è|risponde|presidiato|automatic*
			risposta|messaggio +automatic*
			sono +un +messaggio|servizio|risponditore`},
	}
}
