package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"banditore/bot/whatsapp"
)

var errNoKeyboard = errors.New("nobody is there to answer")

// passkey asks a person for what a browser says to WhatsApp's challenge.
func (s *stage) passkey(ctx context.Context, challenge whatsapp.Passkey) (string, error) {
	keys := s.keyboard()
	if keys == nil {
		return "", errNoKeyboard
	}
	s.clear()
	s.scanned()
	if challenge.Problem != nil {
		s.a.say("%s", passkeyProblemWords(challenge.Problem))
	} else {
		s.a.say("%s", passkeyWords(challenge.Expires, s.zone))
	}
	fmt.Fprintf(s.a.Stderr, "\n%s\n\n", challenge.Line)
	s.a.say("%s", passkeyPasteWords)
	second := time.NewTicker(time.Second)
	defer second.Stop()
	show := s.pastePrompt(challenge.Expires)
	show(0)
	answer, err := keys.paste(ctx, second.C, show)
	fmt.Fprintln(s.a.Stderr)
	switch {
	case errors.Is(err, errTooLong):
		return "{}", nil // no answer at all: it is asked for again
	case err != nil:
		return "", err
	}
	s.a.say("Ricevuto: lo passo a WhatsApp…")
	return answer, nil
}

// pastePrompt is the line at which a person pastes, with the minutes that are
// left.
func (s *stage) pastePrompt(expires time.Time) func(received int) {
	w := s.a.window()
	if !w.redraw {
		return func(int) {}
	}
	return func(received int) {
		left := max(0, time.Until(expires).Round(time.Second))
		words := fmt.Sprintf("Incolla qui (restano %d:%02d):", left/time.Minute, left%time.Minute/time.Second)
		if received > 0 {
			words += fmt.Sprintf(" %d caratteri", received)
		}
		fmt.Fprint(s.a.Stderr, "\r"+words+clearLine)
	}
}

// passkeyCode shows the code that must be the one on the phone, and asks.
func (s *stage) passkeyCode(ctx context.Context, code string) bool {
	keys := s.keyboard()
	if keys == nil {
		return false
	}
	s.a.say("%s\n\n    %s\n ", passkeyCodeWords, code)
	for {
		s.a.say("È lo stesso? Scrivi sì o no, poi premi Invio.")
		line, err := keys.line(ctx)
		if err != nil {
			return false
		}
		switch strings.Trim(strings.ToLower(line), " .!'`\t\r") {
		case "sì", "si", "s", "sí":
			s.a.say("Bene: attendo WhatsApp…")
			return true
		case "no", "n":
			return false
		}
	}
}

// scanned forgets the codes: after a passkey was asked for they are worthless.
func (s *stage) scanned() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scene.code, s.scene.link = nil, ""
}

// keyboard is there as soon as somebody is asked; nil where nobody can answer.
func (s *stage) keyboard() *keyboard {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil && s.a.Pasted != nil {
		s.keys = newKeyboard(s.a.Pasted)
	}
	return s.keys
}

func passkeyWords(expires time.Time, loc *time.Location) string {
	return fmt.Sprintf(`WhatsApp chiede la passkey di questo numero. Serve un computer con Chrome o Edge, e vicino il telefono del Comune con il Bluetooth acceso. Bastano due minuti; il tempo finisce alle %s.
1. Sul computer apri https://web.whatsapp.com e non inquadrare il codice che vedi lì.
2. Premi F12 e scegli «Console».
3. Copia tutta la riga qui sotto, incollala nella console e premi Invio. Se la console non lo permette, scrivi prima quello che chiede (di solito «allow pasting»).
4. Il browser chiede la passkey: scegli il telefono o tablet, inquadra con la fotocamera del telefono del Comune il codice che appare e conferma con impronta, viso o PIN.
5. Nella console appare un testo, dalla { alla }: di solito è già copiato, altrimenti copialo tutto.`, expires.In(loc).Format("15:04"))
}

const passkeyPasteWords = `6. Incolla qui quel testo. Se non succede nulla, premi Invio due volte.`

// passkeyProblemWords tell what was wrong with an answer.
func passkeyProblemWords(err error) string {
	const again = " Ripeti i passi da 3 a 6 con la riga qui sotto."
	switch {
	case errors.Is(err, whatsapp.ErrPasskeyOther):
		return "Questa è la risposta a una riga di prima." + again
	case errors.Is(err, whatsapp.ErrPasskeyRefused):
		return "WhatsApp non accetta questa risposta." + again + " Usa la passkey del telefono del Comune, non quella di un altro."
	}
	return "Quello che hai incollato non è tutto il testo della console." + again
}

const passkeyCodeWords = "Sul telefono del Comune appare un codice. Confrontalo con questo:"
