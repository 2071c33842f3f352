package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"time"

	"banditore/store"
)

// drop puts a file into the folder as a whole.
func (s *sender) drop(name, text string) error {
	folder := "da_inviare"
	if s.name == urgentSender {
		folder = "urgenti"
	}
	beside := filepath.Join(s.dir, "spool", "."+name) // what begins with a dot is left alone
	if err := os.WriteFile(beside, []byte(text), 0o660); err != nil {
		return err
	}
	return os.Rename(beside, filepath.Join(s.dir, "spool", folder, name))
}

// sizes are those of the two databases, in bytes.
type sizes struct{ session, list int64 }

func (s *sender) size(ctx context.Context) (b sizes, err error) {
	if b.session, err = size(ctx, filepath.Join(s.data(), "session.db")); err != nil || s.name == plainSender {
		return b, err
	}
	b.list, err = size(ctx, filepath.Join(s.data(), "store.db"))
	return b, err
}

// size is how many bytes a database has, wherever they are: who ended it may have left some in
// its journal.
func size(ctx context.Context, file string) (bytes int64, err error) {
	db, err := sql.Open("sqlite3", "file:"+file)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&bytes)
	return bytes, err
}

// data is the sender's data directory.
func (s *sender) data() string { return filepath.Join(s.dir, "data") }

// enlist makes people's phones and, for ours, puts the people on the list as those whom
// WhatsApp's library knows nothing of.
func (s *sender) enlist(ctx context.Context, people Block) (lids []string, err error) {
	if err := s.server.call(ctx, "People", people, &lids); err != nil || s.name == plainSender {
		return lids, err
	}
	db, err := store.Open(ctx, s.data())
	if err != nil {
		return nil, err
	}
	defer db.Close()
	list := make([]store.Entry, len(lids))
	for i, lid := range lids {
		list[i] = store.Entry{
			Person:    store.Person{Number: store.Number(people.number(i)), LID: store.LID(lid)},
			Details:   store.Details{GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"},
			ConsentAt: time.Now(), Consent: "bench",
		}
	}
	_, err = db.Import(ctx, list, nil, time.Now(), false)
	return lids, err
}
