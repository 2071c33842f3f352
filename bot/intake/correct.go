package intake

import (
	"context"
	"fmt"
	"slices"
	"time"

	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/spool"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// correct makes a an announcement that corrects another. It leaves at once: the
// wrong text is on the phones, and an edit is possible for minutes only. But what
// was not to leave yet leaves no sooner because it was corrected.
func (i *Intake) correct(ctx context.Context, a *store.NewAnnouncement, f spool.File, now time.Time) error {
	wrong, ok, err := i.store.FindCorrectable(ctx, f.CorrectsStem)
	if err != nil {
		return fmt.Errorf("look for what is to be corrected: %w", err)
	}
	if !ok {
		return &spool.Refusal{Name: f.File, Reason: fmt.Sprintf("non c'è un avviso inviato che si chiami «%s», da rettificare", f.CorrectsStem),
			Advice: "dai al file lo stesso nome dell'avviso sbagliato, seguito da RETTIFICA; se è un avviso nuovo, togli RETTIFICA dal nome."}
	}
	if err := i.uncorrectable(ctx, *a, wrong, now); err != nil {
		return err
	}
	a.Corrects, a.Comuni, a.Urgent = wrong.ID, wrong.Comuni, f.Urgent || wrong.Urgent
	a.NotBefore, a.EditWindow = loop.Latest(now, f.NotBefore), whatsapp.EditWindow
	if madeUrgent := f.Urgent && !wrong.Urgent; f.NotBefore.IsZero() && !madeUrgent {
		a.NotBefore = loop.Latest(now, wrong.NotBefore)
	}
	if a.Expires.IsZero() && wrong.Expires.After(now) {
		a.Expires = wrong.Expires
	}
	if len(a.Attachments) == 0 {
		a.Messages, a.Editable = message.Count(a.Text, wrong.Attachments), message.FitsCaption(a.Text)
		if wrong.Messages > wrong.Attachments { // its words are a message of their own
			a.Messages, a.Editable = wrong.Messages, true
		}
	}
	return nil
}

// uncorrectable is the [*spool.Refusal] of a correction a that cannot be one of
// wrong, if it cannot.
func (i *Intake) uncorrectable(ctx context.Context, a store.NewAnnouncement, wrong store.Announcement, now time.Time) error {
	refuse := func(reason, advice string) error { return &spool.Refusal{Name: a.File, Reason: reason, Advice: advice} }
	const fresh = "se serve un avviso nuovo, togli RETTIFICA dal nome e rimetti tutto in da_inviare."
	switch {
	case a.Text == "":
		return refuse("una rettifica ha bisogno di un testo", "scrivi il testo giusto in un file .txt con lo stesso nome e rimetti tutto in da_inviare.")
	case wrong.Withdrawal != nil:
		return refuse(fmt.Sprintf("l'avviso «%s» è stato ritirato: non c'è più niente da rettificare", wrong.Name), fresh)
	case wrong.State != store.Running && loop.Latest(wrong.AcceptedAt, wrong.LastSent).Before(now.AddDate(0, 0, -i.cfg.Forget.DeliveriesDays)):
		return refuse(fmt.Sprintf("l'avviso «%s» è di più di %d giorni fa: non si sa più chi l'ha ricevuto", wrong.Name, i.cfg.Forget.DeliveriesDays), fresh)
	case a.Comuni != nil && !sameTowns(a.Comuni, wrong.Comuni):
		return refuse("una rettifica va ai Comuni dell'avviso che corregge, e qui sono altri",
			"togli l'opzione comuni e rimetti tutto in da_inviare; per gli altri Comuni scrivi un avviso nuovo.")
	}
	same, err := i.same(ctx, a, wrong)
	if err == nil && same {
		err = refuse(fmt.Sprintf("la rettifica è uguale a «%s», così com'è adesso", wrong.Name), "scrivi il testo giusto e rimetti tutto in da_inviare.")
	}
	return err
}

// same tells whether a correction would change nothing.
func (i *Intake) same(ctx context.Context, a store.NewAnnouncement, wrong store.Announcement) (bool, error) {
	if a.Text != wrong.Text || len(a.Attachments) == 0 {
		return a.Text == wrong.Text, nil
	}
	list, err := i.store.Attachments(ctx, wrong.ID)
	if err != nil {
		return false, fmt.Errorf("look at what is to be corrected: %w", err)
	}
	var before [][32]byte
	for _, x := range list {
		before = append(before, x.DroppedHash)
	}
	return slices.Equal(before, dropped(a.Attachments)), nil
}

// sameTowns compares them in any order.
func sameTowns(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
