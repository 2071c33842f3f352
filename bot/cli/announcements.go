package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/bot/settings"
	"banditore/store"
)

const announcementsHelp = `Look at announcements and take a hand in what is leaving.

NAME is the file's name, with or without its extension. Where several have it,
the newest is meant, and one that is still leaving before one that has ended.
A running daemon obeys before its next message.`

func (a *App) announcements(load loader) *cobra.Command {
	c := &cobra.Command{
		Use:         "announcements",
		Short:       "List, show, hold, release and cancel announcements",
		Long:        announcementsHelp,
		Example:     "  banditore announcements list\n  banditore announcements show festa\n  banditore announcements hold --all",
		Annotations: about("announcements"),
		Args:        group,
		RunE:        func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var asJSON bool
	c.PersistentFlags().BoolVar(&asJSON, "json", false, "print JSON")
	c.AddCommand(
		&cobra.Command{
			Use: "list", Short: "Print all announcements, newest first", Args: noArgs,
			Example: "  banditore announcements list --json", Annotations: about("announcements"),
			RunE: func(cmd *cobra.Command, _ []string) error {
				return a.reading(cmd.Context(), load, func(list []announcement, _ []store.Announcement) error {
					if asJSON {
						return a.json(list)
					}
					return a.printAnnouncements(list)
				})
			},
		},
		&cobra.Command{
			Use: "show NAME", Short: "Print one announcement, its figures and its forecast", Args: oneArg("NAME"),
			Example: "  banditore announcements show festa\n  banditore announcements show '05 ALLERTA METEO.txt' --json", Annotations: about("announcements"),
			RunE: func(cmd *cobra.Command, args []string) error {
				return a.reading(cmd.Context(), load, func(list []announcement, full []store.Announcement) error {
					i, err := named(full, args[0])
					if err != nil {
						return err
					}
					if asJSON {
						return a.json(list[i])
					}
					return a.printAnnouncement(list[i], full[i])
				})
			},
		},
	)
	c.AddCommand(a.hands(load)...)
	return c
}

// hands are the commands that change what is leaving.
func (a *App) hands(load loader) []*cobra.Command {
	return []*cobra.Command{
		a.changeAll(load, "hold", "Let nothing more of an announcement leave until it is released", change{
			done: "held",
			open: func(x store.Announcement) bool { return !x.Held },
			do: func(ctx context.Context, db *store.Store, _ config.Config, x store.Announcement) error {
				return db.Hold(ctx, x.ID)
			},
		}),
		a.changeAll(load, "release", "Let a held announcement go on, or an ordinary one leave during an election", change{
			done: "released",
			open: func(x store.Announcement) bool { return x.Held },
			do: func(ctx context.Context, db *store.Store, cfg config.Config, x store.Announcement) error {
				return db.Release(ctx, x.ID, settings.Election(cfg, time.Now()))
			},
		}),
		a.changeOne(load, "cancel", "Stop an announcement for good; who has it keeps it", change{
			done: "cancelled",
			do: func(ctx context.Context, db *store.Store, _ config.Config, x store.Announcement) error {
				_, err := db.Stop(ctx, x.ID)
				return err
			},
		}),
	}
}

// change is something that a person does to a running announcement.
type change struct {
	done string
	open func(store.Announcement) bool // whether --all means it
	do   func(context.Context, *store.Store, config.Config, store.Announcement) error
}

// changeOne makes a command that changes the announcement it names.
func (a *App) changeOne(load loader, verb, short string, ch change) *cobra.Command {
	return &cobra.Command{
		Use: verb + " NAME", Short: short, Args: oneArg("NAME"),
		Example: "  banditore announcements " + verb + " festa", Annotations: about("announcements"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.writing(cmd.Context(), load, func(ctx context.Context, db *store.Store, cfg config.Config, list []store.Announcement) error {
				x, err := running(list, args[0])
				if err != nil {
					return err
				}
				return a.carryOut(ctx, db, cfg, x, ch)
			})
		},
	}
}

// changeAll is changeOne that with --all changes every running one it applies
// to.
func (a *App) changeAll(load loader, verb, short string, ch change) *cobra.Command {
	one := a.changeOne(load, verb, short, ch)
	var all bool
	c := &cobra.Command{
		Use: verb + " NAME | --all", Short: short,
		Example: "  banditore announcements " + verb + " festa\n  banditore announcements " + verb + " --all", Annotations: about("announcements"),
		Args: func(cmd *cobra.Command, args []string) error {
			if all && len(args) > 0 {
				return errors.New("name one announcement or give --all, not both")
			} else if all {
				return nil
			}
			return one.Args(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if !all {
				one.SetContext(cmd.Context())
				return one.RunE(one, args)
			}
			return a.writing(cmd.Context(), load, func(ctx context.Context, db *store.Store, cfg config.Config, list []store.Announcement) error {
				cfg.Sending.Election = config.Days{} // that is decided one by one
				for _, x := range list {
					if x.State != store.Running || !ch.open(x) {
						continue
					}
					if err := a.carryOut(ctx, db, cfg, x, ch); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&all, "all", false, verb+" every announcement that is leaving")
	return c
}

func (a *App) carryOut(ctx context.Context, db *store.Store, cfg config.Config, x store.Announcement, ch change) error {
	if err := ch.do(ctx, db, cfg, x); err != nil {
		return err
	}
	a.tell(ch.done, x)
	return nil
}

func (a *App) tell(done string, x store.Announcement) {
	fmt.Fprintf(a.Stdout, "%s: %s (%d of %d sent)\n", done, printable(x.Name), x.Sent, x.Recipients)
}

// reading gives do all announcements, as they are printed and as they are
// stored, newest first.
func (a *App) reading(ctx context.Context, load loader, do func([]announcement, []store.Announcement) error) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if errors.Is(err, store.ErrNoDatabase) {
		return do([]announcement{}, nil)
	}
	if err != nil {
		return err
	}
	defer db.Close()
	list, full, err := readAnnouncements(ctx, cfg, db)
	if err != nil {
		return err
	}
	return do(list, full)
}

// writing opens the store to change something in it.
func (a *App) writing(ctx context.Context, load loader, do func(context.Context, *store.Store, config.Config, []store.Announcement) error) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	db, err := openToChange(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	list, err := db.Announcements(ctx, 0)
	if err != nil {
		return err
	}
	return do(ctx, db, cfg, list)
}

// openToChange is store.Open for a database that must be there already.
func openToChange(ctx context.Context, cfg config.Config) (*store.Store, error) {
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return store.Open(ctx, cfg.DataDir)
}

// named finds the announcement that is meant by name.
func named(list []store.Announcement, name string) (int, error) {
	found := -1
	for i, x := range list {
		if x.Name != name && strings.TrimSuffix(x.Name, filepath.Ext(x.Name)) != name {
			continue
		}
		if x.State == store.Running {
			return i, nil
		}
		if found < 0 {
			found = i
		}
	}
	if found < 0 {
		return 0, fmt.Errorf("no announcement is called %q; `banditore announcements list` names them", name)
	}
	return found, nil
}

// running is named for commands that change what is leaving.
func running(list []store.Announcement, name string) (store.Announcement, error) {
	i, err := named(list, name)
	if err != nil {
		return store.Announcement{}, err
	}
	if list[i].State != store.Running {
		return list[i], fmt.Errorf("%q has ended already; nothing of it is waiting", name)
	}
	return list[i], nil
}
