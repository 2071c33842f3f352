package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/store"
)

// chainError lists what is wrong with the minutes, one to a line.
type chainError []string

// manyFaults bounds what is listed of them.
const manyFaults = 20

// Error is the Lines.
func (e chainError) Error() string { return strings.Join(e.Lines(), "\n") }

// Lines are the first of what is wrong, and how much more there is.
func (e chainError) Lines() []string {
	if len(e) <= manyFaults {
		return e
	}
	return append(slices.Clone(e[:manyFaults]), fmt.Sprintf("and %d more", len(e)-manyFaults))
}

// checkMinutes compares the pages in the spool with the database.
func checkMinutes(ctx context.Context, cfg config.Config) (string, error) {
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if errors.Is(err, store.ErrNoDatabase) {
		return "none yet", nil
	}
	if err != nil {
		return "", err
	}
	defer db.Close()
	switch faults, sound, err := desk.Archive(ctx, db, cfg.SpoolDir, cfg.Sending.Location); {
	case err != nil:
		return "", err
	case len(faults) > 0:
		return "", chainError(faults)
	case sound == 0:
		return "none yet", nil
	default:
		return fmt.Sprintf("all %d pages are there, as they were written", sound), nil
	}
}
