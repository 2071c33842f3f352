package main

import (
	"context"
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

func (s *sender) size() (b sizes, err error) {
	dir := s.data()
	if b.session, err = size(dir, "session.db"); err != nil {
		return b, err
	}
	b.list, err = size(dir, "store.db")
	return b, err
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
