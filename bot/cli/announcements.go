package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot"
	"banditore/bot/config"
	"banditore/store"
)

const announcementsHelp = `Look at announcements and take a hand in what is leaving.

NAME is the file's name, with or without its extension. Where several have it,
the newest is meant, and one that is still leaving before one that has ended.
A running daemon obeys before its next message.`

func (a *App) announcements(load loader) *cobra.Command {
	c := &cobra.Command{
		Use:   "announcements",
		Short: "List, show, hold, release and cancel announcements",
		Long:  announcementsHelp,
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var asJSON bool
	c.PersistentFlags().BoolVar(&asJSON, "json", false, "print JSON")
	c.AddCommand(
		&cobra.Command{
			Use: "list", Short: "Print all announcements, newest first", Args: cobra.NoArgs,
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
			Use: "show NAME", Short: "Print one announcement, its figures and its forecast", Args: cobra.ExactArgs(1),
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
		a.hold(load),
		a.change(load, "release NAME", "Let a held announcement go on, or an ordinary one leave during an election", "released",
			func(ctx context.Context, db *store.Store, cfg config.Config, x store.Announcement) error {
				return db.Release(ctx, x.ID, bot.Election(cfg, time.Now()))
			}),
		a.change(load, "cancel NAME", "Stop an announcement for good; who has it keeps it", "cancelled",
			func(ctx context.Context, db *store.Store, _ config.Config, x store.Announcement) error {
				_, err := db.Stop(ctx, x.ID)
				return err
			}),
	)
	return c
}

// hold is change for one announcement or, with --all, for all that are leaving.
func (a *App) hold(load loader) *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use:   "hold NAME | --all",
		Short: "Let nothing more of an announcement leave until it is released",
		Args: func(cmd *cobra.Command, args []string) error {
			if all {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.writing(cmd.Context(), load, func(ctx context.Context, db *store.Store, _ config.Config, list []store.Announcement) error {
				if all {
					return a.holdAll(ctx, db, list)
				}
				x, err := running(list, args[0])
				if err != nil {
					return err
				}
				if err := db.Hold(ctx, x.ID); err != nil {
					return err
				}
				a.tell("held", x)
				return nil
			})
		},
	}
	c.Flags().BoolVar(&all, "all", false, "hold everything that is leaving")
	return c
}

func (a *App) holdAll(ctx context.Context, db *store.Store, list []store.Announcement) error {
	for _, x := range list {
		if x.State != store.Running || x.Held {
			continue
		}
		if err := db.Hold(ctx, x.ID); err != nil {
			return err
		}
		a.tell("held", x)
	}
	return nil
}

// change makes a command that does something to one running announcement.
func (a *App) change(load loader, use, short, done string, do func(context.Context, *store.Store, config.Config, store.Announcement) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.writing(cmd.Context(), load, func(ctx context.Context, db *store.Store, cfg config.Config, list []store.Announcement) error {
				x, err := running(list, args[0])
				if err != nil {
					return err
				}
				if err := do(ctx, db, cfg, x); err != nil {
					return err
				}
				a.tell(done, x)
				return nil
			})
		},
	}
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
	if errors.Is(err, store.ErrNone) {
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
		return list[i], fmt.Errorf("%q has ended already; nothing of it is left to send", name)
	}
	return list[i], nil
}
