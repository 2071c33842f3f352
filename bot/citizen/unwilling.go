package citizen

import "slices"

// maxUnwilling is how many words a refusal has at most that names nothing.
const maxUnwilling = 16

// unwilling tells whether a statement that means nothing else denies something of its writer or of us, or complains about messages, and names no
// matter of the town: "non sono chi credete", "io non leggo mai", "un messaggio al giorno è da manicomio". It is the last resort: whoever may
// want to leave is asked.
func unwilling(m *message, s sayings) bool {
	words := m.words
	if m.asked != 0 || len(words) > maxUnwilling || s.any(stay|asksUs|amiss|drops|nods|assents|urgent|partial|topic) || anyOf(words, alien|street|quarter|labelGiven|labelFamily) {
		return false
	}
	denies, personal, weary := false, false, false
	for _, w := range words {
		if notUs.has(w.folded) || stemOf(w.folded, failures) || w.class&enters != 0 && w.class&glue == 0 {
			return false
		}
		denies = denies || w.class&negates != 0 && w.folded != "no"
		personal = personal || persons.has(w.folded)
		weary = weary || notices.has(w.folded) || notices.has(w.bare)
	}
	return denies && personal && !slices.ContainsFunc(words, func(w word) bool { return w.class&agrees != 0 && w.folded != "si" }) || weary && len(words) > 2
}

const (
	// persons are the writer and us.
	persons set = " io mi me mio mia miei mie noi vi voi vostro vostra vostri vostre siete avete sono sn ho abbiamo siamo ero credo penso leggo guardo seguo uso " +
		"cercate cercavate qui qua vivo abito voglio numero cellulare telefono persona interesse voglia "
	// notices are what somebody complains about.
	notices set = " messaggi notifiche messaggini whatsapp "
	// notUs is said of something else more often than of the news.
	notUs set = " vero falso giusto accordo daccordo sicuro sicura capace vedo visto letto sentito saputo potuto so parlo parlare amore ancora dispiace preoccupatevi problema problemi " +
		"bravi brava bravo complimenti utile utili ottimo bello bella belli bellissimo bellissimi tu te ti credevo pensavo male sindaco votato voto tempo politica vergognate ora felice contento contenta piace piacciono " +
		"interessanti chiari comodo comodi figlio figlia bambino bambini soldi casa lavoro acqua strada piazza "
	// failures begin what does not work, and what is missed.
	failures set = " arriv ricev funzion capi cap apr carica trov riesc riusc parte parti piov manca puli sistem aggiust pag "
)
