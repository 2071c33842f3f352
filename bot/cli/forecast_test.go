package cli_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"banditore/bot/cli"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// While an announcement leaves, status says when the last person gets it and how fast
// that goes; what does not leave is promised by no pace.
func TestG8_StatusForetellsTheEnd(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	now := time.Now().Truncate(time.Millisecond)
	o.onList(func(db *store.Store) { o.leaving(db, now) })
	read := func(code int) (words string, machine map[string]any) {
		t.Helper()
		words, _ = o.banditore(code, "status")
		text, _ := o.banditore(code, "status", "--json")
		var s struct{ Announcements []map[string]any }
		if err := json.Unmarshal([]byte(text), &s); err != nil || len(s.Announcements) != 1 {
			t.Fatalf("%v: %s", err, text)
		}
		return words, s.Announcements[0]
	}
	if words, machine := read(cli.ExitUnhealthy); strings.Contains(words, "finisce") || machine["per_minute"] == nil || machine["last"] == nil {
		t.Errorf("while nothing runs: %v\n%s", machine, words)
	}
	lock, err := store.Lock(filepath.Join(o.dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock()
	words, machine := read(0)
	if !regexp.MustCompile(`«allerta\.txt» finisce (oggi|domani) verso le \d\d:\d\d con l'ultimo destinatario, al ritmo di [1-6]\d messaggi al minuto\.\n`).MatchString(words) {
		t.Errorf("while it leaves: %v\n%s", machine, words)
	}
	if last, err := time.Parse(time.RFC3339, fmt.Sprint(machine["last"])); err != nil || last.Before(now) || last.Sub(now) > time.Minute {
		t.Errorf("the last leaves at %v, %v", machine["last"], err)
	}
}

// leaving lets half of an urgent announcement leave until now, a message a second.
func (o *office) leaving(db *store.Store, now time.Time) {
	o.t.Helper()
	ctx := o.t.Context()
	check := func(err error) {
		o.t.Helper()
		if err != nil {
			o.t.Fatal(err)
		}
	}
	check(db.BelongTo(ctx, "+393343679575"))
	check(db.SetLink(ctx, store.Link{State: string(whatsapp.StateConnected), Connected: true, Since: now.Add(-time.Hour)}))
	var list []store.Entry
	for i := range 18 {
		list = append(list, store.Entry{Person: store.Person{Number: store.Number(fmt.Sprintf("+39333%07d", i))},
			Details: store.Details{GivenName: "Anna", FamilyName: "Bianchi", Comune: "Saronno"}, ConsentAt: now, Consent: "modulo"})
	}
	_, err := db.Import(ctx, list, nil, now, false)
	check(err)
	alert := store.Content{Name: "allerta.txt", File: "allerta.txt", Text: "Il fiume esce.", Urgent: true, AcceptedAt: now.Add(-time.Minute), NotBefore: now.Add(-time.Minute)}
	_, err = db.Publish(ctx, store.NewAnnouncement{Content: alert}, whatsapp.MessageIDPrefix)
	check(err)
	for i := range 10 {
		m, ok, err := db.ClaimDelivery(ctx, now, store.Urgent, time.Minute)
		if check(err); !ok {
			o.t.Fatal("nothing to claim")
		}
		check(db.Sent(ctx, m, now.Add(time.Duration(i-9)*time.Second)))
	}
}
