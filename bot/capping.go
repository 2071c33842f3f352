package bot

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// capping takes WhatsApp's word about the chats that we begin. The first warning is
// only shown. From the second on the store keeps back what is for people who never
// wrote to us, until WhatsApp takes it back or its month is over: all others have
// written first, and answers begin no chat. It has a deadline of its own, as
// [Bot.reachoutLock].
func (b *Bot) capping(c whatsapp.Capping) {
	ctx, cancel := context.WithTimeout(b.life, 5*time.Second)
	defer cancel()
	noted := store.Capping{State: string(c.State), Used: c.Used, Quota: c.Quota, Ends: c.Ends}
	if err := b.store.SetCapping(ctx, noted, time.Now()); err != nil {
		b.log.Warn("limit of new chats not noted", "error", err)
	}
	b.outgoing.ring()
	b.changed.ring()
}

// cappingProblem says what WhatsApp said last of the chats that we begin.
func cappingProblem(ctx context.Context, db *store.Store, c Condition, now time.Time) (Problem, bool, error) {
	word, err := db.Capping(ctx, now)
	if err != nil || c.unlinked() {
		return Problem{}, false, err
	}
	p := Problem{Kind: kindCapping, Since: word.Since, Severity: Warning}
	used := ""
	if word.Quota > 0 {
		used = fmt.Sprintf(" (%d su %d)", word.Used, word.Quota)
	}
	switch whatsapp.CappingState(word.State) {
	case whatsapp.CappingFirst:
		p.Severity = Notice
		p.Sentence = "WhatsApp avverte: il numero del Comune ha scritto a molte persone che non avevano scritto per prime" + used + "."
		p.Advice = "Non importare altre persone e non scrivere dal telefono a chi non ha scritto: invita a scrivere «Attiva Notizie»."
		return p, true, nil
	case whatsapp.CappingSecond, whatsapp.CappingFull:
		p.Sentence = "WhatsApp limita i messaggi a chi non ha scritto per primo" + used + ": gli avvisi aspettano per chi è stato importato e non ha mai scritto, tutti gli altri li ricevono."
		p.Advice = "Non fare nulla: gli invii a queste persone riprendono da soli, al più tardi il " + word.Ends.In(now.Location()).Format("02/01/2006") +
			", o appena scrivono al servizio. Intanto non importare altre persone."
		return p, true, nil
	}
	return Problem{}, false, nil
}
