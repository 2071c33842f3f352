package bot

import (
	"context"
	"reflect"
	"time"

	"banditore/bot/loop"
	"banditore/bot/page"
	"banditore/bot/report"
	"banditore/store"
)

const (
	// pageRows is how many announcements, and how many refused files, the status
	// page shows.
	pageRows = 30
	// pageDrafts is how many announcements it shows as a phone will, thinkAhead how
	// long before they leave.
	pageDrafts = 2
	thinkAhead = 24 * time.Hour
	// foreseen is of how many messages, about, it says when they leave: what leaves in
	// a week, at one in six seconds.
	foreseen = 100_000
	// pageYears is how far back the line of the subscribers goes.
	pageYears = 3
	// phoneSteps keeps the page from being written for each sign of life.
	phoneSteps = 15 * time.Minute
)

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
		loop.Sleep(ctx, nil, time.Now().Add(time.Second))
		loop.Sleep(ctx, b.changed, time.Time{})
	}
	write(context.WithoutCancel(ctx), true)
}

// writePage writes the page unless it would say what the one shown says, and
// returns the view that is shown now. The last page says that it is over.
func (b *Bot) writePage(ctx context.Context, shown page.View, over bool) (page.View, error) {
	c := b.condition()
	if over {
		c = Stopped()
	}
	v, err := b.view(ctx, c, time.Now().In(b.cfg.Sending.Location))
	if err != nil {
		return shown, err
	}
	v.Updated = shown.Updated
	if !reflect.DeepEqual(v, shown) || !b.spool.HasStatus() {
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
	return v, b.reports(ctx)
}

// reports brings the reports up to date that may still change.
func (b *Bot) reports(ctx context.Context) error {
	list, err := b.store.Reporting(ctx)
	if err != nil {
		return err
	}
	for _, a := range list {
		r, err := report.Of(ctx, b.store, b.cfg.Sending, a, time.Now())
		if err != nil {
			return err
		}
		if err := b.spool.UpdateReport(a.File, r); err != nil {
			return err
		}
	}
	return nil
}

// view is what the page shows at now, which is in the Comune's time zone, of a
// service in this condition.
func (b *Bot) view(ctx context.Context, c Condition, now time.Time) (v page.View, err error) {
	v = page.View{Service: b.cfg.Service.Name, Comune: b.cfg.Service.Comune}
	if err := b.showProblems(ctx, c, now, &v); err != nil {
		return v, err
	}
	for _, fill := range []func(context.Context, time.Time, *page.View) error{b.showPhone, b.showList, b.showAnnouncements, b.showRefused} {
		if err := fill(ctx, now, &v); err != nil {
			return v, err
		}
	}
	return v, nil
}

func (b *Bot) condition() Condition {
	if store.Full(b.cfg.DataDir) {
		return DiskFull()
	}
	said := b.said.Load()
	if said == nil {
		now := linkOf(b.line().State(), time.Time{})
		said = &now
	}
	return ConditionOf(*said, b.brake.red(), b.cfg.Sending.Location)
}

// showProblems says on top how the service is: in one sentence the worst that is
// wrong, and below it the rest.
func (b *Bot) showProblems(ctx context.Context, c Condition, now time.Time, v *page.View) error {
	version := b.line().Version()
	v.Version = VersionWords(version, now)
	list, err := Problems(ctx, b.cfg, b.store, c, version, now)
	if err != nil {
		return err
	}
	v.Level, v.Sentence, v.Advice = page.Good, c.Sentence, c.Advice
	if len(list) > 0 && (!c.Healthy || list[0].Severity != store.Notice) {
		v.Level = levelOf(list[0].Severity)
		v.Sentence, v.Advice = list[0].Sentence, list[0].Advice
		list = list[1:]
	}
	if !c.Healthy {
		v.Level = min(v.Level, page.Warning)
	}
	for _, p := range list {
		v.Problems = append(v.Problems, page.Problem{Level: levelOf(p.Severity), Sentence: p.Sentence, Advice: p.Advice})
	}
	return nil
}

func levelOf(s store.Severity) page.Level {
	switch s {
	case store.Alarm:
		return page.Bad
	case store.Warning:
		return page.Warning
	}
	return page.Good
}

func (b *Bot) showPhone(ctx context.Context, now time.Time, v *page.View) error {
	seen, err := b.store.PhoneSeen(ctx)
	if err != nil || seen.IsZero() {
		return err
	}
	v.PhoneSeen = seen.In(now.Location()).Truncate(phoneSteps)
	return nil
}

// showList says how the list of subscribers grows.
func (b *Bot) showList(ctx context.Context, now time.Time, v *page.View) (err error) {
	if v.Subscribers, err = b.store.Count(ctx); err != nil {
		return err
	}
	if v.Waiting, err = b.store.Waiting(ctx); err != nil {
		return err
	}
	days, err := b.store.Days(ctx, now.AddDate(-pageYears, 0, 0).Format(time.DateOnly))
	if err != nil {
		return err
	}
	for _, d := range days {
		at, err := time.ParseInLocation(time.DateOnly, d.Day, now.Location())
		if err != nil {
			return err
		}
		v.Days = append(v.Days, page.Day{Day: at, Subscribers: d.Subscribers, Joined: d.Joined, Left: d.Left})
		if d.Day == now.Format(time.DateOnly) {
			v.JoinedToday, v.LeftToday = d.Joined, d.Left
		}
	}
	return nil
}

func (b *Bot) showRefused(_ context.Context, _ time.Time, v *page.View) error {
	refused, err := b.spool.Refused(pageRows)
	for _, r := range refused {
		v.Refused = append(v.Refused, page.Refusal{Name: r.Name, Reason: r.Reason, Advice: r.Advice})
	}
	if err != nil { // somebody has closed scartati to us: no reason to show nothing at all
		b.log.Warn("refused files not shown", "error", err)
	}
	return nil
}
