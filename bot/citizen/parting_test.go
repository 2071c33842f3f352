package citizen

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// partingForms are ways to say goodbye: each is a list of choices, one of each of which makes a sentence.
func partingForms() [][][]string {
	const dot = "."
	self := []string{"cancellarmi", "togliermi", "disiscrivermi", "rimuovermi", "eliminarmi", "disattivarmi"}
	bid := []string{"cancellatemi", "toglietemi", "disiscrivetemi", "rimuovetemi", "eliminatemi", "cancellami", "toglimi", "levatemi"}
	from := []string{"", "dalla lista", "dal servizio", "dall'elenco", "dalla vostra rubrica", "da questo gruppo", "dai contatti"}
	messages := []string{"messaggi", "notizie", "i vostri messaggi", "comunicazioni", "le vostre notizie", "avvisi"}
	please := []string{"", "per favore", "grazie", "per cortesia", "subito", "quanto prima"}
	return [][][]string{
		{{"potete", "potreste", "puoi", "riuscite a"}, self, from, please, {"?", dot}},
		{{"vorrei", "voglio", "desidero", "chiedo di", "come faccio a", "come posso", "è possibile", "posso", "non riesco a", "dovete"}, self, from, {"?", dot, ""}},
		{bid, from, please, {"", "!", "!!", dot}},
		{{"avete rotto,", "basta,", "scusate ma", "per favore", "ve lo chiedo per l'ultima volta:", "buonasera,", "ho 80 anni,"}, bid, from, {"", "!"}},
		{{"non voglio più", "non desidero", "non vorrei più", "preferirei non", "non intendo", "non ho interesse a"}, {"ricevere"}, messages, please},
		{{"non mandatemi più", "non inviate più", "non mi mandate più", "smettete di mandarmi", "smettetela di mandare", "evitate di inviarmi", "basta", "stop a", "niente più"}, messages, please},
		{{"revoco il", "ritiro il", "intendo revocare il"}, {"consenso", "mio consenso"}, {"", "al trattamento dei dati", "ai sensi dell'art. 7 GDPR"}},
		{{"chiedo", "richiedo", "esigo", "si chiede"}, {"la cancellazione", "la rimozione", "l'eliminazione"}, {"dei miei dati", "del mio numero", "dal servizio", "del mio nominativo"}},
		{{"disattivate", "disattiva", "potete disattivare", "vorrei disattivare", "dovete disattivare", "come si fa a disattivare"}, {"notizie", "le notizie", "il servizio"}, please},
		{{"mia madre è morta,", "mio marito è deceduto,", "la nonna non c'è più,"}, {"toglietela", "cancellate il suo numero", "non mandate più messaggi", ""}},
		{{"avete sbagliato numero", "questo numero ora è mio", "non mi sono mai iscritto", "il numero non è più di Mario"}, {"", ", cancellatemi", ", non scrivete più"}},
		{{"please", "could you", "can you", ""}, {"remove me", "unsubscribe me", "take me off the list", "stop texting me", "delete my number"}},
		{{"je voudrais", "comment", ""}, {"me désabonner", "ne plus recevoir de messages", "me désinscrire"}},
		{{"por favor", ""}, {"no quiero más mensajes", "quiero darme de baja", "borren mi número", "no me escriban más"}},
		{{"bitte", ""}, {"keine Nachrichten mehr", "abmelden", "löschen Sie meine Nummer", "nicht mehr schreiben"}},
		{{"vă rog", ""}, {"nu mai vreau mesaje", "vreau să mă dezabonez", "ștergeți numărul meu", "nu-mi mai scrieți"}},
		{{"ju lutem", ""}, {"nuk dua më mesazhe", "më hiqni nga lista", "dua të çregjistrohem", "mos më shkruani"}},
		{{"будь ласка", "пожалуйста", ""}, {"видаліть мій номер", "не хочу отримувати повідомлення", "отпишите меня", "не пишите мне больше", "хочу відписатися"}},
		{{"من فضلك", ""}, {"الغاء الاشتراك", "لا أريد رسائل", "احذفوا رقمي", "توقفوا"}},
		{{"请", ""}, {"取消订阅", "不要再发消息", "删除我的号码", "退订"}},
	}
}

// TestG3_EveryPartingIsHeard makes thousands of goodbyes: each leaves, or is asked about.
func TestG3_EveryPartingIsHeard(t *testing.T) {
	t.Parallel()
	r := random()
	for _, form := range partingForms() {
		for range 400 {
			text := strings.Join(sentence(r, form), " ")
			disguised, how := text, "plain"
			if r.IntN(3) > 0 {
				disguised, how = mutate(r, text, 2, false)
			}
			if got := reader(t).Read(disguised); got.Intent != Unsubscribe && got.Intent != Leaving {
				t.Errorf("%q (%s of %q): got %v", disguised, how, text, got.Intent)
			}
		}
	}
}

// TestG3_NoPartingIsLostInADisguise holds the rows of all corpora to the same.
func TestG3_NoPartingIsLostInADisguise(t *testing.T) {
	t.Parallel()
	texts := waysToLeave(t, true)
	for _, one := range wishes(t) {
		if one.intent == "unsubscribe" {
			texts = append(texts, one.text)
		}
	}
	r := random()
	for _, text := range texts {
		if text == "🚫" {
			continue
		}
		for range 10 {
			disguised, how := mutate(r, text, 2, false)
			if got := reader(t).Read(disguised); got.Intent != Unsubscribe && got.Intent != Leaving {
				t.Errorf("%q (%s of %q): got %v", disguised, how, text, got.Intent)
			}
		}
	}
}

func sentence(r *rand.Rand, form [][]string) (words []string) {
	for _, choices := range form {
		if w := one(r, choices...); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// TestG3_WhatIsNotAboutUsRemovesNobody says all verbs of leaving about the matters of a town, most of them on no list of ours.
func TestG3_WhatIsNotAboutUsRemovesNobody(t *testing.T) {
	t.Parallel()
	things := []string{"la tangenziale", "l'inceneritore", "i graffiti", "le transenne", "quella rotonda", "il dosso in via Roma", "i piccioni", "le auto in doppia fila",
		"il mercato del mercoledì", "la festa in piazza", "i fuochi d'artificio", "la ztl", "il senso unico", "le bancarelle", "quel cartello", "la quercia", "i monopattini"}
	for _, frame := range []string{
		"Togliete %s", "cancellate %s", "Eliminate %s!", "Basta con %s", "STOP a %s", "Bloccate %s", "fermate %s", "chiudete %s", "annullate %s", "disattivate %s", "rimuovete %s",
		"Non vogliamo %s", "Non voglio più %s", "%s non la vogliamo", "%s non lo voglio", "smettetela con %s", "Chiedo la rimozione di %s", "Chiedo la cancellazione di %s",
		"Mi oppongo a %s", "sospendete %s", "Potete togliere %s?", "potete eliminare %s per favore", "vorrei cancellare %s", "Non mi interessa %s", "Rinuncio a %s", "Esco per %s",
		"è possibile togliere %s?", "levate %s", "quando togliete %s?", "Non mandate più %s", "interrompete %s", "revoco %s",
	} {
		for _, thing := range things {
			text := strings.Replace(frame, "%s", thing, 1)
			if got := reader(t).Read(text).Intent; got == Unsubscribe {
				t.Errorf("%q removes somebody", text)
			}
		}
	}
}

// TestG3_AnAnnouncementSentBackChangesNothing sends whole announcements and each of their sentences.
func TestG3_AnAnnouncementSentBackChangesNothing(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../demo/announcements/*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(".!?;:\n", r) })
		for _, s := range append(parts, string(text), "Inoltrato: "+string(text)) {
			switch got := reader(t).Read(s).Intent; got {
			case Unsubscribe, Subscribe, Correct, Pause, OnlyUrgent, AllNews, Resume:
				t.Errorf("%s: %q: got %v", filepath.Base(name), s, got)
			}
		}
	}
	if got := reader(t).Read("Lunedì la raccolta potrebbe non essere regolare per uno sciopero").Intent; got == Unsubscribe {
		t.Error("what may not be is taken for what is not wished")
	}
}

// TestG3_WhoWantsToStayStays lists what speaks of leaving and is none.
func TestG3_WhoWantsToStayStays(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Non disattivate il servizio per favore", "non disattivare", "Spero che non lo disattiviate mai", "Non cancellatemi", "non toglietemi dalla lista", "Non voglio essere cancellata",
		"Perché mi avete cancellato?", "Sono stato cancellato per errore?", "ho disattivato per sbaglio", "Se disattivo perdo anche le allerte?", "Cosa succede se scrivo Disattiva Notizie?",
	} {
		if got := reader(t).Read(text).Intent; got != Help {
			t.Errorf("%q: got %v, want help", text, got)
		}
	}
	for _, text := range []string{
		"Per cancellarti scrivi Disattiva Notizie", "Per non ricevere più messaggi: Disattiva Notizie", "Iscrizione: Attiva Notizie. Cancellazione: Disattiva Notizie",
		"Nuovo servizio del Comune! Scrivi Attiva Notizie con nome e cognome. Per uscire: Disattiva Notizie", "Rispondi SÌ oppure scrivi Disattiva Notizie",
		"Attiva Notizie\nDisattiva Notizie\nI miei dati\nPausa",
		"Do you want to leave? Reply SÌ or Disattiva Notizie", "您要退订吗？回复 SÌ，或 Disattiva Notizie",
		"*Solo urgenti*: solo le urgenti\n*Pausa*: per 30 giorni\n*Disattiva Notizie*: per cancellarti",
	} {
		if got := reader(t).Read(text).Intent; got != Help {
			t.Errorf("%q: got %v, want help", text, got)
		}
	}
}

// TestG3_APoliteQuestionIsARequest carries out what is asked for as a favour.
func TestG3_APoliteQuestionIsARequest(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Potete cancellarmi per favore?", "mi togliete dalla lista?", "Potreste disattivarmi le notizie?", "Puoi togliermi?", "Potete smettere di mandarmi messaggi?",
		"mi disattivate le notizie?", "Gentilmente, potreste disattivare le notizie?",
	} {
		if got := reader(t).Read(text).Intent; got != Unsubscribe {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// TestG3_WhatIsNotCertainIsAsked lists wishes that may mean something else.
func TestG3_WhatIsNotCertainIsAsked(t *testing.T) {
	t.Parallel()
	article := strings.Repeat("Il Comune ha parlato di tutto questo con noi ieri. ", 6)
	for _, text := range []string{
		"Non mi interessa", "Posso disattivare le notizie?", "Come si disattiva?", "Se scrivo disattiva notizie mi cancellate?", "mi hanno detto scrivi disattiva notizie",
		article + "Basta messaggi.", "Disattiva notizie?", "disattiva notizie non funziona", "🚫", "vi blocco", "io esco da qui", "Mi può cancellare?", "no attiva notizie",
	} {
		if got := reader(t).Read(text).Intent; got != Leaving {
			t.Errorf("%q: got %v", text, got)
		}
	}
	for _, text := range []string{"Cancellatemi dal coro", "toglietemi dal corso di nuoto", "Chiedo la cancellazione dei dati dal portale edilizia", "voglio cancellarmi dalla graduatoria"} {
		if got := reader(t).Read(text).Intent; got == Unsubscribe {
			t.Errorf("%q removes somebody", text)
		}
	}
}

// TestTact says what an answer about leaving must be mindful of.
func TestTact(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Request{
		"mia madre è morta, toglietela":        {Intent: Leaving, Tact: Bereaved},
		"Mio marito non c'è più":               {Intent: Leaving, Tact: Bereaved},
		"il numero non è più di Mario":         {Intent: Leaving, Tact: NewHolder},
		"Avete sbagliato numero":               {Intent: Leaving, Tact: NewHolder},
		"non sono io":                          {Intent: Leaving, Tact: NewHolder},
		"Non mi sono mai iscritto":             {Intent: Leaving, Tact: NewHolder},
		"Avete sbagliato numero, cancellatemi": {Intent: Unsubscribe},
		"nuk dua më mesazhe":                   {Intent: Leaving, Tongue: Albanian},
		"vi blocco":                            {Intent: Leaving},
	} {
		if got := reader(t).Read(text); got != want {
			t.Errorf("%q: got %v %+v, want %v %+v", text, got.Intent, got, want.Intent, want)
		}
	}
}

// TestG3_WhoBidsForThemselvesLeaves tries first-person imperatives with a slip of the keyboard in every sentence but those that take them back.
func TestG3_WhoBidsForThemselvesLeaves(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"cancellatemi", "toglietemi", "rimuovetemi", "disiscrivetemi", "eliminatemi", "escludetemi", "cancellami", "levatemi", "canceltemi", "togleitemi", "rimuovettemi", "disiscirvetemi"} {
		for frame, want := range map[string]bool{
			"%s": true, "%s o vado dai carabinieri": true, "%s subito dalla lista": true, "ho 80 anni, %s per favore": true, "se potete %s": true, "%s perché non mi interessa la politica": true,
			"mi hanno detto di scrivere %s": true, "%s da qui": true, "%s. Grazie": true,
			"non %s": false, "%s dal coro": false, "%s una curiosità": false, "%s quei bidoni": false, "%s la multa": false, "cosa succede se scrivo %s?": false, "come scrivo %s?": false,
		} {
			text := strings.Replace(frame, "%s", verb, 1)
			if got := reader(t).Read(text).Intent; (got == Unsubscribe) != want {
				t.Errorf("%q: got %v", text, got)
			}
		}
	}
}

// TestG3_AYesToLeaveMayGoOn reads answers to the question about leaving.
func TestG3_AYesToLeaveMayGoOn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Sì, grazie per la comprensione": true, "si cancellatela": true, "sì voglio uscire": true, "esatto, toglietela": true, "sì non voglio più messaggi": true,
		"sì?": false, "no": false, "sì ma non cancellatemi": false, "ho cambiato idea": false, "certo che no": false, "sì scherzavo": false,
	} {
		got := reader(t).Answer(Question{Asked: AskedLeave}, text).Intent
		if (got == Yes || got == Unsubscribe) != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// TestG3_SlipsAndShorthandAreUnderstood reads words that are mistyped or shortened where phrases are looked for.
func TestG3_SlipsAndShorthandAreUnderstood(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Intent{
		"revoco il comsenso": Unsubscribe, "nn voglio + msg": Unsubscribe, "nn mandate + mex": Unsubscribe, "ambulnza subito": Emergency, "una perdita di sangue, chiamate i carabineri": Emergency,
		"cmq nn sono + interessato": Leaving,
	} {
		if got := reader(t).Read(text).Intent; got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
