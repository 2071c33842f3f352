package settings

import (
	"errors"
	"testing"

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
