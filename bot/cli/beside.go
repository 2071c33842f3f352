package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/bot/link"
	"banditore/store"
)

// takeOverPatience is how long `pair` waits to see that a running daemon uses the
// new link.
const takeOverPatience = 30 * time.Second

// errUnproven ends a command that cannot tell whether the link is good.
var errUnproven = errors.New("a phone is linked, but that cannot be proven now")

// pairBeside links a phone, also while the daemon runs and has lost its link.
func (a *App) pairBeside(ctx context.Context, load loader, o pairOptions) (err error) {
	cfg, err := load()
	if err != nil {
		return err
	}
	p, err := link.OpenPairing(ctx, cfg, a.logger(cfg), a.HTTPClient)
	if held, ok := errors.AsType[*store.LockedError](err); ok && held.Session {
		return a.linkHeld(ctx, cfg, held)
	}
	if other, ok := errors.AsType[*link.OtherNumberError](err); ok {
		sentence, advice := other.Words()
		return &spokenError{sentence + "\n" + advice, err}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	_, running, err := store.LockedBy(cfg.DataDir)
	if err != nil {
		return err
	}
	o.goesOn = running
	was := p.Paired()
	if l, lost := p.Lost(); lost {
		a.say("%s", desk.ConditionOf(l, nil, cfg.Sending.Location).Sentence)
	}
	if err := a.link(ctx, p, cfg, o); err != nil || !running {
		return err
	}
	if err := p.Close(); err != nil {
		return err
	}
	if was {
		return nil
	}
	return a.awaitTakeOver(ctx, cfg)
}

// linkHeld says how things stand while another process is the linked device, or
// is about to be.
func (a *App) linkHeld(ctx context.Context, cfg config.Config, held *store.LockedError) error {
	daemon, running, err := store.LockedBy(cfg.DataDir)
	if err != nil {
		return err
	}
	if !running || daemon != held.PID {
		return &spokenError{fmt.Sprintf("Un altro comando sta già usando il collegamento (processo %d): aspetta che finisca, o chiudilo.", held.PID), held}
	}
	l, err := readLinkState(ctx, cfg)
	if err != nil {
		return err
	}
	if l.Connected {
		a.say("Il telefono del Comune (%s) è già collegato, e il servizio in esecuzione è connesso a WhatsApp: non c'è nulla da fare.", cfg.Service.Number)
		return nil
	}
	c := desk.ConditionOf(l, nil, cfg.Sending.Location)
	return &spokenError{"Un telefono risulta collegato e il servizio è in esecuzione, ma ora il collegamento non si può provare.\n" + c.Sentence + "\n" + c.Advice, errUnproven}
}

// awaitTakeOver says that the running daemon goes on with the new link.
func (a *App) awaitTakeOver(ctx context.Context, cfg config.Config) error {
	done, err := a.awaitLink(ctx, cfg, takeOverPatience, func(l store.Link) bool { return l.Connected })
	if err != nil || done {
		if done {
			a.say("Il servizio in esecuzione usa già il nuovo collegamento e riprende da dove era.")
		}
		return err
	}
	a.say("Il servizio in esecuzione non usa ancora il nuovo collegamento: guarda «banditore status».")
	return nil
}

// awaitLink waits until the daemon has noted a state of the link, or for as long as
// patience lasts.
func (a *App) awaitLink(ctx context.Context, cfg config.Config, patience time.Duration, is func(store.Link) bool) (bool, error) {
	over := time.NewTimer(patience)
	defer over.Stop()
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		l, err := readLinkState(ctx, cfg)
		if err != nil || is(l) {
			return err == nil, err
		}
		select {
		case <-tick.C:
		case <-over.C:
			return false, nil
		case <-ctx.Done():
			return false, nil
		}
	}
}

// readLinkState is what was noted last of the link.
func readLinkState(ctx context.Context, cfg config.Config) (store.Link, error) {
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if err != nil {
		return store.Link{}, err
	}
	defer db.Close()
	l, _, err := db.Link(ctx)
	return l, err
}
