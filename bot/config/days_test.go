package config

import (
	"strings"
	"testing"
	"time"
)

func TestElection(t *testing.T) {
	t.Parallel()
	text := minimal + "sending: { election: 2027-03-01/2027-03-28 }\n"
	for name, c := range map[string]Config{
		"file":        mustLoad(t, text),
		"quotes":      mustLoad(t, minimal+"sending: { election: ' 2027-03-01/2027-03-28 ' }\n"),
		"environment": mustLoad(t, minimal+"sending: { election: 2026-01-01/2026-01-01 }\n", "BANDITORE_SENDING_ELECTION=2027-03-01/2027-03-28"),
	} {
		d := c.Sending.Election
		// On the last of these days Rome's clock goes forward: it has 23 hours.
		for what, got := range map[string]time.Time{"2027-03-01T00:00:00+01:00": d.First, "2027-03-28T00:00:00+01:00": d.Last, "2027-03-29T00:00:00+02:00": d.End()} {
			if got.Format(time.RFC3339) != what {
				t.Errorf("%s: got %v, want %s", name, got, what)
			}
		}
	}
	for _, none := range []string{minimal, minimal + "sending: { election: }\n", minimal + "sending: { election: '' }\n"} {
		if d := mustLoad(t, none).Sending.Election; d != (Days{}) || !d.End().IsZero() {
			t.Errorf("%q: got %v, want none", none, d)
		}
	}
	c := mustLoad(t, text, "BANDITORE_SENDING_TIMEZONE=America/New_York")
	if got := c.Sending.Election.First.Format(time.RFC3339); got != "2027-03-01T00:00:00-05:00" {
		t.Errorf("got %s, want midnight in New York", got)
	}
	for _, whole := range []string{"2027-01-01/2028-01-01", "2000-01-01/2000-12-31", "2100-12-31/2100-12-31"} {
		mustLoad(t, minimal, "BANDITORE_SENDING_ELECTION="+whole)
	}
}

func TestElectionProblems(t *testing.T) {
	t.Parallel()
	const form = "must be the first and the last day, written year-month-day/year-month-day, or empty; for example: 2027-04-15/2027-06-13"
	for value, want := range map[string]string{
		"2027-04-15":               form,
		"'2027-04-15'":             form,
		"2027-04-15/":              form,
		"/2027-06-13":              form,
		"2027-04-15/06-13":         form,
		"2027-04-15/2027-06-31":    form,
		"2027-04-15/2027-06-13/":   form,
		"2027-04-15 / 2027-06-13":  form,
		"2027-04-15--2027-06-13":   form,
		"2027-4-15/2027-6-13":      form,
		"15/04/2027":               form,
		"P60D/2027-06-13":          form,
		"[2027-04-15, 2027-06-13]": form,
		"20270415":                 form,
		"yes":                      form,
		"2027-06-13/2027-04-15":    "ends before it starts; for example: 2027",
		"2027-06-13/2027-06-12":    "ends before it starts",
		"2027-01-01/2028-01-02":    "has 367 days, at most 366 are allowed",
		"0202-04-15/2027-06-13":    "must be days from 2000 to 2100",
		"1999-12-31/2000-01-01":    "must be days from 2000 to 2100",
		"2100-12-31/2101-01-01":    "must be days from 2000 to 2100",
		"0001-01-01/0001-01-01":    "must be days from 2000 to 2100",
	} {
		problems := mustFail(t, minimal+"sending: { election: "+value+" }\n")
		if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), "sending.election: "+want) {
			t.Errorf("%s\n got %v\nwant %s…", value, problems, want)
		}
	}
}

func FuzzElection(f *testing.F) {
	for _, s := range []string{
		"2027-04-15/2027-06-13", " 2027-04-15/2027-04-15\n", "2028-02-29/2029-02-28", "2027-06-13/2027-04-15", "2027-04-15", "/", "//", "",
		"0000-01-01/9999-12-31", "2027-04-15/2027-06-13/2027-07-01", "２027-04-15/2027-06-13", "\x00", "2027-02-30/2027-03-01", "-027-04-15/+027-06-13",
	} {
		f.Add(s)
	}
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := readDays(s)
		if err != nil {
			if strings.Contains(err.Error(), "\n") || len(err.Error()) > 200 {
				t.Fatalf("%q: an error of %d bytes: %v", s, len(err.Error()), err)
			}
			return
		}
		local := d.in(rome)
		if d == (Days{}) {
			if strings.TrimSpace(s) != "" || local != d || !d.End().IsZero() {
				t.Fatalf("%q: taken for none", s)
			}
			return
		}
		if text := local.First.Format(time.DateOnly) + "/" + local.Last.Format(time.DateOnly); text != strings.TrimSpace(s) {
			t.Fatalf("%q: read as %s", s, text)
		}
		if d.First.Year() < 2000 || d.Last.Year() > 2100 || d.Last.Before(d.First) || !d.First.AddDate(0, 0, 366).After(d.Last) {
			t.Fatalf("%q: accepted %v", s, d)
		}
		if end := local.End(); end.Hour() != 0 || end.Minute() != 0 || !end.After(local.Last) || end.Sub(local.Last) > 25*time.Hour {
			t.Fatalf("%q: ends %v", s, end)
		}
	})
}
