package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/bot/link"
	"banditore/store"
)

const handoverHelp = `Give the list to the number in service.number, after the Comune has changed its
number. Nobody has to register again.

To everybody on the list the new number is a stranger. WhatsApp may restrict first
messages from a number that few have saved or written to: begin with a short
announcement, slowly (sending.every, sending.daily_limit), and tell people of the new
number by other ways first. If the phone's number was changed inside WhatsApp
(Settings, Account, Change number), it stays the same account and this does not
apply.

The daemon must not run, and the link of the old number must have been ended with
"banditore unpair". Whoever rather begins anew sets another data_dir.`

func (a *App) handover(load loader) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:     "handover",
		Short:   "Give the list to another number of the Comune",
		Long:    handoverHelp,
		Example: "  banditore unpair\n  banditore subscribers handover\n  banditore pair", Annotations: about("moving"),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load()
			if err != nil {
				return err
			}
			return a.handOver(cmd.Context(), cfg, yes)
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

func (a *App) handOver(ctx context.Context, cfg config.Config, yes bool) (err error) {
	lock, err := store.Lock(cfg.DataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	db, err := openToChange(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	other, is := errors.AsType[*link.OtherNumberError](link.Numbers(ctx, cfg, db))
	switch {
	case !is:
		fmt.Fprintf(a.Stdout, "the list belongs to %s already\n", cfg.Service.Number)
		return nil
	case other.Linked != "" && other.Linked != cfg.Service.Number:
		return fmt.Errorf("the phone %s is still linked: end that link with `banditore unpair` first", other.Linked)
	}
	a.say("The list of %d people, which belongs to %s, is given to %s. To them that number is a stranger: WhatsApp may restrict the first messages.\n"+
		"`banditore subscribers handover --help` says how to begin.", other.People, other.List, cfg.Service.Number)
	if err := a.confirm(yes); err != nil {
		return err
	}
	if err := a.audit(cfg, "subscribers handover", other.People); err != nil {
		return err
	}
	if err := db.HandOver(ctx, cfg.Service.Number); err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "handed over: the list of %d people belongs to %s\n", other.People, cfg.Service.Number)
	return nil
}
