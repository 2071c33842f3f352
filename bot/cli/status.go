package cli

import (
	"context"
	"encoding/json"
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
type status struct {
	Paired        bool           `json:"paired"`
	Connected     bool           `json:"connected"`
	State         string         `json:"state"`
	Subscribers   int            `json:"subscribers"`
	Waiting       int            `json:"waiting"`
	Announcements []announcement `json:"announcements"`
}

// announcement is one line of the status; the counts are cumulative: sent
// includes delivered, delivered includes read. First and last are the forecast
// for what is left, missing when nothing is left or it is held.
type announcement struct {
	Name       string    `json:"name"`
	Urgent     bool      `json:"urgent"`
	State      string    `json:"state"`
	Held       bool      `json:"held"`
	Recipients int       `json:"recipients"`
	Sent       int       `json:"sent"`
	Delivered  int       `json:"delivered"`
	Read       int       `json:"read"`
	Failed     int       `json:"failed"`
	Left       int       `json:"left"`
	First      time.Time `json:"first,omitzero"`
	Last       time.Time `json:"last,omitzero"`
}

// stopped is the state of a service whose daemon does not run.
const stopped = "stopped"

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
	s := status{State: string(whatsapp.StateUnpaired), Announcements: []announcement{}}
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
	switch {
	case err != nil:
		return err
	case running && ok:
		s.State, s.Connected = link.State, link.Connected
	case s.Paired:
		s.State = stopped
	}
	return nil
}

func (a *App) printStatus(s status) error {
	sentence, advice := bot.StoppedSentence()
	if s.State != stopped {
		sentence, advice = bot.Sentence(whatsapp.State(s.State))
	}
	fmt.Fprintln(a.Stdout, sentence)
	if advice != "" {
		fmt.Fprintln(a.Stdout, advice)
	}
	fmt.Fprintf(a.Stdout, "\nIscritti: %d\nMessaggi in attesa: %d\n", s.Subscribers, s.Waiting)
	if len(s.Announcements) == 0 {
		return nil
	}
	fmt.Fprintln(a.Stdout)
	return a.table(s.Announcements, "ANNUNCIO\tSTATO\tDESTINATARI\tINVIATI\tCONSEGNATI\tLETTI (ALMENO)\tFALLITI\tMANCANO\tPREVISTI", announcement.italianState)
}

func (a *App) json(v any) error {
	e := json.NewEncoder(a.Stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
