package bot

import (
	"errors"
	"maps"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/config"
)

// CheckConfig finds what is wrong with the settings that [config.Load] cannot
// judge by itself, by key. It is its [config.Check], and opens nothing.
func CheckConfig(cfg config.Config) map[string]string {
	wrong := map[string]string{}
	if _, err := policy(cfg); err != nil {
		wrong["sending.hours"] = err.Error()
	}
	if _, err := texts(cfg); err != nil {
		faults, _ := errors.AsType[citizen.TemplateErrors](err)
		maps.Copy(wrong, faults)
	}
	return wrong
}

// Samples are the answers citizens would get with these settings, in the order
// in which a citizen meets them, with invented details.
func Samples(cfg config.Config, now time.Time) ([]citizen.Sample, error) {
	t, err := texts(cfg)
	if err != nil {
		return nil, err
	}
	return t.Samples(now), nil
}

func texts(cfg config.Config) (*citizen.Texts, error) {
	return citizen.NewTexts(citizen.Templates(cfg.Messages), citizen.Service{
		Name: cfg.Service.Name, Comune: cfg.Service.Comune, Number: cfg.Service.Number,
		Channels: cfg.Service.Channels, RulesURL: cfg.Service.RulesURL, PrivacyURL: cfg.Service.PrivacyURL,
		RulesVersion: cfg.Service.RulesVersion, Launch: cfg.Service.Launch,
		Hours: cfg.Forget.IncompleteHours, Location: cfg.Sending.Location,
	})
}
