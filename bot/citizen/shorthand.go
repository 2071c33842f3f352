package citizen

// meant is the word that a shortened or mistyped one stands for where phrases are looked for, or "". A word that we know is as it was meant.
func meant(folded string, known class) string {
	switch folded {
	case "nn", "nun":
		return "non"
	case "nnt":
		return "niente"
	case "msg", "mex", "mess", "msgs", "mexs", "messag", "messagg", "messaggini", "messaggino", "sms":
		return "messaggi"
	case "x":
		return "per"
	case "k", "ke":
		return "che"
	case "xk", "xke", "xche", "perke", "pke", "pk":
		return "perche"
	case "cmq":
		return "comunque"
	case "qst", "qsti", "qste", "qsta", "qsto":
		return "questi"
	case "pui", "piou", "piuu", "pu", "pi", "cchiu":
		return "piu"
	case "vostr", "vs", "vss":
		return "vostri"
	}
	if known != 0 || len(folded) < 6 {
		return ""
	}
	for _, word := range [...]string{
		"messaggi", "notizie", "comunicazioni", "ricevere", "trattamento", "consenso", "cancellazione", "cancellate", "cancellare", "disiscrizione", "iscrizione", "interessa", "interessato",
		"disturbate", "servizio", "revoco", "blocco", "deceduto", "deceduta", "numero",
		"ambulanza", "incendio", "pompieri", "carabinieri", "emergenza", "soccorso", "svenuto", "svenuta", "respira", "polizia", "aiutatemi", "aiutateci", "incidente", "convulsioni",
	} {
		if folded[0] == word[0] && near(folded, word) {
			return word
		}
	}
	return ""
}

// wantsMore stands before a plus sign that is short for a word: "nn voglio + msg".
const wantsMore set = " voglio vogliamo nn non no mandatemi mandate scrivetemi scrivete scrivermi inviatemi inviate interessa ricevere voglia desidero mai ne mandarmi serve servono contattatemi disturbatemi "
