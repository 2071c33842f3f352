package store

import (
	"testing"
	"time"
)

// The list belongs to the first number that was linked, until it is handed over.
func TestTheListBelongsToANumber(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return nil }, ""},
		{func() error { return tw.BelongTo(t.Context(), "+39331") }, "+39331"},
		{func() error { return tw.BelongTo(t.Context(), "+39332") }, "+39331"},
		{func() error { return tw.HandOver(t.Context(), "+39332") }, "+39332"},
	} {
		must(t, step.do())
		got, err := tw.ListNumber(t.Context())
		must(t, err)
		equal(t, "number", got, step.want)
	}
}

func TestGap(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	gap := func() Gap {
		g, err := tw.Gap(t.Context())
		must(t, err)
		return g
	}
	equal(t, "never linked", gap(), Gap{})
	must(t, tw.BeginGap(t.Context(), "first"))
	must(t, tw.CloseGap(t.Context()))
	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.Answer(Other, "?") })
	must(t, tw.BeginGap(t.Context(), "first"))
	equal(t, "the same link", gap(), Gap{Link: "first", Closed: true})
	must(t, tw.BeginGap(t.Context(), "second"))
	equal(t, "another link", gap(), Gap{Link: "second", From: noon()})
	tw.handle(Person{number, lid}, noon().Add(time.Hour), func(i *Inbox) error { return i.Answer(Other, "?") })
	must(t, tw.NoteHistory(t.Context(), noon().Add(2*time.Hour)))
	equal(t, "what comes over it does not move its beginning", gap(), Gap{Link: "second", From: noon(), Read: noon().Add(2 * time.Hour)})
	must(t, tw.BeginGap(t.Context(), "third"))
	equal(t, "a link that ends before its gap was closed", gap(), Gap{Link: "third", From: noon()})
}

func TestLink(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	_, ok, err := tw.Link(t.Context())
	must(t, err)
	equal(t, "before it was noted", ok, false)
	for _, want := range []Link{{State: "connected", Connected: true, Since: noon()}, {State: "banned", Until: noon(), Code: 101}, {State: "logged out"}} {
		must(t, tw.SetLink(t.Context(), want))
		got, ok, err := tw.Link(t.Context())
		must(t, err)
		equal(t, "noted", ok, true)
		equal(t, "link", got, want)
	}
}
