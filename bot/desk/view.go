package desk

import (
	"context"
	"time"

	"banditore/bot/page"
	"banditore/store"
)

const (
	// pageRows is how many announcements, and how many refused files, the status
	// page shows.
	pageRows = 30
	// pageYears is how far back the line of the subscribers goes.
	pageYears = 3
	// phoneSteps keeps the page from being written for each sign of life.
	phoneSteps = 15 * time.Minute
)

// view is what the page shows at now, which is in the Comune's time zone, of a
// service in this condition.
func (d *Desk) view(ctx context.Context, c Condition, now time.Time) (v page.View, err error) {
	v = page.View{Service: d.cfg.Service.Name, Comune: d.cfg.Service.Comune}
	if err := d.showProblems(ctx, c, now, &v); err != nil {
		return v, err
	}
	for _, fill := range []func(context.Context, time.Time, *page.View) error{d.showPhone, d.showList, d.showAnnouncements, d.showRefused} {
		if err := fill(ctx, now, &v); err != nil {
			return v, err
		}
	}
	return v, nil
}

// showProblems says on top how the service is: in one sentence the worst that is
// wrong, and below it the rest.
func (d *Desk) showProblems(ctx context.Context, c Condition, now time.Time, v *page.View) error {
	version := d.version()
	v.Version = VersionWords(version, now)
	list, err := Problems(ctx, d.cfg, d.store, c, version, now)
	if err != nil {
		return err
	}
	v.Level, v.Sentence, v.Advice = page.Good, c.Sentence, c.Advice
	if len(list) > 0 && (!c.Healthy || list[0].Severity != store.Notice) {
		v.Level = page.LevelOf(list[0].Severity)
		v.Sentence, v.Advice = list[0].Sentence, list[0].Advice
		list = list[1:]
	}
	if !c.Healthy {
		v.Level = min(v.Level, page.Warning)
	}
	v.Problems = list
	return nil
}

func (d *Desk) showPhone(ctx context.Context, now time.Time, v *page.View) error {
	seen, err := d.store.PhoneSeen(ctx)
	if err != nil || seen.IsZero() {
		return err
	}
	v.PhoneSeen = seen.In(now.Location()).Truncate(phoneSteps)
	return nil
}

// showList says how the list of subscribers grows.
func (d *Desk) showList(ctx context.Context, now time.Time, v *page.View) (err error) {
	if v.Modes, err = d.store.Modes(ctx, now); err != nil {
		return err
	}
	v.Subscribers = v.Modes.Total()
	if v.Waiting, err = d.store.Waiting(ctx); err != nil {
		return err
	}
	days, err := d.store.Days(ctx, now.AddDate(-pageYears, 0, 0).Format(time.DateOnly))
	if err != nil {
		return err
	}
	for _, day := range days {
		at, err := time.ParseInLocation(time.DateOnly, day.Day, now.Location())
		if err != nil {
			return err
		}
		v.Days = append(v.Days, page.Day{Day: day, At: at})
		if day.Day == now.Format(time.DateOnly) {
			v.Today = day
		}
	}
	return nil
}

func (d *Desk) showRefused(_ context.Context, _ time.Time, v *page.View) error {
	refused, err := d.spool.Refused(pageRows)
	for _, r := range refused {
		v.Refused = append(v.Refused, page.Refusal{Name: r.Name, Reason: r.Reason, Advice: r.Advice})
	}
	if err != nil { // somebody has closed scartati to us: no reason to show nothing at all
		d.log.Warn("refused files not shown", "error", err)
	}
	return nil
}
