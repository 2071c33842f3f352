package desk

import (
	"context"
	"log/slog"
	"reflect"
	"time"

	"banditore/bot/config"
	"banditore/bot/loop"
	"banditore/bot/pace"
	"banditore/bot/page"
	"banditore/bot/report"
	"banditore/bot/spool"
	"banditore/bot/whatsapp"
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

// Desk keeps stato.html and the reports true, and notes the problems that only the
// daemon can see. It writes nothing else in the store.
type Desk struct {
	cfg     config.Config
	store   *store.Store
	pace    pace.Policy
	log     *slog.Logger
	changed loop.Bell

	link    func() store.Link
	version func() whatsapp.Version
	lights  func() []store.RedLight

	spool    *spool.Spool // once Run has it
	problems notebook     // what is noted of what is wrong
}

// Options are what a desk needs.
type Options struct {
	Config  config.Config
	Store   *store.Store
	Pace    pace.Policy
	Log     *slog.Logger
	Changed loop.Bell // rung where something that is shown may have changed

	Link    func() store.Link       // how it is: what was noted last, or what the line says
	Version func() whatsapp.Version // of WhatsApp, as the service introduces itself
	Lights  func() []store.RedLight // what WhatsApp lets wait, the worst first
}

// New returns a desk that notes problems at once and shows nothing before [Desk.Run].
func New(o Options) *Desk {
	return &Desk{cfg: o.Config, store: o.Store, pace: o.Pace, log: o.Log, changed: o.Changed, link: o.Link, version: o.Version, lights: o.Lights}
}

// Run keeps stato.html and the reports true: they are written after a change,
// at most once a second, and never when nothing in them has changed.
func (d *Desk) Run(ctx context.Context, s *spool.Spool) {
	d.spool = s
	var shown page.View
	write := func(ctx context.Context, over bool) {
		var err error
		if shown, err = d.writePage(ctx, shown, over); err != nil && ctx.Err() == nil {
			d.log.Warn("status page not written", "error", err)
		}
	}
	for ctx.Err() == nil {
		write(ctx, false)
		loop.Sleep(ctx, nil, time.Now().Add(time.Second))
		loop.Sleep(ctx, d.changed, time.Time{})
	}
	write(context.WithoutCancel(ctx), true)
}

// writePage writes the page unless it would say what the one shown says, and
// returns the view that is shown now. The last page says that it is over.
func (d *Desk) writePage(ctx context.Context, shown page.View, over bool) (page.View, error) {
	c := d.condition()
	if over {
		c = Stopped()
	}
	v, err := d.view(ctx, c, time.Now().In(d.cfg.Sending.Location))
	if err != nil {
		return shown, err
	}
	v.Updated = shown.Updated
	if !reflect.DeepEqual(v, shown) || !d.spool.HasStatus() {
		v.Updated = time.Now().In(d.cfg.Sending.Location)
		html, err := page.Render(v)
		if err != nil {
			return shown, err
		}
		if err := d.spool.WriteStatus(html); err != nil {
			return shown, err
		}
	}
	// Also beside an unchanged page: intake may have filed a report since whose
	// numbers were read before the last receipt.
	return v, d.reports(ctx)
}

// reports brings the reports up to date that may still change.
func (d *Desk) reports(ctx context.Context) error {
	list, err := d.store.Reporting(ctx)
	if err != nil {
		return err
	}
	for _, a := range list {
		r, err := report.Of(ctx, d.store, d.cfg.Sending, a, time.Now())
		if err != nil {
			return err
		}
		if err := d.spool.UpdateReport(a.File, r); err != nil {
			return err
		}
	}
	return nil
}

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

func (d *Desk) condition() Condition {
	if store.DiskFull(d.cfg.DataDir) {
		return DiskFull()
	}
	return ConditionOf(d.link(), d.lights(), d.cfg.Sending.Location)
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
	if v.Subscribers, err = d.store.Count(ctx); err != nil {
		return err
	}
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
		v.Days = append(v.Days, page.Day{Day: at, Subscribers: day.Subscribers, Joined: day.Joined, Left: day.Unsubscribed})
		if day.Day == now.Format(time.DateOnly) {
			v.JoinedToday, v.LeftToday = day.Joined, day.Unsubscribed
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
