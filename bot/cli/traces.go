package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"banditore/bot/config"
	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// mustBeGone looks for somebody whose erasure is complete, in every table of both
// databases and then in the bytes of the files, before it is said that nothing of them is
// held. What the Comune has published is no trace of theirs, and is told.
func (a *App) mustBeGone(ctx context.Context, cfg config.Config, p store.Person) error {
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if err != nil {
		return err
	}
	defer db.Close()
	list, part, err := db.Traces(ctx, p)
	if err != nil {
		return err
	}
	session, longer, err := whatsapp.Traces(ctx, cfg.DataDir, message.AddressOf(p))
	if err != nil {
		return err
	}
	kept := slices.DeleteFunc(slices.Clone(list), published)
	for _, place := range session {
		kept = append(kept, "session.db: "+place)
	}
	switch {
	case len(kept) > 0:
		return fmt.Errorf("not complete: their number or LID still stands in %s; if it is not in what somebody else wrote, run the command again, "+
			"and if that does not help, restore a backup or ask for help", strings.Join(kept, ", "))
	case len(list) > 0:
		a.say("Their number stands in what was published, which stays: %s.", strings.Join(list, ", "))
		return nil
	case part || longer:
		return nil // it is part of somebody else's number: the bytes prove nothing
	}
	return bytesAreGone(cfg.DataDir, p)
}

// published tells whether a column holds what the Comune has told everybody.
func published(place string) bool {
	table, _, _ := strings.Cut(place, ".")
	return table == "announcements" || table == "attachments" || table == "wordings"
}

// bytesAreGone looks for somebody in the files themselves: a deleted row may leave bytes.
func bytesAreGone(dir string, p store.Person) error {
	for _, name := range []string{"store.db", "store.db-wal", "session.db", "session.db-wal"} {
		holds, err := store.FileHolds(filepath.Join(dir, name), p)
		if err != nil {
			return err
		}
		if holds {
			return fmt.Errorf("not complete: no table holds this person any more, but bytes of their number or LID are left in %s; "+
				"run the command again when no other program reads that file", name)
		}
	}
	return nil
}
