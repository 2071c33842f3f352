package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"banditore/bot/cli"
	"banditore/store"
)

// codeOf is the code of the n-th on the list.
func (o *office) codeOf(n int) (code string) {
	o.t.Helper()
	o.onList(func(db *store.Store) {
		for s, err := range db.Subscribers(o.t.Context()) {
			if err != nil {
				o.t.Fatal(err)
			}
			if n--; n == 0 {
				code = string(s.Code)
			}
		}
	})
	return code
}

// Somebody whose number WhatsApp hides tells the Comune their code, and is served
// like anybody else.
func TestWhoHidesTheirNumberIsServedByCode(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	code := o.codeOf(2)
	written := strings.ToLower(code[:3]) + "-" + code[3:]
	text, _ := o.banditore(0, "subscribers", "show", written)
	must(t, text, hiddenLID, "Brambilla", "code", code, "all news")
	text, _ = o.banditore(0, "subscribers", "export", written)
	must(t, text, "Cognome: Brambilla")
	text, _ = o.banditore(0, "subscribers", "show", code, "--json")
	must(t, text, `"code": "`+code+`"`, `"mode": "all"`)
	text, stderr := o.banditore(0, "subscribers", "erase", written)
	must(t, text+stderr, "is off the list", "nothing of this person is held any more")
	if found := o.traces(hiddenLID, "Brambilla", code); len(found) > 0 {
		t.Errorf("left behind: %v", found)
	}
	for verb, want := range map[string]string{"show": "nothing is held on this person", "export": "nothing is held on this person", "erase": "nobody on the list has this code"} {
		_, stderr := o.banditore(cli.ExitFailure, "subscribers", verb, code)
		must(t, stderr, want)
	}
	for _, line := range o.auditLines() {
		if strings.Contains(line, code) || strings.Contains(line, written) {
			t.Errorf("the audit log tells whose data it was: %s", line)
		}
	}
	text, _ = o.banditore(0, "subscribers", "show", mariaNumber)
	must(t, text, "Maria Zanzottera")
}

// G4: what may be a code with a slip in it is not repeated, and not taken for another's.
func TestG4_ACodeIsNotRepeated(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	code := o.codeOf(1)
	for _, wrong := range []string{code + "X", code[:5] + "0", code[:5]} {
		_, stderr := o.banditore(cli.ExitUsage, "subscribers", "show", wrong)
		must(t, stderr, "no code, which has six letters and digits")
		if strings.Contains(stderr, wrong[:4]) {
			t.Errorf("%q is repeated: %s", wrong, stderr)
		}
	}
	o.banditore(cli.ExitUsage, "subscribers", "show", code, "--lid", hiddenLID)
}

// The mode of everybody is shown and exported; a pause that is over
// is none.
func TestModesOfTheList(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	until := time.Now().AddDate(0, 1, 0).Truncate(time.Second)
	o.onList(func(db *store.Store) {
		o.handle(db, store.Person{Number: mariaNumber, LID: mariaLID}, func(i *store.Inbox) error { return i.SetNewsFrom(until) })
		o.handle(db, store.Person{LID: hiddenLID}, func(i *store.Inbox) error { return i.SetNewsFrom(store.Never()) })
		o.handle(db, store.Person{LID: "100000000000103"}, func(i *store.Inbox) error {
			if err := i.Subscribe(store.Details{GivenName: "Eva", FamilyName: "Rossi", Comune: "Uboldo"}, store.Evidence{}); err != nil {
				return err
			}
			return i.SetNewsFrom(time.Now().Add(-time.Hour))
		})
		o.handle(db, store.Person{LID: hiddenLID}, func(i *store.Inbox) error {
			return i.Ask(store.Question{Asked: store.AskedLeave, Words: "basta così"}, time.Hour)
		})
	})
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	day := until.In(rome).Format(time.DateOnly)
	text, _ := o.banditore(0, "subscribers", "list")
	must(t, text, "paused until "+day+"\n", "urgent news only", "all news", o.codeOf(3))
	text, _ = o.banditore(0, "subscribers", "list", "--json")
	var list []struct {
		Mode     string
		NewsFrom time.Time `json:"news_from"`
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) != 3 {
		t.Fatalf("%v: %s", err, text)
	}
	if list[0].Mode != "paused" || !list[0].NewsFrom.Equal(until) || list[1].Mode != "urgent" || !list[1].NewsFrom.IsZero() || list[2].Mode != "all" {
		t.Errorf("%+v", list)
	}
	text, _ = o.banditore(0, "subscribers", "show", "--lid", hiddenLID)
	must(t, text, "urgent news only", "was asked", "whether they want to leave", `"basta così"`)
	text, _ = o.banditore(cli.ExitUnhealthy, "status")
	must(t, text, "Iscritti: 3, di cui 1 in pausa, 1 soltanto per gli avvisi urgenti\n")
	text, _ = o.banditore(cli.ExitUnhealthy, "status", "--json")
	must(t, text, `"modes": {`, `"only_urgent": 1`)

	text, _ = o.banditore(0, "subscribers", "export")
	must(t, text, ";never;"+o.codeOf(2), ";;"+o.codeOf(3), ";"+day+"T")
}

// An announcement's figures say how many it did not go to because of their mode.
func TestFiguresTellWhoHasPaused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.onList(func(db *store.Store) {
		now := time.Now()
		o.handle(db, store.Person{LID: hiddenLID}, func(i *store.Inbox) error { return i.SetNewsFrom(store.Never()) })
		n := store.NewAnnouncement{Content: store.Content{Name: "a.txt", File: "a.txt", Text: "Alle 9.", AcceptedAt: now, NotBefore: now}}
		if _, err := db.Publish(t.Context(), n, "OUT"); err != nil {
			t.Fatal(err)
		}
	})
	text, _ := o.banditore(0, "announcements", "list")
	must(t, text, "1, 1 paused")
	text, _ = o.banditore(0, "announcements", "show", "a.txt")
	must(t, text, "paused, and no recipients: 1\n")
	text, _ = o.banditore(cli.ExitUnhealthy, "status")
	must(t, text, "1, 1 in pausa")
	text, _ = o.banditore(cli.ExitUnhealthy, "status", "--json")
	must(t, text, `"paused": 1`)
}
