// Package settings says what the configuration means to the rooms that know none:
// the pace, and the texts that citizens get. It is a room of its own because the
// daemon, the page and the commands need the same meaning. It opens nothing.
package settings

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"

	"banditore/bot/citizen"
	"banditore/bot/config"
	"banditore/bot/pace"
	"banditore/store"
)

// Check finds what is wrong with the settings that [config.Load] cannot
// judge by itself, by key. It is its [config.Check], and opens nothing.
func Check(cfg config.Config) map[string]string {
	wrong := map[string]string{}
	if _, err := Policy(cfg); err != nil {
		wrong["sending.hours"] = err.Error()
	}
	if _, err := Texts(cfg); err != nil {
		faults, _ := errors.AsType[citizen.TemplateErrors](err)
		maps.Copy(wrong, faults)
	}
	return wrong
}

// ErrUnreachable means that service.channels names neither a telephone number nor
// an e-mail address.
var ErrUnreachable = errors.New("service.channels names neither a telephone number nor an e-mail address, and whom the program " +
	"does not understand the third time is told to use it; for example: il telefono 02 1234 5678 o l'e-mail urp@comune.example")

// reachable is a telephone number as people write it, or an e-mail address.
var reachable = regexp.MustCompile(`\+?[0-9]([ ./-]?[0-9]){5,}|[^\s@]+@[^\s@]+\.[a-z]{2,}`)

// Channels holds what citizens are told to use to a number or an address that they
// can use at once. The service runs without, so it is no part of [Check].
func Channels(cfg config.Config) error {
	if !reachable.MatchString(strings.ToLower(cfg.Service.Channels)) {
		return ErrUnreachable
	}
	return nil
}

// Samples are the answers citizens would get with these settings, in the order
// in which a citizen meets them, with invented details.
func Samples(cfg config.Config, now time.Time) ([]citizen.Sample, error) {
	t, err := Texts(cfg)
	if err != nil {
		return nil, err
	}
	return t.Samples(now), nil
}

// Texts are the answers citizens get with these settings. A template that does not
// hold is a [citizen.TemplateErrors].
func Texts(cfg config.Config) (*citizen.Texts, error) {
	remember := 0
	if cfg.Forget.KeyFile != "" {
		remember = cfg.Forget.RememberDays
	}
	return citizen.NewTexts(citizen.Templates(cfg.Messages), citizen.Service{
		Name: cfg.Service.Name, Comune: cfg.Service.Comune, Number: cfg.Service.Number,
		Channels: cfg.Service.Channels, RulesURL: cfg.Service.RulesURL, PrivacyURL: cfg.Service.PrivacyURL,
		RulesVersion: cfg.Service.RulesVersion, Launch: cfg.Service.Launch,
		Hours: cfg.Forget.IncompleteHours, DeliveriesDays: cfg.Forget.DeliveriesDays, RememberDays: remember,
		Location: cfg.Sending.Location,
	})
}

// Policy is when messages may leave with these settings.
func Policy(cfg config.Config) (pace.Policy, error) {
	hours, err := pace.ParseHours(cfg.Sending.Hours)
	if err != nil {
		return pace.Policy{}, fmt.Errorf("sending.hours: %w", err)
	}
	return pace.Policy{
		Every:       cfg.Sending.Every,
		UrgentEvery: cfg.Sending.UrgentEvery,
		DailyLimit:  cfg.Sending.DailyLimit,
		Hours:       hours,
		Location:    cfg.Sending.Location,
		Launch:      cfg.Service.Launch,
		Grace:       cfg.Sending.Grace,
		Election:    pace.Window{From: cfg.Sending.Election.First, To: cfg.Sending.Election.End()},
	}, nil
}

// Previews are the numbers that get what is dropped into prova.
func Previews(cfg config.Config) []store.Number {
	var list []store.Number
	for _, n := range cfg.Sending.Preview {
		list = append(list, store.Number(n))
	}
	return list
}

// Election tells whether ordinary announcements wait at now because of an
// election, unless they are released one by one.
func Election(cfg config.Config, now time.Time) bool {
	days := cfg.Sending.Election
	return !now.Before(days.First) && now.Before(days.End())
}
