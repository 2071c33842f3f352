package citizen

import "strings"

// class is what a word can mean, one bit each; a word may mean several things.
type class uint64

const (
	greets    class = 1 << iota // opens or closes a message
	polite                      // courtesy, thanks
	thanks                      // what else says thanks or well done
	leads                       // may come before a command: whom it is addressed to, assent
	wish                        // "vorrei"
	glue                        // articles, prepositions, pronouns between a verb and its object
	news                        // what one subscribes to
	service                     // what one leaves, beside the news
	loose                       // a service that may be another office's: iscrizione, servizio, numero
	alien                       // another office's matter: mensa, tari, multa
	enters                      // "attiva": wants the news as its object
	enrols                      // "iscrivimi": speaks of the writer himself
	receives                    // "ricevere": a command only after a wish
	leaves                      // "disattiva", "stop": may stand alone
	leavesObj                   // "togliere", "uscire": wants the service as its object
	leavesMe                    // "cancellami", "toglietemi": speaks of the writer himself
	leftTalk                    // "disattivano", "cancellato": talk about leaving
	negates                     // "non", "mai"
	doubts                      // questions, conditions, reports, wherever they stand before a command
	weakDoubt                   // the same, but only close to the command: "che", "ho"
	how                         // opens a question about the command
	sends                       // "mandate", "scrivetemi": what "non" forbids
	wants                       // "voglio", "interessa": what "non" denies
	talk                        // no name holds it: a sentence
	shortTalk                   // the same, but somebody may be called so: "Ma", "Hai"
	agrees                      // answers yes
	declines                    // answers no
	asksHelp                    // "info", "aiuto"
	data                        // "dati"
	know                        // what is wanted with the data: "sapere", "avete"
	givenName                   // a common given name
	particle                    // starts a family name
	filler                      // means nothing at the edge of a name
	title                       // Sig.ra, Dott.
	noise                       // "tel", "età": announces what we do not keep
	street                      // begins an address
	born                        // begins where and when somebody was born
	quarter                     // begins the name of a part of a town
	numeral                     // a number or a month in words
	labelGiven
	labelFamily
	labelComune
	labelPerson // "nominativo"
	region
	carries    // "funziona", "arrivano": what the service does
	familyName // a common family name, whatever else it means
	nobodys    // what nobody is called and no Comune either, where one of them is due
	firm       // a shop, a house: no person
)

const label = labelGiven | labelFamily | labelComune | labelPerson

// lexicon lists the words of each class, folded. It is the language, not the town: names of people are in names.txt, Comuni in comuni/.
func lexicon() []struct {
	class class
	words string
} {
	return []struct {
		class class
		words string
	}{
		{greets, `buongiorno buonasera buonpomeriggio buondi buonanotte buon buona bun buongiorni giorno sera pomeriggio notte giornata serata
			salve ciao hello hi hola salam bonjour ehi ehila domenica weekend arrivederci saluti saluto cordiali distinti cordialmente cordialita
			auguri cari caro cara gentile gentili gentilissimi gentmo gentma gentmi gentili gent egregio egregi egr spettabile spettle spett signori siglri`},
		{polite, `pls plz grazie grazi graziee grz grazieee mille tante tanto infinite infinitamente anticipatamente anticipo cortesia favore piacere prego perfavore
			please thanks thank you merci gracias danke multumesc shukran scusi scusate scusa scusatemi gentilmente cortesemente ringrazio ringraziamo`},
		{thanks, `perfetto ottimo bene benissimo ricevuto capito bravi bravo bravissimi brava complimenti ok okay oki okk okei va molto gentilissima gentilissimo
			gentili bello bella super top ottima ottimi servizio buon lavoro utile utilissimo tutto chiaro amen evviva wow letto a voi anche lei altrettanto`},
		{leads, `raga ragazzi x comune amministrazione amministratori ufficio sindaco sindaca staff redazione oggetto testo messaggio ok okay oki si certo allora dunque quindi
			ecco eccomi e ed anche vi ti mi pure signor signora a tutti per in io volevo vorrei con presente richiesta richiedo chiedo dai va bene
			prego te voi subito di spettabile gentile tutto dal del alla al il la lo l de le buona volta nuovo ancora riprovo servizio`},
		{wish, `vorrei voglio vogliamo vorremmo desidero desidererei desideriamo gradirei chiedo richiedo richiesta piacerebbe volevo intendo prego potete potreste puoi
			potresti potrebbe richiediamo chiediamo want like`},
		{glue, `pure nelle le la il lo i gli l un una alle ai al agli all alla allo dalle dalla dal dai dagli dall delle della dei del degli dell di da d con su sul sulla
			questo questa questi queste quest vostre vostri vostro vostra tue tuoi tuo tua mie mia mio miei tutte tutto tutti ogni per favore me mi vi piu subito anche
			ad a questi sto sta ste sti altre altri altro altra the my your from this these me from to any all of continui continue quei quelle solite soliti
			ulteriori ulteriore relative relativo adesso ora cosi definitivamente immediatamente sempre urgentemente proprio oggi qui it now everything davvero gratuito nuove nuovi inutili sempre e ed che in da nel nella`},
		{news, `notizie notizia notizzie notizzia notifiche notifica news newsletter novita notiziario aggiornamenti noticias nouvelles`},
		{service, `msg msgs mex mess messagg messag messaggi messaggio messaggini messaggistica avvisi avviso comunicazioni comunicazione alert allerte sms broadcast bollettino whatsapp whatsap watsapp uozzap wa
			whatsup notificazioni messages message texts notifications notification updates update roba spam pubblicita`},
		{service | loose, `servizio iscrizione iscrizioni registrazione sottoscrizione lista liste elenco elenchi archivio rubrica numero numeri invio invii dati nominativo
			canale gruppo chat abbonamento contatto contatti consenso consensi adesione informazioni info utenza account profilo sistema database cellulare telefono iscritti
			destinatari mailing list service subscription group number nome registro`},
		{alien, `dubbio curiosita mensa nido asilo scuola scuole scolastica scolastico scuolabus tari imu tasi carta identita cie spid multa multe corso corsi palestra piscina biblioteca
			anagrafe elettorale attesa donazione rifiuti raccolta doposcuola centro estivo trasporto appuntamento prenotazione parcheggio parcheggi pass ztl sosta bolletta
			bollette tassa tasse acqua luce gas semaforo lampione lampioni buca buche cantiere cantieri strada strade marciapiede cassonetto cassonetti zanzare erba alberi
			fontana riscaldamento pre post gita gare gara concorso bando bandi residenza isee bonus assegno pratica pratiche certificato passaporto patente tributi
			contravvenzione verbale rumore rumori autobus bus treno treni ospedale medico visita vaccino allarme sirena wifi wi fi telecamera telecamere caldaia contatore
			abbonamenti pulmino guerra violenza plastica bullismo smog antenna antenne`},
		{enters, `attiva attivare attivate attivami attivatemi attivazione attivazioni attivo attivi attivarmi attivarle attiv attivamela attivala attivale riattiva riattivare
			riattivate riattivami riattivazione abilita abilitare abilitate abilitami activa activate attivaa attivva atiiva attivaree attivatemela attivatele activar activare attivaci`},
		{enters | enrols, `iscrivimi iscrivetemi iscrivermi iscrivere iscrivo inscrivimi inscrivetemi inscrivermi registrami registratemi registrarmi aggiungimi
			aggiungetemi inseritemi inseriscimi inserirmi inscrizione iscrizione registrazione adesione aderire aderisco mettetemi mettimi subscribe abbonami abbonatemi abbonarmi iscriviti
			iscrivi iscriva abonnez inscribirme`},
		{receives, `ricevere ricever avere riceverle ricevo receive get essere aggiornato informato informata aggiornata`},
		{leaves, `disattiva disattivare disattivate disattivami disattivatemi disattivazione disattivo disattivi disattivarmi disattivala disattivale disattivatele disattivatela
			disattivarle disattivarla deattiva deattivare disabilita disabilitare disabilitate disabilitami deactivate desactivar desactiver dezactivare disable
			cancella cancellare cancellate cancello cancellazione stop basta annulla annullare annullate annullo annullamento unsubscribe
			elimina eliminare eliminate eliminazione rimuovi rimuovere rimuovete rimozione stopp optout cancel disiscrizione disinscrizione disiscrivi disiscrivo disdetta disdico disdire
			disdite disdici baja dezabonare desabonner abmelden remove fermatevi smettete smettetela smettila smetti smettere finitela piantatela off exit quit recedo disiscrivere disinscrivere dezabonez dezaboneaza dezabonati`},
		{leavesObj, `togli togliere togliete leva levare levate blocca bloccare bloccate bloccami sospendi sospendere sospendete sospensione interrompi interrompere interrompete
			interruzione ferma fermare fermate esco uscire uscirne esci ritiro ritirare ritirate revoca revoco revocare recedo recedere recesso rinuncio rinunciare rinuncia
			termina terminare terminate chiudere chiudete chiudi abbandono abbandonare lasciare lascio take delete tojete spegni spegnere spegnete escludere escludete leave nego
			cessare cessate cessazione togliermene`},
		{leavesMe, `tolgetemi tolgietemi opt toglieteme togliteme levateme cancellateme scancellateme disiscrivimi disiscrivetemi disiscrivermi disinscrivimi disinscrivetemi disinscrivermi disiscriviti cancellami cancellatemi cancellarmi toglimi toglietemi togliermi levami
			levatemi levarmi rimuovimi rimuovetemi rimuovermi eliminami eliminatemi eliminarmi escludimi escludetemi escludermi depennatemi depennami sganciatemi scancellami
			scancellatemi scancellarmi toglietimi tojetemi toglieteci cancellateci`},
		{leftTalk, `disattivano disattivato disattivata disattivati disattivate disattivarsi disattivera disattiverete disattiverai cancellato cancellata cancellati cancellarsi
			cancellano tolto tolta rimosso rimossa eliminato eliminata disiscritto disiscritta disiscriversi annullato annullata unsubscribed`},
		{negates, `non no nn nun mai niente nulla nessun nessuno nessuna neanche nemmeno neppure senza not dont never none nient minga mica`},
		{doubts, `come cosa quando quanto quanti quante dove perche xche xke perke quale quali chi posso possiamo potrei puo possibile scritto scrivo scrivere scriver scrivendo scrivi scrivete scritta scriva
			detto dice dicono dire dicevano dicendo devo dovrei deve bisogna occorre serve comando comandi parola parole frase vero ieri mandato inviato provato digitato
			digitare digito se qualora caso prima dopo how what when why where which if i've facendo faccio fare fa anziche invece sarebbe sapere capire spiegate
			spiegatemi dubbio domanda vicino amico amica gia prova test esempio es mettere metto funziona`},
		{weakDoubt, `che ho ha hanno abbiamo avevo avete un una uno cui era ero stato stata suo sua loro lui lei`},
		{how, `come cosa che significa funziona fa serve quanto quando si posso dove quale quali how what vuol dire cos cose do i`},
		{sends, `mandate mandatemi mandarmi mandare manda mandami mandatemele inviate inviatemi inviarmi inviare invia inviami scrivete scrivetemi scrivermi scrivere scrivimi
			contattate contattatemi contattarmi contattare disturbate disturbatemi disturbarmi disturbare rompete rompere arrivino sending texting writing send text messaging
			spedite spedirmi spammare tempestarmi importunarmi importunatemi bombardarmi avvisatemi avvisarmi`},
		{wants, `voglio vogliamo desidero vorrei intendo gradisco interessa interessano interessata interessato interessati bisogno accetto want need voio vojo vuole vuoi desideriamo
			autorizzo acconsento consento serve servono`},
		{talk, `non nn come cosa quando perche xche xke funziona funzionano posso puo possono vorrei voglio volevo volendo arriva arrivano arrivato arrivata arrivati arrivate ricevo ricevere ricevuto
			ricevute riceve ieri oggi domani gia ancora piu sul sulla sulle solo anche se oppure quanto quanti quale quali dove cosi questo questa questi queste quello quella
			scritto scrivo scrivere detto dicono dice vero niente nulla nessuno mai qualcosa qualcuno devo dovrei fare fatto faccio essere avere hanno abbiamo avete avevo siete
			siamo era stato stata messaggio messaggi notizie notizia servizio servizi attiva attivare attivato attivata attivazione disattivato iscritto iscritta iscrizione
			info informazioni grazie prima dopo quindi pero mentre quelle quelli perchè invece tutti tutte tutto
			spam prova test esempio errore sbagliato sbagliata problema
			riguardo riguardanti eventi manifestazioni urgenti importanti potete potreste sapere credo penso forse magari chiudono aprono apre chiude orario orari quel
			vostro vostra vostre vostri tuo tua tue nostri nostra nostro loro with from the news about because but when how what why tranne eccetto salvo esclusi esclusa escluso`},
		{shortTalk, `ma o che chi cui un una uno il gli i ha ho hai hanno ci vi ti si su sei lei lui dai he mi no ne per con tra fra sta sto sono sarà sara me te noi voi`},
		{agrees, `si sii sie siii sisi confermo confermiamo accetto acconsento certo certamente yes yess oui volentieri confermato d'accordo daccordo assolutamente`},
		{declines, `no noo nooo nono rifiuto negativo nope`},
		{asksHelp, `info informazioni aiuto aiutatemi aiutami help istruzioni menu comandi comando assistenza supporto aide ayuda hilfe aiutoo infos`},
		{data, `dati dato data`},
		{know, `miei mio mie su di me i che quali quale sapere vedere avere conoscere mostra mostrami mostrate mandate mandatemi mandami inviate inviatemi avete hai ha tenete sapete
			conservate possedete personali personale vorrei voglio desidero posso potete ricevere copia accesso accedere richiesta richiedo chiedo consultare gdpr privacy
			art articolo sono quelli in possesso registrati conservati trattati raccolti il la ai dei del alla tutti elenco informazioni cosa a mio riguardo per favore
			diritto esercitare regolamento comune dal voi da memorizzati avendo stampa estratto my what do about have esportare vedo numero abbiate riguardanti riguardano`},
		{particle, `de di del della dello dell dei degli delle da dal dalla dall dallo d lo la li le lu el al van von den der du ben bin ibn dos das do san santa sant st ter ten zu o abd abdel mac mc l`},
		{filler, `e ed a ad in di da il la del nel sono io mi chiamo mio nome residente residenza abito abitante vivo citta comune della tuo tua vostro al dal con per presso
			dei dati seguenti miei i ecco eccomi signor signora nominativo è risiedo chiama chiamiamo anche eta abitiamo dell o le`},
		{title, `me noi marito moglie mamma figlio figlia mia x sig sigra sigrina sigr signor signora signorina dott dottssa dottor dottore dottoressa prof profssa professore professoressa ing ingegnere avv avvocato arch architetto geom
			geometra rag ragioniere ragioniera cav mons don suor padre mr mrs ms miss fam famiglia rev onorevole on dr drssa drsa avvto profsa dottsa egr`},
		{noise, `tel telefono cell cel cellulare numero num n nr nro eta anni anno classe cap cod codice fiscale cf mail email e-mail indirizzo nazionalita sesso data tessera documento ci matricola
			iphone inviato mio`},
		{street, `via viale piazza piazzale piazzetta corso largo vicolo strada vle pza pzza zza cso vicoletto vialetto`},
		{born, `nato nata nascita nati nat`},
		{quarter, `cassina cascina quartiere rione frazione fraz localita loc villaggio contrada borgata zona`},
		{numeral, `zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti trenta quaranta
			cinquanta sessanta settanta ottanta novanta cento mille duemila millenovecento gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
			trentatre trentotto trentanove trentaquattro trentacinque trentasei trentasette ventuno ventidue ventitre`},
		{labelGiven, `nome name nombre nombres nom prenom prenume numele vorname firstname emri імя имя`},
		{labelFamily, `cognome surname apellido apellidos cogn cognom cogniome lastname familyname nachname familienname mbiemri mbiemer sobrenome apelido прізвище фамилия`},
		{labelComune, `comune residenza residente abito vivo abitante risiedo citta paese localita city domiciliato domiciliata residenti abitiamo ciudad ville town village stadt wohnort oras orasul localitate localitatea qyteti cidade commune banoj jetoj habite місто город живу проживаю`},
		{labelPerson, `nominativo intestatario`},
		{region, `lombardia piemonte veneto liguria toscana lazio campania puglia calabria sicilia sardegna umbria marche abruzzo molise basilicata friuli trentino italia italy`},
		{carries, `conferma riesco riuscito riuscita iscrive iscrivere perdere perdermi perderle funziona funzionano arriva arrivano arrivata arrivate arrivato arrivati ricevo ricevere ricevute ricevuto ricevi riceve riceviamo iscrivere iscrivermi iscriversi iscrivo iscritto
			iscritta iscrizione attivato attivata attivati attivarle attivarlo attivare attiva attivazione inviate mandate costa gratis gratuito iscriva iscrivono iscriviti arriveranno
			partono inizia iniziano iniziate partire ricevono aderire`},
		{firm, `bar panificio condominio farmacia ditta azienda associazione srl snc ristorante pizzeria trattoria negozio parrocchia circolo proloco hotel albergo salone officina
			macelleria edicola tabaccheria tabacchi cooperativa comitato asd oratorio parrucchiere parrucchiera estetica autofficina gelateria pasticceria ferramenta supermercato
			libreria cartoleria fioreria gruppo societa impresa agenzia panetteria palestra studio dentistico dentista legale medico centro clinica asilo scuola istituto biblioteca
			carrozzeria lavanderia enoteca birreria paninoteca pub caffe caffetteria costruzioni edile impianti trasporti traslochi arredamenti serramenti assicurazioni viaggi autonoleggio service scout sezione gastronomia rosticceria salumeria ortofrutta fruttivendolo immobiliare`},
		{labelComune, `abita res live living lives habito wohne locuiesc jhabite`},
		{filler, `мене меня звати зовут я quhem cheama suis ich bin and und dhe une soy sunt is am en je et und y llamo chiamano numesc mappelle heisse res`},
		{particle, `los las dela delos delas`},
		{enters | enrols, `iscrivete`},
		{title, `uff comm coniugi eredi signa sigri nonna nonno zia zio suocera suocero fratello sorella cugina cugino madre compagno compagna fidanzato fidanzata ragionier ingegner perito maresciallo
			brigadiere colonnello generale dottori capitano tenente sergente appuntato luogotenente ammiraglio comandante ispettore commissario presidente
			senatore monsignore reverendo maestro maestra frate diacono parroco commendatore`},
	}
}

// classes builds the look-up of [lexicon] and of the lists of names.
func classes() map[string]class {
	all := make(map[string]class, 6000)
	for _, l := range lexicon() {
		for w := range strings.FieldsSeq(l.words) {
			all[fold(w)] |= l.class
		}
	}
	for _, list := range []struct {
		class class
		words string
	}{{givenName, names}, {familyName, familyNames}, {nobodys, nobody}} {
		for l := range strings.Lines(list.words) {
			if strings.HasPrefix(l, "#") {
				continue
			}
			for w := range strings.FieldsSeq(l) {
				all[fold(w)] |= list.class
			}
		}
	}
	return all
}
