package settings

import (
	"errors"
	"strings"
	"testing"
	"time"

	"banditore/bot/config"
)

// Who is not understood the third time is told where a person answers.
func TestChannels(t *testing.T) {
	t.Parallel()
	for channels, reachable := range map[string]bool{
		"e-mail e canali del Comune":                        false,
		"lo sportello di piazza della Repubblica 7, ore 10": false,
		"il numero 112": false,
		"il telefono 02 1234 5678 o l'e-mail urp@comune.example": true,
		"lo sportello (0331/123.456)":                            true,
		"il +390212345678":                                       true,
		"URP@Comune.Saronno.VA.IT":                               true,
		"@infoSaronno7":                                          false,
	} {
		var cfg config.Config
		cfg.Service.Channels = channels
		if err := Channels(cfg); (err == nil) != reachable || err != nil && !errors.Is(err, ErrUnreachable) {
			t.Errorf("%s: %v", channels, err)
		}
	}
}

// Whatever the service is called and wherever it can be read about, the default answers are short enough.
func TestDefaultAnswersFitTheLongestService(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load("../../config.example.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	long := func(n int) string { return strings.Repeat("w", n) }
	cfg.Service.Name, cfg.Service.Comune, cfg.Service.Channels = long(60), long(60), long(300)
	cfg.Service.RulesURL, cfg.Service.PrivacyURL = "https://"+long(492), "https://"+long(492)
	cfg.Service.Launch = time.Now().AddDate(0, 1, 0)
	cfg.Forget.IncompleteHours, cfg.Forget.DeliveriesDays, cfg.Forget.RememberDays = 720, 3650, 3650
	if wrong := Check(cfg); len(wrong) != 0 {
		t.Error(wrong)
	}
}

// The privacy notice says for how long at most a hash is kept: longer only if there is a key for it.
func TestPrivacyNoticeTellsHowLong(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load("../../config.example.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Service.PrivacyURL, cfg.Forget.DeliveriesDays, cfg.Forget.RememberDays = "", 45, 400
	for file, want := range map[string]string{"": "90 giorni", "/etc/banditore/forget.key": "400 giorni"} {
		cfg.Forget.KeyFile = file
		texts, err := Texts(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if notice := texts.Privacy(time.Now()); !strings.Contains(notice, want) || !strings.Contains(notice, "45 giorni") {
			t.Errorf("with the key %q: %s", file, notice)
		}
	}
}
