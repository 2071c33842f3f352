package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/bot/spool"
	"banditore/store"
)

const backupHelp = `Write a copy of the list, the announcements and what waits to leave to a new file
that nobody else can read. It may be run at any time, also while the daemon runs.

The file holds whoever is on the list now, whatever they ask for later: keep it as a
secret, not longer than forget.remember_days, and not in data_dir or spool_dir.
WhatsApp's keys (session.db) are not in it: an old copy of them is worth less than
nothing. Keep a new copy of the file "forgotten" of data_dir as well: restore needs
it, and without the key of forget.key_file it tells nobody anything.`

const restoreHelp = `Put a backup in the place of the list: a file that "banditore backup" wrote, or a
copy of store.db (with its -wal beside it, if it had one). The daemon must not run.

The backup is checked first, and nothing happens if it is damaged. People who have
unsubscribed since it was made are not brought back, if forget.key_file is set and the
file "forgotten" is in data_dir; no byte of them is put in place. People who have
registered since have to do it again. What was leaving is held: look at it with
"banditore announcements list", then release or cancel it. What is in the folder
in_invio and not in the backup goes to scartati: nobody knows any more whom it has
reached.

Of the present list no copy is kept: make one with "banditore backup" before, if you
want one, and delete it soon. session.db stays.`

func (a *App) backup(load loader) *cobra.Command {
	return &cobra.Command{
		Use:     "backup FILE",
		Short:   "Write a copy of the list to a new file",
		Long:    backupHelp,
		Example: "  banditore backup /var/backups/banditore/2026-12-01.db", Annotations: about("backup"),
		Args: oneArg("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := load()
			if err != nil {
				return err
			}
			return a.writeBackup(cmd.Context(), cfg, args[0])
		},
	}
}

func (a *App) writeBackup(ctx context.Context, cfg config.Config, file string) error {
	path, err := filepath.Abs(file)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	for _, dir := range []string{cfg.DataDir, cfg.SpoolDir} {
		if strings.HasPrefix(path, dir+"/") {
			return usageError{fmt.Errorf("a backup in %s is none, and would keep who leaves: name a file elsewhere", dir)}
		}
	}
	db, err := openToChange(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	n, err := db.Count(ctx)
	if err != nil {
		return err
	}
	if err := a.audit(cfg, "backup", n); err != nil {
		return err
	}
	if err := db.Backup(ctx, path); err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "backed up: %d people are on the list in %s\n", n, shown(path))
	return nil
}

func (a *App) restore(load loader) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:     "restore BACKUP",
		Short:   "Put a backup in the place of the list",
		Long:    restoreHelp,
		Example: "  systemctl stop banditore\n  banditore restore /var/backups/banditore/2026-12-01.db", Annotations: about("backup"),
		Args: oneArg("BACKUP"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := load()
			if err != nil {
				return err
			}
			return a.restoreFrom(cmd.Context(), cfg, args[0], yes)
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

func (a *App) restoreFrom(ctx context.Context, cfg config.Config, backup string, yes bool) (err error) {
	lock, err := store.Lock(cfg.DataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	session, err := store.LockSession(cfg.DataDir) // who links a phone writes to the list, too
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Unlock()) }()
	gone, err := store.OpenForgotten(cfg.DataDir, cfg.Forget.KeyFile)
	if err != nil {
		return err
	}
	present := presentList(ctx, cfg)
	if err := a.warnOfRestore(gone, present, yes); err != nil {
		return err
	}
	if err := a.audit(cfg, "restore", present); err != nil {
		return err
	}
	r, err := store.Restore(ctx, cfg.DataDir, backup, gone, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "restored: %d people are on the list\nleft since the backup, and not brought back: %d\nannouncements that were leaving, and are held: %d\n",
		r.Subscribers, r.Gone, r.Held)
	n, err := setAside(ctx, cfg)
	if err != nil {
		a.say("The folder %s could not be looked at: %v.\nBefore the daemon is started, take out of in_invio what was dropped after the backup was made,\n"+
			"or it is sent once more to people who have it.", cfg.SpoolDir, err)
		return nil
	}
	fmt.Fprintf(a.Stdout, "files of in_invio that the backup does not know, and that are in scartati now: %d\n", n)
	return nil
}

// setAside refuses what is being sent as far as the folder knows, and was published
// after the backup: the daemon would take it for new, and send it to everybody.
func setAside(ctx context.Context, cfg config.Config) (n int, err error) {
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	known, err := db.Unfiled(ctx)
	if err != nil {
		return 0, err
	}
	folder, err := spool.Open(cfg.SpoolDir, spool.Options{Existing: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return 0, err
	}
	defer folder.Close()
	files, err := folder.InFlight()
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		if slices.ContainsFunc(known, func(a store.Announcement) bool { return a.File == file }) {
			continue
		}
		err := folder.Refuse(file, "l'elenco è stato ripristinato da una copia di sicurezza fatta prima di questo avviso: non si sa più chi l'ha già ricevuto",
			"se è meglio che qualcuno lo riceva due volte, rimetti tutti i suoi file in da_inviare.")
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// warnOfRestore says what a restore takes away and brings back, and asks.
func (a *App) warnOfRestore(gone *store.Forgotten, present int, yes bool) error {
	if present > 0 {
		a.say("The present list, with %d people, is replaced and not kept. Who registered after the backup was made has to do it again.", present)
	}
	if gone.Empty() {
		a.say("It is not known who has left since the backup was made (forget.key_file is not set, or data_dir has no file\n" +
			"\"forgotten\"): WHOEVER HAS LEFT SINCE WILL BE ON THE LIST AGAIN. Erase them by hand before the daemon is started:\n" +
			"`banditore subscribers erase NUMBER`.")
	}
	if present == 0 && !gone.Empty() {
		return nil
	}
	return a.confirm(yes)
}

// presentList is how many people the restore will replace; 0 also when the list
// cannot be read any more.
func presentList(ctx context.Context, cfg config.Config) (n int) {
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if err != nil {
		return 0
	}
	defer db.Close()
	if n, err = db.Count(ctx); err != nil {
		return 0
	}
	return n
}
