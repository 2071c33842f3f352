package citizen

// claims are the words of the law and of its like with which somebody leaves at once.
func claims() []wording {
	return []wording{
		{quit, Italian, `
			cancell*|elimin*|rimuov*|distrugg* ~tutto|tutti|quello|quanto|ogni ~me|mi|sottoscritt*
			^ stoppate|bloccate|fermate|sospendete|interrompete|annullate|cessate +tutto $
			voglio|vorrei|desidero|intendo +recedere|disdire|disiscrivermi $
			ho|abbiamo +deciso +di +cancellarmi|disiscrivermi|disattivarmi|disattivare|cancellarci|recedere|disdire $
			mi|ci +tolgo|cancello|disiscrivo|levo|elimino|togliamo|cancelliamo ~servizio|lista|gruppo|elenco|@messages|qui
			^ basta +inviare|mandare|inviarmi|mandarmi|scrivermi|scrivere @messages
			^ lasciatemi|lasciateci|lasciami +stare
			lasciatemi|lasciateci|lasciami +in +pace
			cessi|cessino|cessare|termini|interrompa|interrompiate|smettiate ~chiedo|chiediamo|prego|preghiamo|voglio|esigo|vorrei|desidero|pretendo ~@messages|invio|linvio|scrivermi|mandarmi
			^ stop|basta +stop|basta
			cancellazione|distruzione|rimozione|eliminazione|soppressione ~miei|mio|personali|scrivente|sottoscritt*|me ~dati|numero|nominativo|recapito|contatto|utenza
			vorrei|voglio|desidero|chiedo|gradirei|pretendo|esigo|vorremmo +che ~mi|ci|mio|me ~toglies*|togliat*|cancellas*|cancelliat*|rimuoves*|rimuoviat*|eliminas*|eliminiat*|disattivas*|disattiviat*|disiscriv*|escludes*|escludiat*|levas*|leviat*|depenn*
			chiedo|richiedo|chiediamo|voglio|vorrei|esigo|pretendo|desidero|domando ~cancellazione|rimozione|disiscrizione|disattivazione|esclusione ~definitiva|immediata|totale|completa|urgente|mia|subito
			^ cancellazione|disiscrizione|rimozione|disattivazione|esclusione +definitiva|immediata|totale|completa|urgente|subito
			chiedo|richiedo|chiediamo|esercito|domando|richiesta|istanza ~cancellazione|rimozione|eliminazione|limitazione ~art|articolo|gdpr|regolamento|privacy
			revoc*|ritiro|ritiriamo|ritirare|tolgo|togliamo|nego|neghiamo|annullo|disdico|cancello|retiro ~consenso|consensi|autorizzazione|autorizzazioni|adesione|liberatoria
			non +do|dò|diamo|presto|prestiamo|concedo|rinnovo|confermo|accordo ~consenso|autorizzazione
			non +do|dò|diamo|ho +piu|mai +il|lo|alcun|nessun|dato +consenso|lautorizzazione|nessun
			opposizione|oppongo|opponiamo|oppormi|opporci ~trattamento|ricezione|invio|invii|uso|utilizzo|dati|numero|comunicazioni|@messages|art|articolo|gdpr|regolamento
			oblio|alloblio ~diritto|chiedo|richiedo|esercito|invoco|voglio|vorrei|art|articolo|gdpr|applicate|applicazione
			diritto +di|alla|al|allo|all ~opposizione|recesso|oblio|cancellazione|revoca ~esercito|esercitare|invoco|valere|avvalgo|avvalermi
			cessate|cessare|cessazione|cessi|cessino|interrompete|interrompere|sospendete|fermate|bloccate|smettete|terminate|limitazione ~trattamento|trattare
			cancell*|elimin*|rimuov*|distrugg*|togliete|depennate|espungete|levate ~dati|dato|nominativo|recapito|recapiti|generalità|anagrafica ~miei|mio|personali|me|avete|nostri|riguard*|tutti|sottoscritt*
			cancellate|eliminate|rimuovete|togliete|distruggete|cancellare|eliminare|rimuovere|levate ~mio|miei ~numero|nome|nominativo|contatti|contatto|cellulare|dati|recapit*|utenza|telefono|profilo
			chiedo|chiediamo|pretendo|esigo|voglio|desidero|vorrei|richiedo|domando|intimo|ordino ~vengano|venga|siano|sia|vengono|vedere|avere ~@removed ~dati|numero|nome|nominativo|contatto|recapit*|io|lista|elenco|archivi|archivio|cognome
			diffid* ~@messages|contattarmi|scrivermi|inviarmi|mandarmi|inviare|mandare|scrivere|contattare|dati|numero|trattare|trattamento|usare|utilizzare|disturbarmi|proseguire|continuare|cessare|cessate
			inibisco|vieto|proibisco ~@messages|numero|dati|contattarmi|scrivermi|uso|utilizzo|trattamento
			recedo|recediamo|recedere|recesso ~servizio|iscrizione|canale|contratto|abbonamento|adesione|newsletter
			non +desidero|voglio|vogliamo|intendo|desideriamo|vorrei|intendiamo +piu +far|fare|continuare|essere|stare|restare|rimanere ~parte|lista|elenco|iscritt*|contattat*|informat*|disturbat*|importunat*|destinatari*|servizio|canale
			non +autorizzo|autorizziamo|acconsento|consento|presto|consentiamo ~piu|oltre|@messages|dati|numero|trattamento|contattarmi|scrivermi
			non +vi|ti +autorizzo|acconsento|consento|permetto|do +piu|consenso|nessun|alcun|il|lautorizzazione
			tiratemi|tirami|tirateci|cavatemi|mettetemi|buttatemi|portatemi|sbattetemi|chiamatemi|tagliatemi +via|fuori
			stoppate|stoppare|stoppa|stoppatemi|bloccate|interrompete|finite|cessate|fermate +i|linvio|gli|le|tutti|sti|questi|l|di @messages
			ho|abbiamo +deciso ~disattivare|disdire|cancellarmi|uscire|togliermi|disiscrivermi|recedere|rinunciare ~servizio|lista|@messages|iscrizione`},
	}
}
