package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/bot/link"
	"banditore/bot/message"
	"banditore/bot/report"
	"banditore/bot/settings"
	"banditore/bot/whatsapp"
	"banditore/store"
	"banditore/store/datadir"
)

// status is what `banditore status --json` prints. Its names are an interface.
// State, since when, until when nothing is tried, WhatsApp's code, and what they
// mean in Italian are those of [desk.Condition].
type status struct {
	Paired        bool            `json:"paired"`
	Connected     bool            `json:"connected"`
	State         string          `json:"state"`
	Since         time.Time       `json:"since,omitzero"`
	Until         time.Time       `json:"until,omitzero"`
	Code          int             `json:"code,omitempty"`
	Cause         string          `json:"cause,omitempty"` // of no link, or no connection
	Sentence      string          `json:"sentence"`
	Advice        string          `json:"advice,omitempty"`
	Healthy       bool            `json:"healthy"` // nobody has to look after anything
	Problems      []store.Problem `json:"problems"`
	PhoneSeen     time.Time       `json:"phone_seen,omitzero"` // the Comune's own
	Version       versionJSON     `json:"version"`
	Subscribers   int             `json:"subscribers"`
	Modes         modesJSON       `json:"modes"` // of the subscribers
	Waiting       int             `json:"waiting"`
	Identities    identitiesJSON  `json:"identities"` // in session.db
	Announcements []announcement  `json:"announcements"`

	// Unknown counts by their type what WhatsApp has sent that this version does not know: a new one may be how the next
	// change of linking announces itself.
	Unknown map[string]int `json:"unknown_notifications,omitempty"`

	// Strays counts words about messages that had gone to somebody else, which were dropped: receipts, and wishes for a
	// repeat. Somebody has learnt IDs that are none of their business, or WhatsApp has changed.
	Strays map[store.StrayKind]int `json:"strays,omitempty"`
}

// modesJSON counts subscribers by what reaches them.
type modesJSON struct {
	All    int `json:"all"`
	Urgent int `json:"only_urgent"`
	Paused int `json:"paused"` // until a day that is still to come
}

// identitiesJSON counts the numbers and LIDs of other people that session.db holds.
type identitiesJSON struct {
	Held       int `json:"held"`
	Unreasoned int `json:"without_reason"` // they are swept out within minutes
}

// versionJSON is by which version of WhatsApp the service introduces itself.
type versionJSON struct {
	Number      string    `json:"number,omitempty"`
	Found       time.Time `json:"found,omitzero"` // when WhatsApp's page told it; missing: it is the library's own
	LibraryDate time.Time `json:"library_date,omitzero"`
	LibraryDays int       `json:"library_days,omitempty"`
	LookedUp    time.Time `json:"looked_up,omitzero"`
	Trouble     string    `json:"trouble,omitempty"` // of the last look-up
	words       string    // Italian
}

func asVersion(v whatsapp.Version, cfg config.Config, now time.Time) versionJSON {
	at := local(cfg)
	return versionJSON{
		Number: v.Number, Found: at(v.Found), LibraryDate: at(v.Library), LibraryDays: int(v.Age(now).Hours() / 24),
		LookedUp: at(v.LookedUp), Trouble: string(v.Trouble), words: desk.VersionWords(v, now.In(cfg.Sending.Location)),
	}
}

// errUnhealthy ends `status` when somebody has to look after the service.
var errUnhealthy = errors.New("the service is not healthy")

func (a *App) status(load loader) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Say how the service is and what is leaving",
		Long: `Say how the service is, what is wrong with it, and what is leaving. The exit code is
0 when nobody has to look after anything, else 6: also when the daemon does not run.`,
		Example: "  banditore status\n  banditore status --json | jq .problems", Annotations: about("status"),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load()
			if err != nil {
				return err
			}
			s, err := readStatus(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			print := a.printStatus
			if asJSON {
				print = func(s status) error { return a.json(s) }
			}
			if err := print(s); err != nil {
				return err
			}
			if !s.Healthy {
				return errUnhealthy
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func readStatus(ctx context.Context, cfg config.Config) (status, error) {
	s, now := status{Announcements: []announcement{}, Problems: []store.Problem{}}, time.Now()
	v, err := whatsapp.VersionOf(ctx, cfg.DataDir)
	if err != nil {
		return s, err
	}
	s.Version = asVersion(v, cfg, now)
	if s.Unknown, err = whatsapp.Unknown(ctx, cfg.DataDir); err != nil {
		return s, err
	}
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if errors.Is(err, store.ErrNoDatabase) {
		c := desk.ConditionOf(store.Link{State: string(whatsapp.StateUnpaired)}, nil, cfg.Sending.Location)
		s.is(c, cfg)
		s.Problems = append(s.Problems, store.Problem{Kind: "link", Severity: store.Alarm, Sentence: c.Sentence, Advice: c.Advice})
		return s, nil
	}
	if err != nil {
		return s, err
	}
	defer db.Close()
	c, err := s.readLink(ctx, cfg, db)
	if err != nil {
		return s, err
	}
	s.is(c, cfg)
	if err := s.readProblems(ctx, cfg, db, c, v, now); err != nil {
		return s, err
	}
	seen, err := db.PhoneSeen(ctx)
	if err != nil {
		return s, err
	}
	s.PhoneSeen = local(cfg)(seen)
	modes, err := db.Modes(ctx, now)
	if err != nil {
		return s, err
	}
	if s.Strays, err = db.Strays(ctx); err != nil {
		return s, err
	}
	s.Subscribers, s.Modes = modes.Total(), modesJSON(modes)
	if s.Waiting, err = db.Waiting(ctx); err != nil {
		return s, err
	}
	if err := s.readIdentities(ctx, cfg, db); err != nil {
		return s, err
	}
	s.Announcements, _, err = readAnnouncements(ctx, cfg, db)
	return s, err
}

// readIdentities counts who is held in session.db.
func (s *status) readIdentities(ctx context.Context, cfg config.Config, db *store.Store) error {
	held, err := whatsapp.HeldIn(ctx, cfg.DataDir, cfg.Service.Number, message.Reasons(db, settings.Previews(cfg)))
	s.Identities = identitiesJSON{held.Identities, held.Unreasoned}
	return err
}

// readLink fills in what the daemon last said of its link, as far as it holds, and
// says how the service is.
func (s *status) readLink(ctx context.Context, cfg config.Config, db *store.Store) (c desk.Condition, err error) {
	if _, s.Paired, err = whatsapp.PairedNumber(ctx, cfg.DataDir); err != nil {
		return c, err
	}
	_, running, err := store.LockedBy(cfg.DataDir)
	if err != nil {
		return c, err
	}
	link, ok, err := db.Link(ctx)
	if err != nil {
		return c, err
	}
	lights, err := db.RedLights(ctx)
	if err != nil {
		return c, err
	}
	ended := !s.Paired && (link.State == string(whatsapp.StateLoggedOut) || link.Cause != "")
	switch {
	case running && datadir.DiskFull(cfg.DataDir):
		s.Connected = link.Connected
		return desk.DiskFull(), nil
	case running && ok, ended:
		s.Connected = running && link.Connected
		return desk.ConditionOf(link, lights, cfg.Sending.Location), nil
	case s.Paired:
		return desk.Stopped(), nil
	}
	return desk.ConditionOf(store.Link{State: string(whatsapp.StateUnpaired)}, nil, cfg.Sending.Location), nil
}

// readProblems lists what is wrong: with a service that does not run that, too.
func (s *status) readProblems(ctx context.Context, cfg config.Config, db *store.Store, c desk.Condition, v whatsapp.Version, now time.Time) error {
	list, err := desk.Problems(ctx, cfg, db, c, v, now)
	if err != nil {
		return err
	}
	if other, ok := errors.AsType[*link.OtherNumberError](link.Numbers(ctx, cfg, db)); ok {
		sentence, advice := other.Words()
		list = slices.Insert(list, 0, store.Problem{Kind: "number", Severity: store.Alarm, Sentence: sentence, Advice: advice})
	}
	stopped := desk.Stopped()
	if _, running, err := store.LockedBy(cfg.DataDir); err != nil {
		return err
	} else if before, err := db.ListNumber(ctx); err != nil {
		return err
	} else if !running && before != "" && c.State != stopped.State {
		list = append(list, store.Problem{Kind: "daemon", Severity: store.Alarm, Sentence: stopped.Sentence, Advice: stopped.Advice})
	}
	s.Problems = append(s.Problems, list...)
	s.Healthy = desk.Healthy(list)
	return nil
}

func (s *status) is(c desk.Condition, cfg config.Config) {
	s.State, s.Code, s.Cause, s.Sentence, s.Advice = c.State, c.Code, c.Cause, c.Sentence, c.Advice
	s.Since, s.Until = c.Since.In(cfg.Sending.Location), c.Until.In(cfg.Sending.Location)
}

func (a *App) printStatus(s status) error {
	fmt.Fprintln(a.Stdout, shown(s.Sentence))
	if s.Advice != "" {
		fmt.Fprintln(a.Stdout, shown(s.Advice))
	}
	for _, p := range s.Problems {
		if p.Sentence != s.Sentence {
			fmt.Fprintf(a.Stdout, "\n%s\n%s\n", shown(p.Sentence), shown(p.Advice))
		}
	}
	modes := report.ModeWords(store.Modes(s.Modes))
	if modes != "" {
		modes = ", di cui " + modes
	}
	fmt.Fprintf(a.Stdout, "\nIscritti: %d%s\nMessaggi in attesa: %d\n", s.Subscribers, modes, s.Waiting)
	fmt.Fprintf(a.Stdout, "Identità (numeri e pseudonimi) tenute per il collegamento: %d, di cui senza un motivo: %d\n", s.Identities.Held, s.Identities.Unreasoned)
	if !s.PhoneSeen.IsZero() {
		fmt.Fprintf(a.Stdout, "Il telefono del Comune si è visto l'ultima volta il %s.\n", s.PhoneSeen.Format(italianTime))
	}
	if s.Version.words != "" {
		fmt.Fprintf(a.Stdout, "Versione di WhatsApp: %s.\n", s.Version.words)
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Unknown)) {
		fmt.Fprintf(a.Stdout, "Notifiche che il programma non conosce: %s, %d\n", printable(kind), s.Unknown[kind])
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Strays)) {
		fmt.Fprintf(a.Stdout, "Conferme e richieste di chi non era il destinatario, scartate: %s, %d\n", kind, s.Strays[kind])
	}
	if len(s.Announcements) == 0 {
		return nil
	}
	for _, x := range s.Announcements {
		if x.ends != "" && s.Connected {
			fmt.Fprintf(a.Stdout, "«%s» %s.\n", printable(x.Name), x.ends)
		}
	}
	fmt.Fprintln(a.Stdout)
	return a.table(s.Announcements, "*ANNUNCIO\t*STATO\tDESTINATARI\tINVIATI\tCONSEGNATI\tLETTI (ALMENO)\tFALLITI\tMANCANO\t*PREVISTI", "in attesa del collegamento", "in pausa", func(x announcement) string { return x.Word })
}

const italianTime = "02/01/2006 15:04"

func (a *App) json(v any) error { return writeJSON(a.Stdout, v) }
