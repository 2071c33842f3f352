package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot"
	"banditore/bot/config"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// status is what `banditore status --json` prints. Its names are an interface.
// State, since when, until when nothing is tried, WhatsApp's code, and what they
// mean in Italian are those of [bot.Condition].
type status struct {
	Paired        bool           `json:"paired"`
	Connected     bool           `json:"connected"`
	State         string         `json:"state"`
	Since         time.Time      `json:"since,omitzero"`
	Until         time.Time      `json:"until,omitzero"`
	Code          int            `json:"code,omitempty"`
	Sentence      string         `json:"sentence"`
	Advice        string         `json:"advice,omitempty"`
	Subscribers   int            `json:"subscribers"`
	Waiting       int            `json:"waiting"`
	Announcements []announcement `json:"announcements"`
}

func (a *App) status(load loader) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Say how the service is and what is leaving",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load()
			if err != nil {
				return err
			}
			s, err := readStatus(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			if asJSON {
				return a.json(s)
			}
			return a.printStatus(s)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func readStatus(ctx context.Context, cfg config.Config) (status, error) {
	s := status{Announcements: []announcement{}}
	s.is(bot.ConditionOf(store.Link{State: string(whatsapp.StateUnpaired)}, nil, cfg.Sending.Location), cfg)
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if errors.Is(err, store.ErrNone) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	defer db.Close()
	if err := s.readLink(ctx, cfg, db); err != nil {
		return s, err
	}
	if s.Subscribers, err = db.Count(ctx); err != nil {
		return s, err
	}
	if s.Waiting, err = db.Waiting(ctx); err != nil {
		return s, err
	}
	s.Announcements, _, err = readAnnouncements(ctx, cfg, db)
	return s, err
}

// readLink fills in what the daemon last said of its link, as far as it holds.
func (s *status) readLink(ctx context.Context, cfg config.Config, db *store.Store) (err error) {
	if _, s.Paired, err = whatsapp.PairedNumber(ctx, cfg.DataDir); err != nil {
		return err
	}
	_, running, err := store.Held(cfg.DataDir)
	if err != nil {
		return err
	}
	link, ok, err := db.Link(ctx)
	if err != nil {
		return err
	}
	lights, err := db.RedLights(ctx)
	if err != nil {
		return err
	}
	ended := !s.Paired && link.State == string(whatsapp.StateLoggedOut)
	switch {
	case running && store.Full(cfg.DataDir):
		s.Connected = link.Connected
		s.is(bot.DiskFull(), cfg)
	case running && ok, ended:
		s.Connected = running && link.Connected
		s.is(bot.ConditionOf(link, lights, cfg.Sending.Location), cfg)
	case s.Paired:
		s.is(bot.Stopped(), cfg)
	}
	return nil
}

func (s *status) is(c bot.Condition, cfg config.Config) {
	s.State, s.Code, s.Sentence, s.Advice = c.State, c.Code, c.Sentence, c.Advice
	s.Since, s.Until = c.Since.In(cfg.Sending.Location), c.Until.In(cfg.Sending.Location)
}

func (a *App) printStatus(s status) error {
	fmt.Fprintln(a.Stdout, s.Sentence)
	if s.Advice != "" {
		fmt.Fprintln(a.Stdout, s.Advice)
	}
	fmt.Fprintf(a.Stdout, "\nIscritti: %d\nMessaggi in attesa: %d\n", s.Subscribers, s.Waiting)
	if len(s.Announcements) == 0 {
		return nil
	}
	fmt.Fprintln(a.Stdout)
	return a.table(s.Announcements, "ANNUNCIO\tSTATO\tDESTINATARI\tINVIATI\tCONSEGNATI\tLETTI (ALMENO)\tFALLITI\tMANCANO\tPREVISTI", func(x announcement) string { return x.Word })
}

func (a *App) json(v any) error { return writeJSON(a.Stdout, v) }
