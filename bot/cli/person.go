package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// errNobody says that a question about a person has the answer "nothing".
var errNobody = errors.New("nothing is held on this person")

// errNoCode says that a code names nobody.
var errNoCode = errors.New("nobody on the list has this code")

// whom is how a command names one person.
type whom struct{ lid string }

func (w *whom) flag(c *cobra.Command) {
	c.Flags().StringVar(&w.lid, "lid", "", "name the person by the `LID` of `subscribers list --json`, or with - those on standard input")
}

// someone is whom a command is about: a person, or the one on the list with a code.
type someone struct {
	store.Person
	code store.Code
	line int // of standard input; 0 on the command line
}

// person reads the number, the code or the LID. The error does not repeat them.
func (w *whom) person(args []string) (someone, error) {
	lid := strings.TrimSuffix(w.lid, "@lid")
	switch {
	case len(args) > 0 && lid != "":
		return someone{}, usageError{errors.New("name the person in one way: by number, by code or by --lid")}
	case len(args) == 0 && lid == "":
		return someone{}, usageError{errors.New("name the person by number, such as +393331234567, by code, or by --lid; with - they are read from standard input")}
	case lid != "":
		p, err := parsePerson(lid, true)
		return p, asUsage(err)
	}
	p, err := parsePerson(args[0], false)
	return p, asUsage(err)
}

func asUsage(err error) error {
	if err != nil {
		return usageError{err}
	}
	return nil
}

// parsePerson reads a LID, or else a number or a code. The error does not repeat it.
func parsePerson(text string, byLID bool) (someone, error) {
	if byLID {
		lid := strings.TrimSuffix(text, "@lid")
		if !isLID(lid) {
			return someone{}, errors.New("a LID consists of digits")
		}
		return someone{Person: store.Person{LID: store.LID(lid)}}, nil
	}
	if code, ok := store.ParseCode(text); ok {
		return someone{code: code}, nil
	}
	number, err := store.ParseNumber(text)
	if err != nil && strings.ContainsFunc(text, unicode.IsLetter) {
		err = fmt.Errorf("no code, which has six letters and digits, and %w", err)
	}
	return someone{Person: store.Person{Number: number}}, err
}

func isLID(s string) bool {
	return s != "" && len(s) <= 20 && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// find gives what is held on somebody, and the identities that it is held under. When
// the list does not know them, WhatsApp's library may know their other identity: but
// an entry with another number is somebody else's. A code that nobody has names
// nobody.
func find(ctx context.Context, cfg config.Config, db *store.Store, who someone) (store.Record, []store.Person, error) {
	p := who.Person
	if who.code != "" {
		sub, ok, err := db.ByCode(ctx, string(who.code))
		if err != nil || !ok {
			return store.Record{}, nil, err
		}
		p = sub.Person
	}
	r, err := db.Record(ctx, p)
	if err != nil || !r.Nothing() {
		return r, []store.Person{p}, err
	}
	known, err := whatsapp.Counterpart(ctx, cfg.DataDir, whatsapp.Address{Number: string(p.Number), LID: string(p.LID)})
	if err != nil || known == (whatsapp.Address{}) {
		return r, []store.Person{p}, err
	}
	other := store.Person{LID: store.LID(known.LID)}
	if known.LID == "" {
		if other.Number, err = store.ParseNumber(known.Number); err != nil {
			return r, []store.Person{p}, nil
		}
	}
	found, err := db.Record(ctx, other)
	if err != nil {
		return r, nil, err
	}
	another := (p.Number != "" && found.Number != "" && found.Number != p.Number) || (p.LID != "" && found.LID != "" && found.LID != p.LID)
	if found.Nothing() || another {
		return r, []store.Person{p}, nil
	}
	return found, []store.Person{p, other}, nil
}

// heldJSON is all that is held on one person; its names are an interface.
type heldJSON struct {
	Number     string         `json:"number,omitempty"`
	LID        string         `json:"lid,omitempty"`
	Subscribed bool           `json:"subscribed"`
	GivenName  string         `json:"given_name,omitempty"`
	FamilyName string         `json:"family_name,omitempty"`
	Comune     string         `json:"comune,omitempty"`
	Since      time.Time      `json:"since,omitzero"`
	Code       string         `json:"code,omitempty"`
	*mode                     // of who is on the list
	Evidence   *evidenceJSON  `json:"evidence,omitempty"`
	Question   *questionJSON  `json:"question,omitempty"` // of ours that is open
	Deliveries []deliveryJSON `json:"deliveries"`
	Answers    []answerJSON   `json:"answers"`
	Received   []receivedJSON `json:"received"`
	ForgetAt   time.Time      `json:"forget_at,omitzero"`
}

type evidenceJSON struct {
	Words     string       `json:"words"`
	MessageID string       `json:"message_id"`
	Written   time.Time    `json:"written,omitzero"`
	Confirmed time.Time    `json:"confirmed,omitzero"`
	Source    string       `json:"source"` // of an import; empty: the citizen wrote
	Wording   *wordingJSON `json:"wording,omitempty"`
}

type wordingJSON struct {
	Version string    `json:"version"`
	Since   time.Time `json:"since,omitzero"`
	Text    string    `json:"text,omitempty"`
}

type questionJSON struct {
	Asked      string    `json:"asked"` // details: what is missing; check: whether that is right; leave: whether they want to
	Since      time.Time `json:"since"`
	GivenName  string    `json:"given_name,omitempty"`
	FamilyName string    `json:"family_name,omitempty"`
	Comune     string    `json:"comune,omitempty"`
	Words      string    `json:"words"`
}

type deliveryJSON struct {
	Announcement string    `json:"announcement"`
	MessageID    string    `json:"message_id"`
	State        string    `json:"state"`
	Form         string    `json:"form"`           // news, edit, correction, or revoke, which deletes
	Part         int       `json:"part,omitempty"` // of the announcement's messages, from 0
	Sent         time.Time `json:"sent,omitzero"`
}

type answerJSON struct {
	Kind      string    `json:"kind"`
	Text      string    `json:"text"`
	MessageID string    `json:"message_id"`
	State     string    `json:"state"`
	Written   time.Time `json:"written"`
}

type receivedJSON struct {
	MessageID string    `json:"message_id"`
	At        time.Time `json:"at"`
}

// asHeld writes a record with the times of the place.
func asHeld(r store.Record, at func(time.Time) time.Time) heldJSON {
	h := heldJSON{
		Number: string(r.Number), LID: string(r.LID), ForgetAt: at(r.Forgotten),
		Deliveries: []deliveryJSON{}, Answers: []answerJSON{}, Received: []receivedJSON{},
	}
	if s := r.Subscriber; s != nil {
		h.Subscribed, h.Since = true, at(s.Since)
		h.GivenName, h.FamilyName, h.Comune, h.Evidence = s.GivenName, s.FamilyName, s.Comune, asEvidence(s.Evidence, at)
		m := modeOf(s.NewsFrom, time.Now(), at)
		h.Code, h.mode = string(s.Code), &m
	}
	if q := r.Question; q != nil {
		h.Question = &questionJSON{Asked: string(q.Asked), Since: at(q.Since), GivenName: q.GivenName, FamilyName: q.FamilyName, Comune: q.Comune, Words: q.Words}
	}
	for _, d := range r.Deliveries {
		h.Deliveries = append(h.Deliveries, deliveryJSON{d.Announcement, d.MessageID, string(d.State), string(d.Form), d.Part, at(d.Sent)})
	}
	for _, x := range r.Answers {
		h.Answers = append(h.Answers, answerJSON{string(x.Kind), x.Text, x.MessageID, x.State, at(x.Written)})
	}
	for _, x := range r.Handled {
		h.Received = append(h.Received, receivedJSON{x.MessageID, at(x.At)})
	}
	return h
}

func asEvidence(e store.Evidence, at func(time.Time) time.Time) *evidenceJSON {
	j := &evidenceJSON{Words: e.Words, MessageID: e.MessageID, Written: at(e.Written), Confirmed: at(e.Confirmed), Source: e.Source}
	if e.Wording != "" {
		j.Wording = &wordingJSON{Version: e.Wording}
	}
	return j
}

// explain adds when the version of texts and rules came into force, and what it
// says.
func (h *heldJSON) explain(ctx context.Context, db *store.Store, at func(time.Time) time.Time) error {
	if h.Evidence == nil || h.Evidence.Wording == nil {
		return nil
	}
	w := h.Evidence.Wording
	text, since, ok, err := db.Wording(ctx, w.Version)
	if err != nil {
		return fmt.Errorf("look up the texts and rules: %w", err)
	}
	if ok {
		w.Text, w.Since = text, at(since)
	}
	return nil
}

// local gives times the way people in that place read them; the zero time stays
// zero.
func local(cfg config.Config) func(time.Time) time.Time {
	return func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return t.In(cfg.Sending.Location)
	}
}
