package bot

import (
	"context"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/desk"
	"banditore/bot/inbox"
	"banditore/bot/intake"
	"banditore/bot/link"
	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/outbox"
	"banditore/bot/pace"
	"banditore/bot/settings"
	"banditore/bot/upkeep"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// phone opens session.db.
type phone func(context.Context, whatsapp.Options) (link.Line, error)

// bells wake the loops. What one room must tell another is a bell, or a function
// that it is given here.
type bells struct {
	outgoing loop.Bell // something may be due to leave
	uploads  loop.Bell // an attachment may be due to be uploaded
	folder   loop.Bell // the spool should be looked at
	changed  loop.Bell // the status page is out of date
}

// furnish makes the rooms, each with what it needs and nothing else.
func (b *Bot) furnish(ctx context.Context, o Options, phone phone) error {
	texts, err := settings.Texts(b.cfg)
	if err != nil {
		return err
	}
	policy, err := settings.Policy(b.cfg)
	if err != nil {
		return err
	}
	reader := citizen.NewReader(b.cfg.Service.Comune)
	b.ring = bells{loop.NewBell(), loop.NewBell(), loop.NewBell(), loop.NewBell()}

	b.keeper = link.New(ctx, link.Options{
		Dir: b.cfg.DataDir, Number: b.cfg.Service.Number, Device: b.cfg.Service.Name,
		Store: b.store, Log: b.log, HTTPClient: o.HTTPClient, Open: phone,
		Bells: []loop.Bell{b.ring.outgoing, b.ring.uploads, b.ring.changed},
	})
	b.desk = desk.New(desk.Options{
		Config: b.cfg, Store: b.store, Pace: policy, Log: b.log, Changed: b.ring.changed,
		Link: b.keeper.Noted, Version: func() whatsapp.Version { return b.keeper.Line().Version() },
		Lights: func() []store.RedLight { return b.outbox.Lights() },
	})
	b.inbox = b.newInbox(texts, reader)
	if b.outbox, err = b.newOutbox(ctx, policy); err != nil {
		return err
	}
	b.intake = intake.New(intake.Options{
		Config: b.cfg, ScanOnly: o.ScanOnly, Store: b.store, Comune: reader.Comune, Log: b.log,
		Note: b.desk.Note, Hasten: b.outbox.Uploader.Hasten,
		Folder: b.ring.folder, Outgoing: b.ring.outgoing, Uploads: b.ring.uploads, Changed: b.ring.changed,
	})
	return nil
}

func (b *Bot) newInbox(texts *citizen.Texts, reader *citizen.Reader) *inbox.Inbox {
	return inbox.New(inbox.Options{
		Store: b.store, Forgotten: b.forgotten, Log: b.log, Texts: texts, Reader: reader,
		Line:          func() inbox.Line { return b.keeper.Line() },
		PerPersonHour: b.cfg.Answers.PerPersonHour, DoubleOptIn: b.cfg.Service.DoubleOptIn,
		KeepQuestions: time.Duration(b.cfg.Forget.IncompleteHours) * time.Hour,
		Location:      b.cfg.Sending.Location,
		Outgoing:      b.ring.outgoing, Changed: b.ring.changed,
	})
}

// newOutbox makes the outbox, and the upkeep that it calls between two messages.
func (b *Bot) newOutbox(ctx context.Context, policy pace.Policy) (*outbox.Outbox, error) {
	b.upkeep = upkeep.New(upkeep.Options{
		Store: b.store, Forgotten: b.forgotten, Log: b.log, DataDir: b.cfg.DataDir, Forget: b.cfg.Forget, Holdback: b.cfg.Sending.Holdback,
		ForgetSession:  func(ctx context.Context, people []whatsapp.Address) error { return b.keeper.Line().Forget(ctx, people) },
		CompactSession: func(ctx context.Context) error { return b.keeper.Line().Compact(ctx) },
		ClearMemory:    b.clearMemory,
		SweepSession: func(ctx context.Context, reasons whatsapp.Reasons) (int, error) {
			return b.keeper.Line().Sweep(ctx, reasons)
		},
		Previews: settings.Previews(b.cfg),
		Note:     b.desk.Note, Outgoing: b.ring.outgoing, Changed: b.ring.changed, Folder: b.ring.folder,
	})
	return outbox.New(ctx, outbox.Options{
		Store: b.store, Log: b.log, Upkeep: b.upkeep, Pace: policy, AnswersPerMinute: b.cfg.Answers.PerMinute, Window: b.cfg.Sending.Window,
		Line:     func() outbox.Line { return b.keeper.Line() },
		Composer: message.Composer{Store: b.store, Name: b.cfg.Service.Name, Number: b.cfg.Service.Number},
		History:  b.inbox.WatchHistory, HistoryUntil: b.inbox.Until, Identified: b.inbox.Identified, MyData: b.inbox.MyData,
		Note: b.desk.Note, Life: b.life,
		Outgoing: b.ring.outgoing, Uploads: b.ring.uploads, Changed: b.ring.changed, Folder: b.ring.folder,
	})
}

// hears is who hears what of WhatsApp.
func (b *Bot) hears() whatsapp.Options {
	return whatsapp.Options{
		OnText:     b.inbox.Receive,
		OnHistory:  b.inbox.HistoryRead,
		OnIdentity: b.inbox.Identified,
		OnKept:     func() { b.upkeep.Kept() },

		OnReceipts:     b.outbox.Receipts,
		Resend:         b.outbox.Resend,
		OnRepeat:       b.outbox.AskedAgain,
		Wanted:         b.outbox.Wanted,
		OnCapping:      b.outbox.Capping,
		OnReachoutLock: b.outbox.ReachoutLock,
		OnLine:         b.desk.LineBreaks,

		OnPhoneSeen: b.intake.PhoneSeen,
	}
}
