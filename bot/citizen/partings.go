package citizen

// partings are the Italian ways to leave that are no command of ours, to stay, and to say why.
func partings() []wording {
	return []wording{
		{quit, Italian, `
			revoco|revochiamo|ritiro|ritiriamo|revocare|ritirare|revoca|revocato consenso|consensi|autorizzazione|adesione
			tolgo|togliamo|nego|neghiamo|negato|annullo|cancello +il|ogni|mio|l consenso|autorizzazione
			mi|ci +oppongo|opponiamo $
			oppongo|opponiamo|opposizione|oppormi trattamento|ricezione|invio|uso|utilizzo|dati|numero|comunicazioni|messaggi
			diritto +di|alla|al|allo|all +opposizione|recesso|oblio|cancellazione|revoca $
			diritto +oblio|alloblio|opposizione
			chiedo|richiedo|richiede|esercito|invoco|voglio|vorrei oblio
			chiedo|richiedo|richiede|voglio|pretendo|esigo|domando|chiediamo|richiesta|vorrei|desidero|si|diritto cancellazione|rimozione|eliminazione|disiscrizione|disattivazione|esclusione|annullamento dati|nominativo|numero|contatto|utenza|recapito|servizio|iscrizione|lista|elenco|profilo|account|archivi*|database
			chiedo|richiedo|richiede|voglio|pretendo|esigo|domando|chiediamo|vorrei|desidero +la|mia|l|una +cancellazione|rimozione|eliminazione|disiscrizione|disattivazione $
			^ cancellazione|eliminazione|rimozione|richiesta dati|nominativo|contatto|utenza|numero $
			non +acconsento|autorizzo|consento|presto|accetto +piu $
			non +acconsento|autorizzo|consento|presto trattamento|invio|messaggi|uso|utilizzo|usare|dati|consenso|comunicazioni
			nego|negato +il|ogni +mio|consenso
			chiedo|chiediamo|voglio|vorrei|desidero|vogliate|prego +di|d +essere +@removed
			chiedo|chiediamo|voglio|vorrei|vorremmo|desidero|pretendo|preferirei +essere +@removed
			voglio|vorrei +disiscrivermi|cancellarmi|disattivarmi`},
		{mayQuit, Italian, `
			vi|ti|lo +blocco|blocchero|denuncio|denuncero|segnalo
			vi|ti +sto +bloccando|segnalando
			^ stop +comune|infosaronno*
			^ bloccat*|recesso|revoca|rinuncia|addio|disdetta $
			rifiuto|rifiutiamo|respingo @messages
			non +accetto|gradisco|gradiamo|apprezzo|sopporto|tollero @messages
			@messages +non +gradit*|richiest*|volut*|desiderat*
			@messages indesiderat*|sgradit*|molest*
			non +vi|ti|li +autorizzo|do|consento|permetto|acconsento|voglio
			mi|ci +oppongo|opponiamo dati|privacy|gdpr
			art|articolo|gdpr|privacy|sensi opposizione|cancellazione|revoca|oblio|recesso|oppongo|cancellare|cancellate
			opposizione|cancellazione|revoca|oblio art|articolo|gdpr|privacy
			^ alt|halt|fermatevi|finiamola|togliere|toglie|rimuovere|rimosso|annullamento|disiscritt*|scollegare|scollegatemi $
			tolgo +il +disturbo
			^ @messages +no|basta|stop|off|niente|mai $
			avevo|avevamo|ho|abbiamo +gia|detto|scritto +di|detto|scritto +no|di|basta
			avermi|averci @removed
			non +sono|siamo|essere +piu +abbonat*|registrat*|iscritt*
			possibilita|modo|maniera cancellarsi|disiscriversi|uscire|togliersi|disattivare
			iscritt*|iscriv*|iscrizione|registrat* +per +errore|sbaglio
			sbagliato +a|ad|ad iscriv*|registrar*
			errore iscrizione|iscrivermi
			tortura|strazio|incubo|supplizio|bombardamento|invasione @messages
			preferisco|preferiamo leggere|informarmi|informarci
			distrugg* dati|numero
			aspetto|attendo|aspettiamo cancellaz*|disattivaz*|rimoz*|disiscriz*
			vi|ti +ho +gia|bloccat*
			vietato|proibito|diffid* numero|scriver*|usare|contatt*
			messaggi +non +miei|nostri
			concludo|concludiamo $
			^ concludo|chiudo|smetto|mi +qui|fermo $
			basta +mandar*|scriver*|inviar*|con @messages
			tenete|lasciate|tenetemi|lasciatemi +fuori
			finiamola|finitela|piantiamola
			^ cessate|cessare|opposizione|oblio|finitela $
			^ no +ai|alle|agli|a @messages
			^ spam
			non far|fare +parte
			^ esci|escimi|esco $
			fatela|falla +finita
			numero ora|adesso|oggi +e|è +di
			mollatemi|mollami|mollatece
			volete +da +me
			gia|già +detto +di|no|basta|che +no|basta|di
			ho +detto +di|no|basta +no
			vi +ho +bloccat*
			blocco|bloccare|blocchero numero|contatto
			bloccatemi|bloccami
			esco|usciamo +da|dal|dalla
			^ esco $
			^ uscire|uscita $
			esci|escimi +da|dal|dalla +gruppo|qui|chat|lista|servizio|questo|questa
			come +esco|usciamo|uscire
			^ elimina* $
			^ elimina* contatto|numero|iscrizione|chat|gruppo|tutto
			^ off|fine|chiudi|chiudere|termina $
			notizie|news|messaggi +off
			^ no|non|annulla|annullare|annullate|niente|disdici|blocca|ferma attiv* +notizi*|news
			^ annulla|annullare|annullate|annullo|annullamento iscriz*|registraz*|adesione|abbonamento|attivaz*|richiesta
			^ no|niente|nessuna|nessun|meno +notizie|notizia|messaggi|messaggio|news|newsletter $
			niente|nessun|nessuna +altr*|piu @messages
			non +ne +voglio|posso|vogliamo
			io|noi +non +voglio|vogliamo $
			non +voglio|vogliamo|vorrei|intendo +piu|saperne|averne|continuare|nulla|niente
			non +voglio|vogliamo|vorrei messaggi|notizie|comunicazioni|whatsapp|essere +contattat*|disturbat*
			non|senza essere +piu|ulteriormente +disturbat*|contattat*|importunat*|avvisat*|informat*
			non +mi +servono|serve|interessa|interessano|importa|riguarda|riguardano
			non|no +sono|siamo piu +interessat*
			non +sono|siamo +interessat*
			lasciatemi|lasciateci|lasciami|lascatemi|lassatemi|lassateme|lassem +in|stare|perdere|sta|tranquill*
			non +rompete|rompetemi|scocciate|scocciatemi|disturbate|disturbatemi
			avete|hai|mi|ci +rotto|stancat*|stufat*|scocciat*|seccat*|stressat*|tediat*
			non +se +ne +puo
			come|modo|dove si|ci|cavolo +toglie|cancella|disiscrive|esce|disattiva|disattivano|leva|rimuove|sospende|revoca|recede
			stuf*|esasperat*|arcistuf* $
			stuf*|esasperat*|arcistuf* @messages
			stuf*|esasperat*|arcistuf* +di +voi
			non +do|dò|diamo|presto|concedo|concediamo consenso|autorizzazione|permesso
			revoco|revochiamo
			lassem*|lasem*|lassame +perd*|sta|sto
			frega|fregano|importa @messages
			frega|importa +niente|nulla|un|di +di|niente|voi
			niente +a +che +fare
			che +palle|noia|barba|stress|rottura|scocciatura @messages|basta|toglie*|questo|questi
			che +palle|noia|barba|stress|rottura|scocciatura $
			mi|ci|state|continuate tempest*|bombard*|intas*|sommerg*|assill*|perseguit*|torment*|importun*|stress*|spamm*|martell*
			intasa* telefono|cellulare|memoria
			fuori +dalle|dai +scatole|balle|palle|coglioni|piedi
			diffid*
			garante|querel*|avvocato|denunci* scriv*|privacy|mandat*|messaggi|contatt*|numero
			scriv*|mandat*|messaggi|contatt*|segnal*|rivolg* garante|querel*|denunci*
			scrivete|scrivono|mandate|mandano|arrivano|inviate|ricevo|contattate +ancora|sempre|comunque|lo
			ancora +scrivete|mandate|inviate|ricevo|arrivano
			non|piu +esserci|stare|esser|essere|rimanere|figurare lista|elenco|gruppo|iscritt*|servizio|rubrica
			bast|basta +con|cun|cu|co @messages
			avete +rotto|stancat*|stufat*|scocciat*|scassato
			mi|ci +disturbate|infastidite|molestate|stressate|tempestate|bombardate|disturbano|infastidiscono
			siete +fastidios*|molest*|invadent*|insistent*|assillant*
			mi|ci +tolgo|cancello|levo|dissocio|disiscrivo|elimino|tiro|sfilo|ritiro
			mi +chiamo|tiro +fuori
			tiratemi|tirami|tiremm|lasciatemi|chiamatemi|fatemi|mettetemi|cavatemi +fuori|uscire|cancellare
			fine|chiudi|chiudere|chiudete|cessate|cessazione|terminate|terminare|stoppate|stoppare +il|del|con|questo|linvio|i|le +servizio|abbonamento|iscrizione|messaggi|notizie|invio|canale
			fine|chiudi|chiudere|cessazione +servizio|abbonamento|iscrizione|messaggi|notizie
			sospend*|interromp*|interruzione|terminare|terminate|cessa*|stoppa*|fermate invio|servizio|@messages
			^ vorrei|voglio|desidero|chiedo|vorremmo|volevo interrompere|uscire|smettere|terminare|recedere|disdire|cessare|disattivare|cancellare|rinunciare $
			^ sospend*|interromp* $
			non +abito|abitiamo|vivo|viviamo|risiedo|risiediamo +piu
			non +sono|siamo +piu +residente|residenti|cittadin*|saronnes*|iscritt*|abitante|di
			non +uso|utilizzo|usa|ho|possiedo +piu +whatsapp|questo|il|lo|wa|telefono|cellulare
			quando +la|lo +smettete|finite|piantate|finirete|smetterete
			la +smettete|finite|piantate|volete
			smett*|smetti|piantate*|finite* mandar*|scriver*|inviar*|disturb*|contatt*|romper*|intasar*
			smettetela|smettila|smettete $
			finitela|piantatela|piantala|finiscila
			perche|xke|perke|xche|come +mi|ci|mai|continuate|dovete +scriv*|mandate|mandano|arriv*|inviate|contattate|continuate|ricevo
			perche continuate|insistete|ancora messaggi|scriv*|mandarmi
			continuate|continua|continuano|insistete +a|ad|ancora +scriver*|mandar*|inviar*|arrivar*|disturbar*
			ancora|basta +messaggi|notizie
			ho|abbiamo|vi detto|scritto|chiesto|mandato|inviato|richiesto|provato basta|stop|cancell*|disatt*|toglie*|disiscr*|uscire
			comando|parola|modo|bottone uscire|cancellar*|disatt*|disiscr*
			ho|abbiamo +deciso +di +uscire|lasciare|cancellar*|non|disatt*|disiscriv*
			questo|questi|e|siete|solo|puro spam
			^ spam $
			ero|eravamo +iscritt* non|ora|adesso
			ora|adesso +non +piu|voglio|ne|mi
			rinuncio|rinunciamo|rinunciare|rinuncia +al|alle|ai|a|all +servizio|notizie|messaggi|iscrizione|tutto|vostro|vostri|vostre|questo
			^ rinuncio|recedo|disdico|abbandono|lascio $
			recedo|recedere|recesso +dal|dalla|da servizio|iscrizione|contratto|canale
			voglio|vorrei|vorremmo|desidero|chiedo|posso|potrei|possiamo|come|faccio essere|venire|esser +tolt*|cancellat*|rimoss*|eliminat*|esclus*|disiscritt*|depennat*|disattivat*
			mio|nostro +numero|nominativo|nome|contatto|recapito|cellulare @removed
			possibile|aspetto|attendo|chiesto|possibilita essere|venire +tolt*|cancellat*|rimoss*|eliminat*|esclus*|disiscritt*|depennat*|disattivat*
			possibile|posso|possiamo|potrei|potremmo|riesco|riusciamo|provo|provato|cerco|tento|faccio|vuol|voglio|vorrei|devo cancellarmi|disiscrivermi|disattivar*|uscire|togliermi|cancellarci|cancellare|rimuovermi|revocare|recedere
			come|dove|quale cancellarmi|disiscrivermi|disattiv*|togliermi|cancello|disiscrivo|uscire|uscirne|recedere|revocare|disdire
			evitate|evitare|evita|eviti +di +scriver*|mandar*|inviar*|contattar*|disturbar*
			potete|potreste|puoi|vorreste smetter*|evitare|finirla|piantarla
			non +fatemi|fate +piu|arrivare|avere
			non|nun +mi|ci|me|ce +scriv*|mandat*|inviat*|contatt*|cercat*|chiamat*|disturb*|mandi*
			non +scrivete|scrivetemi|mandatemi|inviatemi|contattatemi|contattate|scrivermi|mandarmi $
			fuori +da|dal|dalla +lista|gruppo|servizio|elenco
			tolto|tolta|tolti|via|fuori +dalla|dall|dal|dallelenco +lista|gruppo|servizio|elenco|elenchi|canale
			fate|fatemi +a|senza +meno
			tiratemi|tirame|levame|toglime|toglieme|cavame|cavem|scancell*|scanceleme|tirem|desmet*
			disatt|disat|disattivaz|disattv|dsattiva|dissativa|disatiivare +notizi*|le|il|subito|servizio
			^ cancellaz*|disiscr*|disinscr*|unsubscr*|disdi*
			disiscr*|disinscr*|unsubscr*
			preferirei|preferisco|preferiremmo +non|evitare ricever*|aver*|essere
			gradirei|gradiremmo +non
			dimenticate|scordate|perdete +il|questo numero|contatto
			non +fa|fanno +per +me
			voglio|desidero|vorrei|chiedo|fammi|fatemi +uscire|uscirne|andare|andarmene|smettere
			me +ne +vado|tolgo
			rimuovete|eliminate|cancellate|togliete|levate|rimuovi|elimina|cancella|togli|leva|disiscrivete|cancellare|rimuovere|eliminare|togliere|levare|disiscrivere|escludete|depennate mio|mia|mi|suo|sua|questo|il|lo +marito|moglie|padre|madre|mamma|papa|figlio|figlia|nonn*|zi*|numero|nominativo|contatto|nome|suocer*|fratell*|sorell*|cellulare|telefono|recapito|compagn*|genero|nuora
			rimuovete|eliminate|cancellate|togliete|levate|rimuovi|elimina|cancella|togli|leva|cancellare|rimuovere|eliminare|togliere|escludete|depennate dalla|dallelenco|dallarchivio|dal|dagli|dai|da +lista|elenco|servizio|rubrica|iscritti|vostra|vostri|contatti|vostro|gruppo|chat|mailing|database|queste|questa`},
		{stay, Italian, `
			non|mai +lo|la|li|le|mi|ci +disattiv*|cancell*|togli*|elimin*|rimuov*|sospend*|chiud*
			non +vorrei|voglio|vogliamo|desidero|intendo|devo +essere|venire +cancellat*|tolt*|rimoss*|disattivat*
			non +vorrei|voglio|vogliamo|desidero|intendo +disattivar*|cancellarmi|disiscrivermi|uscire|togliermi|interrompere|rinunciare|perdere|cancellar*|smettere
			mi|ci|ha|vi +avete|hanno|hai|ha +cancellat*|tolt*|disattivat*|rimoss*|eliminat*|buttat*|esclus*
			perche|quando +mi +avete|sono|hanno
			sono|siamo|ero +stat* +cancellat*|tolt*|disattivat*|rimoss*|eliminat*|esclus*
			disattiv*|cancell*|tolt*|uscit*|disiscritt* ~errore|sbaglio
			come +torno|rientro|riattivo|riattivare|rientrare|tornare|ritornare
			vorrei|voglio|posso|potete +ritornare|rientrare|tornare|riattivar*|riscriver*|reiscriver*|riattivarmi
			cosa|che +succede|comporta|significa|accade|vuol
			vicino|vicina|amico|amica|collega|cognat* +ha|dice|mi
			tornare|rientrare|riattivare|riscriversi|reiscriversi disattiv*|dopo
			perdo anche|pure|tutto|le|gli
			spero|speriamo non
			vorrei|voglio|vogliamo|preferisco +restare|rimanere|continuare
			volessi|volessimo +disattiv*|cancell*|uscire`},
		{mourns, Italian, `
			mort*|decedut*|defunt*|scompars*|lutto|funeral*|buonanima|decesso|vedov* ^
			mort*|decedut*|defunt*|lutto|funeral*|buonanima|decesso|scompars*
			e|ed +mancat*|venut*
			venut* +a +mancare
			non +ce|cè +piu
			ci +ha|e +lasciat*|lasciati
			passat* +a|miglior
			perso +mio|mia|il|la|mamma|papa +marito|moglie|padre|madre|mamma|papa|figlio|figlia|fratello|sorella|nonno|nonna
			volat*|andat*|salit* +in +cielo
			rimast* +vedov*`},
		{mayQuit | mourns, Italian, `
			@relative|signor*|titolare|intestatari*|proprietari* mort*|decedut*|mancat*|defunt*
			marito|moglie|padre|madre|mamma|papa|nonn*|fratello|sorella|zio|zia|suocer*|compagn* scompars*
			numero|telefono|titolare|intestatari* +e|è|era +scompars*|decedut*|mort*|mancat*
			@relative non +ce|cè +piu
			@relative +purtroppo|ci +ci|ha|e lasciat*
			@relative ci +ha|e +lasciat*
			@relative volat*|andat*|salit* +in +cielo
			@relative venut* +a +mancare
			mort*|mancat*|decedut*|scompars* +la|mio|mia|il|nostra|nostro|lo|sua|suo +marito|moglie|padre|madre|mamma|papa|nonn*|fratello|sorella|zi*|suocer*|titolare|caro|cara
			persona|cercate|scrivete|intestata defunt*|mort*|decedut*
			perso +mio|mia|il|la|mamma|papa +marito|moglie|padre|madre|mamma|papa|fratello|sorella|nonno|nonna`},
		{mayQuit | stranger, Italian, `
			numero +non +e|appartiene +piu
			numero +non +e|appartiene +di|del|della|suo|sua|a|mio|il
			non +e|è +piu|questo +il|suo|di numero
			questo +non +e +il|piu numero|telefono|cellulare
			non +e|è +il +numero
			avete|hai|ha|aver|credo|penso|secondo +sbagliato +numero|persona|destinatari*|contatto|indirizzo
			numero|persona|destinatari* +sbagliat*|errat*
			sbagliato numero|persona|destinatari*
			avete|hai|aver|state|state +sbagliato|sbagliando|errore $
			questo +e|è +il +mio +numero|telefono|cellulare
			mai +iscritt*|registrat*|chiesto|richiesto|autorizzat*|sottoscritt*|abbonat*|attivat*|aderito
			mai +dat*|firmat* autorizz*|consens*|numero|niente|nulla|permess*
			mai +stat* +iscritt*|interessat*|abbonat*
			non +mi|ci|ho|abbiamo +sono|siamo|ho +mai|iscritt*|registrat*|chiesto|richiesto
			non +ho|abbiamo +mai|chiesto|richiesto|autorizzato|dato|fatto|attivato|sottoscritto messaggi|niente|nulla|iscrizione|consenso|questo|queste|questi|servizio|mai|io
			ora|adesso +e|è|lo|questo +mio|il|nuovo|numero
			numero +ora|adesso|e|è +e|mio|è|ora +mio
			non +sono +io|piu|quella|questa|quel|il|la +io|persona|signor*|titolare|intestatari*|destinatari*|mario
			non +sono +io
			dato|dati|passato +questo +numero
			chi +cercate
			numero +di +un|unaltra|altra|altri|un'altra
			numero +e|è|stato riassegnat*|assegnat*|passat*
			ho +questo +numero +da
			assegnat* +questo|il|un +numero
			ho|abbiamo +comprato|preso|acquistato|ricevuto|cambiato +questa|questo|una|la +sim|scheda
			questo|il +numero|telefono|cellulare +apparteneva|era|prima
			precedente|vecchio +proprietari*|intestatari*|titolare
			non +conosco +nessun*|questa|questo|il|la
			non +so +chi +sia|siate|sono
			qui +non +ce|abita|vive|risponde +nessun*|piu`},
		{drops, Italian, `
			^ lascia|lasciate|lasciamo|lascio +stare|perdere
			lascia|lasciate|lasciamo +stare|perdere $
			^ anzi +no
			cambiato +idea
			ci|ce +ho|ho +ripensato
			come +non +detto
			^ fa +niente
			^ non +importa
			non +fa +niente
			scherzavo
			^ rinuncio|niente $
			per +ora|adesso|niente +no
			^ aspetta|dopo|piu|un|magari +no|tardi|dopo|attimo|momento $`},
	}
}
