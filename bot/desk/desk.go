// Package desk is what people are shown: the status page, the reports beside the
// files, and what is wrong with the service, in Italian sentences with one thing to do.
//
// The promise: whatever keeps a message from leaving is on the page within a minute
// (G11), nothing on it is about a citizen (G4), and the last page of a daemon that
// stops says that it has stopped.
//
// What is asked here ([ConditionOf], [Problems], [Forecast]) reads the store only, so
// that `banditore status` gives the same answers while no daemon runs. [Desk] is the
// page's loop. It owns stato.html and the notebook of what is wrong; of the reports it
// writes those that exist already. The same page or report may be written twice: that
// changes nothing.
package desk

import (
	"bytes"
	"context"
	"log/slog"
	"time"

	"banditore/bot/config"
	"banditore/bot/loop"
	"banditore/bot/pace"
	"banditore/bot/page"
	"banditore/bot/report"
	"banditore/bot/spool"
	"banditore/bot/whatsapp"
	"banditore/store"
	"banditore/store/datadir"
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

	problems notebook // what is noted of what is wrong

	spool   *spool.Spool  // Run's own, like the rest
	printer *page.Printer // nil before the first page
	page    []byte        // what stato.html says
	updated time.Time     // and since when
	until   time.Time     // when the first of its forecasts is past; zero: it has none
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
// or when the page would promise what is past, at most once a second, and never when
// nothing in them has changed. The last page says that it is over.
func (d *Desk) Run(ctx context.Context, s *spool.Spool) {
	d.spool = s
	for ctx.Err() == nil {
		d.write(ctx, d.condition())
		loop.Sleep(ctx, nil, time.Now().Add(time.Second))
		loop.Sleep(ctx, d.changed, d.until)
	}
	d.write(context.WithoutCancel(ctx), Stopped())
}

// condition is how the service is now.
func (d *Desk) condition() Condition {
	if datadir.DiskFull(d.cfg.DataDir) {
		return DiskFull()
	}
	return ConditionOf(d.link(), d.lights(), d.cfg.Sending.Location)
}

// write brings the page of a service in condition c, and the reports, up to date.
func (d *Desk) write(ctx context.Context, c Condition) {
	err := d.writePage(ctx, c)
	if err == nil {
		// Also beside an unchanged page: intake may have filed a report since whose
		// numbers were read before the last receipt.
		err = d.reports(ctx)
	}
	if err != nil && ctx.Err() == nil {
		d.log.Warn("status page not written", "error", err)
	}
}

// writePage writes the page unless it would say what it says already.
func (d *Desk) writePage(ctx context.Context, c Condition) error {
	now := time.Now().In(d.cfg.Sending.Location)
	v, err := d.view(ctx, c, now)
	if err != nil {
		return err
	}
	if d.printer == nil {
		if d.printer, err = page.NewPrinter(now.Location()); err != nil {
			return err
		}
	}
	v.Updated = d.updated
	html, err := d.printer.Render(v)
	if err != nil || bytes.Equal(html, d.page) && d.spool.HasStatus() {
		return err
	}
	v.Updated = now
	if html, err = d.printer.Render(v); err != nil {
		return err
	}
	if err = d.spool.WriteStatus(html); err == nil {
		d.page, d.updated = html, now
	}
	return err
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
