package store

import (
	"testing"
	"time"
)

func TestG7_RedLightsSurvive(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	first := RedLight{Light: "limited", Since: noon(), Until: noon().Add(time.Minute), Code: 429, Tries: 1}
	second := RedLight{Light: "locked", Since: noon(), Until: noon().Add(time.Hour), Told: true}
	must(t, tw.SetRedLight(t.Context(), second))
	must(t, tw.SetRedLight(t.Context(), first))
	first.Tries = 2
	must(t, tw.SetRedLight(t.Context(), first))
	must(t, tw.Close())
	again, err := Open(t.Context(), tw.dir)
	must(t, err)
	tw.Store = again
	list, err := tw.RedLights(t.Context())
	must(t, err)
	equal(t, "red lights", len(list), 2)
	equal(t, "first", list[0], first)
	equal(t, "second", list[1], second)
	must(t, tw.ClearRedLight(t.Context(), "limited"))
	list, err = tw.RedLights(t.Context())
	must(t, err)
	equal(t, "left", len(list), 1)
}

// A problem keeps the time at which it began, and goes when it is over.
func TestProblemsComeAndGo(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	first := Problem{Kind: "folder", Severity: "warning", Since: noon().UTC(), Sentence: "a", Advice: "b"}
	must(t, tw.SetProblem(t.Context(), first))
	worse := first
	worse.Severity, worse.Since, worse.Sentence = "alarm", noon().Add(time.Hour), "c"
	must(t, tw.SetProblem(t.Context(), worse))
	list, err := tw.Problems(t.Context())
	must(t, err)
	worse.Since = first.Since
	equal(t, "problems", len(list), 1)
	equal(t, "problem", list[0], worse)
	must(t, tw.ClearProblem(t.Context(), "folder"))
	list, err = tw.Problems(t.Context())
	must(t, err)
	equal(t, "problems after the end", len(list), 0)
}
