package cli

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"banditore/store"
)

// subscriber is one entry of `subscribers list --json`. Its names are an interface.
type subscriber struct {
	Number     string    `json:"number"`
	LID        string    `json:"lid"`
	GivenName  string    `json:"given_name"`
	FamilyName string    `json:"family_name"`
	Comune     string    `json:"comune"`
	Since      time.Time `json:"since"`
}

func (a *App) subscribers(load loader) *cobra.Command {
	c := &cobra.Command{
		Use:   "subscribers",
		Short: "Look at the list of subscribers",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var asJSON bool
	c.PersistentFlags().BoolVar(&asJSON, "json", false, "print JSON")
	c.AddCommand(&cobra.Command{
		Use:   "list",
		Short: "Print everybody on the list, oldest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := readSubscribers(cmd.Context(), load)
			if err != nil {
				return err
			}
			if asJSON {
				return a.json(list)
			}
			return a.printSubscribers(list)
		},
	}, &cobra.Command{
		Use:   "count",
		Short: "Print how many people are on the list",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := readSubscribers(cmd.Context(), load)
			if err != nil {
				return err
			}
			if asJSON {
				return a.json(map[string]int{"subscribers": len(list)})
			}
			_, err = fmt.Fprintln(a.Stdout, len(list))
			return err
		},
	})
	return c
}

func readSubscribers(ctx context.Context, load loader) ([]subscriber, error) {
	list := []subscriber{}
	cfg, err := load()
	if err != nil {
		return nil, err
	}
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if errors.Is(err, store.ErrNone) {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	defer db.Close()
	for s, err := range db.Subscribers(ctx) {
		if err != nil {
			return nil, err
		}
		list = append(list, subscriber{
			Number: string(s.Number), LID: string(s.LID),
			GivenName: s.GivenName, FamilyName: s.FamilyName, Comune: s.Comune, Since: s.Since.UTC(),
		})
	}
	return list, nil
}

func (a *App) printSubscribers(list []subscriber) error {
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NUMBER\tGIVEN NAME\tFAMILY NAME\tCOMUNE\tSINCE")
	for _, s := range list {
		number := s.Number
		if number == "" {
			number = "(hidden)" // WhatsApp has told us only a LID, which is no telephone number
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", number, printable(s.GivenName), printable(s.FamilyName),
			printable(s.Comune), s.Since.Format("2006-01-02 15:04"))
	}
	return w.Flush()
}
