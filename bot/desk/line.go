package desk

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// lineTime is how long noting the line's health may take: WhatsApp's handlers must not hang on a full disk.
const lineTime = 5 * time.Second

// LineBreaks notes that the connection breaks after each login, or that it lives.
func (d *Desk) LineBreaks(line whatsapp.Line) {
	ctx, cancel := context.WithTimeout(context.Background(), lineTime)
	defer cancel()
	p := store.Problem{Kind: store.ProblemLine}
	if line.Breaks {
		p.Severity = store.Warning
		p.Sentence = fmt.Sprintf("La linea con WhatsApp si interrompe ogni volta poco dopo il collegamento (l'ultima dopo %s): i messaggi partono a rilento o aspettano.", lifeWords(line.Lived))
		p.Advice = "Non riavviare: il servizio si ricollega da solo, con pause che crescono fino a 10 minuti, e riprende da dove era. " +
			"Se dura più di un'ora, controlla la rete e aggiorna banditore; il registro del servizio dice dopo che cosa si interrompe."
	}
	d.Note(ctx, p)
}

// lifeWords says roughly how long a session lived, so that the sentence does not change with every one.
func lifeWords(lived time.Duration) string {
	switch minutes := int(lived.Round(time.Minute).Minutes()); {
	case lived < time.Minute:
		return "meno di un minuto"
	case minutes == 1:
		return "circa un minuto"
	default:
		return fmt.Sprintf("circa %d minuti", minutes)
	}
}
