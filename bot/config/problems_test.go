package config

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

func TestOneProblemEach(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"sending: { every: 5 }":                                  "sending.every: must be a duration with its unit (ms, s, m, h), not a bare number; for example: 6s",
		"sending: { every: '5' }":                                `sending.every: "5" is not a duration with its unit`,
		"sending: { every: 0 }":                                  "sending.every: must be a duration with its unit",
		"sending: { every: '0' }":                                `sending.every: "0" is not a duration`,
		"sending: { every: -1s }":                                "sending.every: is -1s, must be from 0s to 1h0m0s",
		"sending: { every: 61m }":                                "sending.every: is 1h1m0s, must be from 0s to 1h0m0s",
		"sending: { urgent_every: 2h }":                          "sending.urgent_every: is 2h0m0s",
		"sending: { holdback: 25h }":                             "sending.holdback: is 25h0m0s",
		"sending: { grace: 61m }":                                "sending.grace: is",
		"spool: { settle: 11m }":                                 "spool.settle: is",
		"spool: { scan: 2h }":                                    "spool.scan: is",
		"sending: { every: [6s] }":                               "sending.every: must be a duration with its unit (ms, s, m, h), not a list",
		"sending: { daily_limit: -1 }":                           "sending.daily_limit: is -1, must be from 1 to 1000000, or 0",
		"sending: { daily_limit: 1000001 }":                      "sending.daily_limit: is 1000001",
		"sending: { daily_limit: 5s }":                           "sending.daily_limit: must be a whole number; for example: 2000",
		"sending: { daily_limit: 1.5 }":                          "sending.daily_limit: must be a whole number",
		"sending: { hours: 8-20 }":                               "sending.hours: must be two different times",
		"sending: { hours: '08:00-08:00' }":                      "sending.hours: must be two different times",
		"sending: { hours: '24:00-08:00' }":                      "sending.hours: must be",
		"sending: { hours: '08:00-24:01' }":                      "sending.hours: must be",
		"sending: { hours: '08:60-20:00' }":                      "sending.hours: must be",
		"sending: { timezone: Europe/Saronno }":                  `sending.timezone: "Europe/Saronno" is not a time zone of the IANA database; for example: Europe/Rome`,
		"sending: { timezone: Local }":                           "sending.timezone:",
		"sending: { timezone: ../../etc/passwd }":                "sending.timezone:",
		"sending: { timezone: '' }":                              "sending.timezone:",
		"sending: { preview: [3331234567] }":                     "sending.preview: entry 1 must be a text, not a bare number; put it in quotes",
		"sending: { preview: ['3331234567'] }":                   "sending.preview: entry 1 must be a number in international form",
		"sending: { preview: 5 }":                                "sending.preview: must be a list of texts, not a bare number",
		"sending: { evrey: 9s }":                                 "sending.evrey: unknown key, did you mean sending.every?",
		"sending: { evrey: }":                                    "sending.evrey: unknown key, did you mean sending.every?",
		"spooldir: /x":                                           "spooldir: unknown key, did you mean spool_dir?",
		"weather: fine":                                          "weather: unknown key; config.example.yaml lists all there are",
		"sending:":                                               "sending: is a group: its keys belong on the next lines, indented; take the line out when there are none; for example: sending: { every: 6s }",
		"sending: 6s":                                            "sending: is a group",
		"log: [info]":                                            "log: is a group",
		"log: { level: loud }":                                   "log.level: must be debug, info, warn or error; for example: info",
		"log: { level: 4 }":                                      "log.level: must be debug, info, warn or error",
		"log: { format: xml }":                                   "log.format: must be text or json",
		"data_dir: ''":                                           "data_dir: must not be empty",
		"data_dir: [a]":                                          "data_dir: must be a text, not a list",
		"data_dir: /srv/banditore":                               "spool_dir: must be another folder than data_dir",
		"data_dir: /srv/banditore/data":                          "spool_dir: must be another folder",
		"data_dir: /srv":                                         "spool_dir: must be another folder",
		"data_dir: /":                                            "spool_dir: must be another folder",
		"spool_dir: \"/a\\0b\"":                                  "spool_dir: must be a path without control characters",
		"messages: { goodbye: '' }":                              "messages.goodbye: must not be empty",
		"messages: { my_data: ' ' }":                             "messages.my_data: must not be empty",
		"messages: { goodbye: [a] }":                             "messages.goodbye: must be a text, not a list",
		"answers: { per_person_hour: 0 }":                        "answers.per_person_hour: is 0, must be from 1 to 1000; for example: 20",
		"answers: { per_person_hour: 1001 }":                     "answers.per_person_hour: is 1001",
		"answers: { per_minute: 0 }":                             "answers.per_minute: is 0, must be from 1 to 100000",
		"answers: { per_minute: 100001 }":                        "answers.per_minute: is 100001",
		"forget: { incomplete_hours: 0 }":                        "forget.incomplete_hours: is 0, must be from 1 to 720",
		"forget: { incomplete_hours: 721 }":                      "forget.incomplete_hours: is 721",
		"forget: { incomplete_hours: 24h }":                      "forget.incomplete_hours: must be a whole number",
		"forget: { deliveries_days: 6 }":                         "forget.deliveries_days: is 6, must be from 7 to 3650",
		"forget: { deliveries_days: 3651 }":                      "forget.deliveries_days: is 3651",
		"forget: { remember_days: 0 }":                           "forget.remember_days: is 0, must be from 1 to 3650",
		"forget: { remember_days: 3651 }":                        "forget.remember_days: is 3651",
		"forget: { key_file: /var/lib/banditore/key }":           "forget.key_file: must be a file outside data_dir",
		"forget: { key_file: /var/lib/banditore }":               "forget.key_file: must be a file outside data_dir",
		"data_dir: data\nforget: { key_file: data/../data/key }": "forget.key_file: must be a file outside data_dir",
		"forget: { key_file: \"/a\\0b\" }":                       "forget.key_file: must be a path without control characters",
	} {
		problems := mustFail(t, minimal+text+"\n")
		if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), want) {
			t.Errorf("%s\n got %v\nwant %s…", text, problems, want)
		}
	}
}

func TestServiceProblems(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"name: ''":                                  "service.name: must not be empty; for example: \"@infoSaronno7\"",
		"name: \"a\\nb\"":                           "service.name: must be one line",
		"name: " + strings.Repeat("x", 61):          "service.name: has 61 characters, at most 60 are allowed",
		"name: 7":                                   "service.name: must be a text, not a bare number; put it in quotes",
		"comune: ''":                                "service.comune: must not be empty",
		"number: ''":                                "service.number: must not be empty",
		"number: 3343679575":                        "service.number: must be a text, not a bare number; put it in quotes",
		"number: '3343679575'":                      "service.number: must be the number in international form",
		"number: '+0343679575'":                     "service.number: must be the number in international form",
		"number: '+3933436795751234'":               "service.number: must be the number in international form",
		"number: '+39/334-3679575'":                 "service.number: must be the number in international form",
		"launch: ottobre":                           "service.launch: must be a day written year-month-day, or empty; for example: 2022-10-15",
		"launch: 2022-10-15T08:00:00Z":              "service.launch: must be a day written",
		"launch: 2022-02-30":                        "service.launch: must be a day written",
		"launch: 1999-12-31":                        "service.launch: must be a day from 2000 to 2100",
		"launch: 2101-01-01":                        "service.launch: must be a day from 2000 to 2100",
		"channels: ''":                              "service.channels: must not be empty",
		"rules_url: www.comune.example":             "service.rules_url: must be an address that starts with https://",
		"rules_url: ftp://x.example":                "service.rules_url: must be an address",
		"privacy_url: https://":                     "service.privacy_url: must be an address",
		"rules_version: " + strings.Repeat("x", 61): "service.rules_version: has 61 characters, at most 60 are allowed",
		"rules_version: \"a\\nb\"":                  "service.rules_version: must be one line",
		"double_opt_in: maybe":                      "service.double_opt_in: must be true or false; for example: true",
		"double_opt_in: 1":                          "service.double_opt_in: must be true or false",
		"privacy_url: https://x.example/a b":        "service.privacy_url: must be an address",
	} {
		name, _, _ := strings.Cut(key, ":")
		text := "service:\n  " + key + "\n"
		for required, value := range map[string]string{"name": "x", "comune": "x", "number": "'+393343679575'"} {
			if name != required {
				text += "  " + required + ": " + value + "\n"
			}
		}
		problems := mustFail(t, text)
		if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), want) {
			t.Errorf("%s\n got %v\nwant %s…", key, problems, want)
		}
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := load(t, "service: { nmae: x, number: 5 }\nsending: { every: 5, hours: x }\nspool:\nmessages: { other: '' }\n",
		"BANDITORE_SENDING_EVRY=6s", "BANDITORE_LOG_LEVEL=loud", "BANDITORE_SENDING_GRACE=5")
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("got %v, want an *Error", err)
	}
	var keys []string
	for _, p := range e.Problems {
		keys = append(keys, p.Key)
	}
	want := "spool service.name service.comune service.number sending.every sending.hours sending.grace messages.other log.level service.nmae BANDITORE_SENDING_EVRY"
	if got := strings.Join(keys, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) != len(keys)+1 || !strings.Contains(lines[0], e.File) ||
		lines[len(lines)-1] != "  BANDITORE_SENDING_EVRY: unknown environment variable, did you mean BANDITORE_SENDING_EVERY?" {
		t.Errorf("got %s", err)
	}
}

func TestNotYAML(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"service: { name: @infoSaronno7 }", "a: b: c", "\tservice: x", "- a\n- b\n", "service: {}\nservice: {}\n", "\x00", "\xff\xfea"} {
		problems := mustFail(t, text)
		if len(problems) != 1 || !strings.Contains(problems[0].String(), "config.yaml: is not valid YAML") || strings.Contains(problems[0].String(), "\n") {
			t.Errorf("%q: got %v", text, problems)
		}
	}
}

// TestG4_NoPreviewNumberInAnError keeps the numbers of people out of what ends in logs and tickets.
func TestG4_NoPreviewNumberInAnError(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"['+393397654321', '03397654321']", "[03397654321]", "'+393397654321;03397654321'", "{ a: 03397654321 }"} {
		_, err := load(t, minimal+"sending: { preview: "+list+" }\n")
		if err == nil || strings.Contains(err.Error(), "3397654321") {
			t.Errorf("%s: got %v, want an error without the number", list, err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	example, err := os.ReadFile("../../config.example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(example))
	for _, text := range []string{
		minimal, minimal + "sending:\n", "sending: 5", "sending: { every: 5, preview: [1, {a: b}] }", "a.b.c: 1\na: 2", "? [a]\n: b", "a: &a [*a]",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := load(t, text)
		if err != nil {
			if e, ok := errors.AsType[*Error](err); ok && len(e.Problems) == 0 {
				t.Error("an Error without problems")
			}
			return
		}
		if c.Service.Name == "" || c.Sending.Location == nil || c.Sending.Every < 0 || c.Sending.Every > time.Hour || c.Messages.Other == "" {
			t.Errorf("accepted %+v", c)
		}
	})
}
