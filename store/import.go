package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Entry is somebody who is to be put on the list without having written: he gave
// his consent elsewhere, and it was recorded.
type Entry struct {
	Person
	Details
	ConsentAt time.Time
	Consent   string // where and how it was recorded
}

// Imported is what has become of a list of entries.
type Imported struct {
	Added        int // they are on the list now
	Listed       int // they were already; nothing of theirs was changed
	Unsubscribed int // they have left since they gave the consent, and stay away
}

// errTried ends a transaction that was only to be tried.
var errTried = errors.New("only tried")

// Import puts people on the list, all or none. Whoever is on it, under his
// number or his LID, stays as he is, and nobody is brought back who has left
// after he gave this consent, as far as the list or f knows. With try nothing is
// changed, and the result is what would become of them.
func (s *Store) Import(ctx context.Context, list []Entry, f *Forgotten, now time.Time, try bool) (n Imported, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		for _, e := range list {
			if err := e.importInto(ctx, tx, f, now, &n); err != nil {
				return err
			}
		}
		if try {
			return errTried
		}
		return nil
	})
	switch {
	case errors.Is(err, errTried):
		return n, nil
	case err != nil:
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	return n, nil
}

func (e Entry) importInto(ctx context.Context, tx *sql.Tx, f *Forgotten, now time.Time, n *Imported) error {
	if err := e.Person.check(); err != nil {
		return err
	}
	i := &Inbox{ctx: ctx, tx: tx, in: Incoming{From: e.Person, At: e.ConsentAt}, now: now}
	listed, err := i.exists(`SELECT 1 FROM subscribers WHERE ` + isEither)
	if err != nil {
		return err
	}
	if listed {
		n.Listed++
		return nil
	}
	asked, err := i.unmatchedAt()
	if err != nil {
		return err
	}
	left, err := i.exists(`SELECT 1 FROM erasures WHERE left_at > @consent AND `+isEither, sql.Named("consent", stamp{e.ConsentAt}))
	if err != nil {
		return err
	}
	if left || asked.After(e.ConsentAt) || f.UnsubscribedAfter(e.Person, e.ConsentAt) {
		n.Unsubscribed++
		return nil
	}
	n.Added++
	return i.Subscribe(e.Details, Evidence{Source: e.Consent})
}
