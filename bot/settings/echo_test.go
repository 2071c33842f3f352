package settings

import (
	"strings"
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
	plain := strings.NewReplacer("*", "", "\n", " ")
	reader := citizen.NewReader(cfg.Service.Comune)
	for _, s := range samples {
		for _, text := range []string{s.Text, "Inoltrato: " + s.Text, "> " + s.Text, plain.Replace(s.Text)} {
			got := reader.Read(text)
			if got.Intent != citizen.Help && got.Intent != citizen.Other && got.Intent != citizen.Remark {
				t.Errorf("%s sent back means %v: %s", s.Name, got.Intent, text)
			}
			for _, asked := range []citizen.Asked{citizen.AskedDetails, citizen.AskedCheck, citizen.AskedLeave} {
				if same := reader.Answer(citizen.Question{Asked: asked, GivenName: "Ada", FamilyName: "Quaglia"}, text); same != got {
					t.Errorf("%s sent back answers a question: %v", s.Key, same.Intent)
				}
			}
		}
	}
	if len(samples) < 26 {
		t.Errorf("%d answers, want all", len(samples))
	}
}
