package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/store"
)

const subscribersHelp = `Look at the list of subscribers, answer what citizens ask about their data, and
put people on the list or take them off it.

NUMBER is in international form, such as +393331234567. Of some people WhatsApp
tells only a pseudonym, the LID: they are named by --lid instead, or by the CODE of
six signs that everybody on the list has, and that "I miei dati" tells them. A command
line can be read by every user of the machine while the command runs, and stays in
the shell's history: with - in the place of NUMBER or CODE they are read from
standard input, one to a line. Every command
but count leaves a line in audit.log, in data_dir: when, who, what, and about how
many people, never about whom.`

// subscriber is one entry of `subscribers list --json`. Its names are an interface.
type subscriber struct {
	Number     string    `json:"number"`
	LID        string    `json:"lid"`
	GivenName  string    `json:"given_name"`
	FamilyName string    `json:"family_name"`
	Comune     string    `json:"comune"`
	Since      time.Time `json:"since"`
	Code       string    `json:"code"`
	mode
}

func asListed(s store.Subscriber, now time.Time) subscriber {
	return subscriber{
		Code: string(s.Code), mode: modeOf(s.NewsFrom, now, time.Time.UTC),
		Number: string(s.Number), LID: string(s.LID),
		GivenName: s.GivenName, FamilyName: s.FamilyName, Comune: s.Comune, Since: s.Since.UTC(),
	}
}

func (a *App) subscribers(load loader) *cobra.Command {
	c := &cobra.Command{
		Use:     "subscribers",
		Short:   "Look at the list; export, erase and import people",
		Long:    subscribersHelp,
		Example: "  banditore subscribers count\n  banditore subscribers show +393331234567", Annotations: about("subscribers"),
		Args: group,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var asJSON bool
	c.PersistentFlags().BoolVar(&asJSON, "json", false, "print JSON")
	c.AddCommand(&cobra.Command{
		Use:     "list",
		Short:   "Print everybody on the list, oldest first",
		Example: "  banditore subscribers list --json", Annotations: about("subscribers"),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.listSubscribers(cmd.Context(), load, asJSON)
		},
	}, &cobra.Command{
		Use:     "count",
		Short:   "Print how many people are on the list",
		Example: "  banditore subscribers count", Annotations: about("subscribers"),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.countSubscribers(cmd.Context(), load, asJSON)
		},
	}, a.showPerson(load, &asJSON), a.export(load, &asJSON), a.erase(load), a.importPeople(load), a.handover(load))
	return c
}

func (a *App) listSubscribers(ctx context.Context, load loader, asJSON bool) error {
	cfg, list, err := a.readSubscribers(ctx, load, "subscribers list")
	if err != nil {
		return err
	}
	now := time.Now()
	if !asJSON {
		return a.printSubscribers(list, func(s store.Subscriber) mode { return modeOf(s.NewsFrom, now, local(cfg)) })
	}
	people := []subscriber{}
	for _, s := range list {
		people = append(people, asListed(s, now))
	}
	return a.json(people)
}

func (a *App) countSubscribers(ctx context.Context, load loader, asJSON bool) error {
	n := 0
	err := withList(ctx, load, func(_ config.Config, db *store.Store) (err error) {
		n, err = db.Count(ctx)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNoDatabase) {
		return err
	}
	if asJSON {
		return a.json(map[string]int{"subscribers": n})
	}
	_, err = fmt.Fprintln(a.Stdout, n)
	return err
}

// readSubscribers reads the whole list for a command, and notes that it does.
// Without a database there is nobody to note.
func (a *App) readSubscribers(ctx context.Context, load loader, command string) (cfg config.Config, list []store.Subscriber, err error) {
	err = withList(ctx, load, func(c config.Config, db *store.Store) error {
		cfg = c
		for s, err := range db.Subscribers(ctx) {
			if err != nil {
				return err
			}
			list = append(list, s)
		}
		return a.audit(cfg, command, len(list))
	})
	if errors.Is(err, store.ErrNoDatabase) {
		return cfg, nil, nil
	}
	return cfg, list, err
}

// withList opens the database for reading around do. Without one the error is
// [store.ErrNoDatabase].
func withList(ctx context.Context, load loader, do func(config.Config, *store.Store) error) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(cfg, db)
}

func (a *App) printSubscribers(list []store.Subscriber, gets func(store.Subscriber) mode) error {
	t := newTable("NUMBER\tCODE\t*GIVEN NAME\t*FAMILY NAME\t*COMUNE\tSINCE\t*GETS")
	for _, s := range list {
		number := string(s.Number)
		if number == "" {
			number = "(hidden)" // WhatsApp has told us only a LID, which is no telephone number
		}
		t.row(number, s.Code, s.GivenName, s.FamilyName, s.Comune, s.Since.Format("2006-01-02 15:04"), gets(s))
	}
	return t.print(a.Stdout, a.window().columns)
}
