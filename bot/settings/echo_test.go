package settings

import (
	"testing"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/config"
)

// A machine that sends our answers back, or a citizen who does so by mistake,
// changes nothing: neither on the list nor with an unfinished sign-up.
func TestG1_OurOwnWordsChangeNothing(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load("../../config.example.yaml", Check)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Service.Launch = time.Now().AddDate(0, 1, 0)
	samples, err := Samples(cfg, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	reader := citizen.NewReader(cfg.Service.Comune)
	for _, s := range samples {
		for _, text := range []string{s.Text, "Inoltrato: " + s.Text, "> " + s.Text} {
			if got := reader.Read(text); got.Intent != citizen.Help && got.Intent != citizen.Other {
				t.Errorf("%s sent back means %v", s.Key, got.Intent)
			}
			if known, ok := reader.Complete(citizen.Request{GivenName: "Ada", FamilyName: "Quaglia"}, text); ok {
				t.Errorf("%s sent back completes a sign-up: %+v", s.Key, known)
			}
		}
	}
	if len(samples) < 11 {
		t.Errorf("%d answers, want all", len(samples))
	}
}
