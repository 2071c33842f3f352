package bot

import (
	"context"
	"reflect"
	"time"

	"banditore/bot/config"
	"banditore/bot/pace"
	"banditore/bot/page"
	"banditore/store"
)

// pageRows is how many announcements, and how many refused files, the status
// page shows, and how far back reports follow the receipts.
const pageRows = 30

// page keeps stato.html and the reports true: they are written after a change,
// at most once a second, and never when nothing in them has changed.
func (b *Bot) page(ctx context.Context) {
	var shown page.View
	write := func(ctx context.Context, over bool) {
		var err error
		if shown, err = b.writePage(ctx, shown, over); err != nil && ctx.Err() == nil {
			b.log.Warn("status page not written", "error", err)
		}
	}
	for ctx.Err() == nil {
		write(ctx, false)
		b.sleep(ctx, nil, time.Now().Add(time.Second))
		b.sleep(ctx, b.changed, time.Time{})
	}
	write(context.WithoutCancel(ctx), true)
}

// writePage writes the page unless it would say what the one shown says, and
// returns the view that is shown now. The last page says that it is over.
func (b *Bot) writePage(ctx context.Context, shown page.View, over bool) (page.View, error) {
	list, err := b.store.Announcements(ctx, pageRows)
	if err != nil {
		return shown, err
	}
	v, err := b.view(ctx, list)
	if err != nil {
		return shown, err
	}
	if over {
		c := Stopped()
		v.Level, v.Sentence, v.Advice = level(c), c.Sentence, c.Advice
	}
	v.Updated = shown.Updated
	if !reflect.DeepEqual(v, shown) {
		v.Updated = time.Now().In(b.cfg.Sending.Location)
		html, err := page.Render(v)
		if err != nil {
			return shown, err
		}
		if err := b.spool.WriteStatus(html); err != nil {
			return shown, err
		}
	}
	// Also beside an unchanged page: intake may have filed a report since whose
	// numbers were read before the last receipt.
	return v, b.updateReports(list)
}

func (b *Bot) updateReports(list []store.Announcement) error {
	for _, a := range list {
		if err := b.spool.UpdateReport(a.File, report(a, b.cfg.Sending)); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bot) view(ctx context.Context, list []store.Announcement) (page.View, error) {
	state := b.line.State()
	c := ConditionOf(store.Link{State: string(state.State), Until: state.Until, Code: state.Code}, b.brake.red(), b.cfg.Sending.Location)
	if store.Full(b.cfg.DataDir) {
		c = DiskFull()
	}
	v := page.View{
		Service: b.cfg.Service.Name, Comune: b.cfg.Service.Comune,
		Level: level(c), Sentence: c.Sentence, Advice: c.Advice,
	}
	for _, a := range list {
		v.Recent = append(v.Recent, page.Row{
			Name: a.Name, Urgent: a.Urgent, State: StateWord(a, b.cfg, time.Now()),
			Accepted:   a.AcceptedAt.In(b.cfg.Sending.Location),
			Recipients: a.Recipients, Sent: a.Sent, Delivered: a.Delivered, Read: a.Read, Failed: a.Failed,
		})
	}
	refused, err := b.spool.Refused(pageRows)
	if err != nil {
		return v, err
	}
	for _, r := range refused {
		v.Refused = append(v.Refused, page.Refusal{Name: r.Name, Reason: r.Reason})
	}
	if v.Subscribers, err = b.store.Count(ctx); err != nil {
		return v, err
	}
	v.Waiting, err = b.store.Waiting(ctx)
	return v, err
}

func level(c Condition) page.Level {
	if c.Healthy {
		return page.Good
	}
	return page.Bad
}

// StateWord says in Italian how an announcement stands at now.
func StateWord(a store.Announcement, cfg config.Config, now time.Time) string {
	switch {
	case a.State == store.Stopped:
		return "fermato"
	case a.State == store.Finished && a.Expired > 0:
		return "scaduto"
	case a.State == store.Finished:
		return "inviato"
	case a.Held:
		return "sospeso"
	case Election(cfg, now) && kind(a) == pace.Ordinary:
		return "in attesa della fine del periodo elettorale"
	case a.Sent == 0:
		return "in attesa"
	default:
		return "in invio"
	}
}
