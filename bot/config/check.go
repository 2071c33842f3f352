package config

import (
	"cmp"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a small server may have no time zone database
	"unicode"
	"unicode/utf8"
)

// e164 is ITU-T E.164: a country code that never starts with 0, at most 15 digits in all. The lower bound only catches slips.
var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

var clock = regexp.MustCompile(`^(([01][0-9]|2[0-3]):[0-5][0-9])-((([01][0-9]|2[0-3]):[0-5][0-9])|24:00)$`)

// check completes c and holds every key against its bounds, in the order of the keys. A key that could not be decoded keeps the problem it has;
// the keys of a broken group are not looked at, because the group is the problem.
func check(c *Config, keys []key, more Check, decoded []Problem, broken []string) []Problem {
	finish(c)
	var found map[string]string
	if more != nil {
		found = more(*c)
	}
	var problems []Problem
	for _, group := range broken {
		problems = append(problems, Problem{
			Key: group, Wrong: "is a group: its keys belong on the next lines, indented; take the line out when there are none", Example: groupExample(keys, group),
		})
	}
	for _, k := range keys {
		group, _, _ := strings.Cut(k.name, ".")
		i := slices.IndexFunc(decoded, func(p Problem) bool { return p.Key == k.name })
		switch {
		case slices.Contains(broken, group):
		case i >= 0:
			problems = append(problems, decoded[i])
		default:
			if text := cmp.Or(k.check(c), found[k.name]); text != "" {
				problems = append(problems, Problem{Key: k.name, Wrong: text, Example: k.example})
			}
		}
	}
	return problems
}

func groupExample(keys []key, group string) string {
	i := slices.IndexFunc(keys, func(k key) bool { return strings.HasPrefix(k.name, group+".") })
	return group + ": { " + strings.TrimPrefix(keys[i].name, group+".") + ": " + keys[i].example + " }"
}

// finish brings values into the one form the rest of the program sees. What cannot be brought there is left for the checks.
func finish(c *Config) {
	c.Service.Number = strings.ReplaceAll(c.Service.Number, " ", "")
	var numbers []string
	for _, n := range c.Sending.Preview {
		if n = strings.ReplaceAll(n, " ", ""); !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	c.Sending.Preview = numbers
	for _, path := range []*string{&c.DataDir, &c.SpoolDir, &c.Forget.KeyFile} {
		if abs, err := filepath.Abs(*path); err == nil && *path != "" {
			*path = abs
		}
	}
	location, err := time.LoadLocation(c.Sending.Timezone)
	if err != nil {
		location = time.UTC
	}
	c.Sending.Location = location
	if day := c.Service.Launch; !day.IsZero() {
		c.Service.Launch = midnight(day, location)
	}
	c.Sending.Election = c.Sending.Election.in(location)
}

// line is for what ends inside an answer: short, because answers have a limit, and on one line, because answers are laid out.
func line(s string, least, most int) string {
	n := utf8.RuneCountInString(s)
	switch {
	case n == 0 && least > 0:
		return "must not be empty"
	case n > most:
		return fmt.Sprintf("has %d characters, at most %d are allowed", n, most)
	case strings.ContainsFunc(s, unicode.IsControl):
		return "must be one line without control characters"
	}
	return ""
}

// number does not guess a missing country code: a wrong guess would let somebody else's phone pair.
func number(s string) string {
	switch {
	case s == "":
		return "must not be empty: it is the only number that may be paired"
	case !e164.MatchString(s):
		return "must be the number in international form: +, country code, 7 to 15 digits in all"
	}
	return ""
}

func preview(numbers []string) string {
	if len(numbers) > 20 {
		return fmt.Sprintf("has %d numbers, at most 20 are allowed", len(numbers))
	}
	for i, n := range numbers {
		if !e164.MatchString(n) {
			return fmt.Sprintf("entry %d must be a number in international form: +, country code, 7 to 15 digits in all", i+1)
		}
	}
	return ""
}

func launch(day time.Time) string {
	if !day.IsZero() && slip(day) {
		return "must be a day from 2000 to 2100, or empty"
	}
	return ""
}

// slip tells a year that nobody can mean, such as 0202.
func slip(day time.Time) bool {
	return day.Year() < 2000 || day.Year() > 2100
}

func webAddress(s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.ContainsFunc(s, unicode.IsSpace) {
		return "must be an address that starts with https:// or http://, or empty"
	}
	return line(s, 0, 500)
}

func directory(dir string) string {
	if strings.ContainsRune(dir, 0) {
		return "must be a path without control characters"
	}
	return line(dir, 1, 1000)
}

func spoolDirectory(spool, data string) string {
	if text := directory(spool); text != "" {
		return text
	}
	if contains(spool, data) || contains(data, spool) {
		return "must be another folder than data_dir, neither inside it nor around it: staff can read the spool, nobody may read the keys"
	}
	return ""
}

// keyFile keeps the key away from the backups of data_dir, or the hashes there would hide nobody.
func keyFile(file, data string) string {
	if file == "" {
		return ""
	}
	if text := directory(file); text != "" {
		return text
	}
	if contains(data, file) {
		return "must be a file outside data_dir: whoever gets a backup of the hashes must not get their key with it"
	}
	return ""
}

// contains tells whether dir is outer or lies below it, by name only: links are not followed.
func contains(outer, dir string) bool {
	rel, err := filepath.Rel(outer, dir)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, "../")
}

// within has an upper bound for every duration because a pause of days looks exactly like a daemon that hangs.
func within(d, most time.Duration) string {
	if d < 0 || d > most {
		return fmt.Sprintf("is %s, must be from 0s to %s", d, most)
	}
	return ""
}

func from(least, n, most int) string {
	if n < least || n > most {
		return fmt.Sprintf("is %d, must be from %d to %d", n, least, most)
	}
	return ""
}

// dailyLimit has an upper bound so that a limit nobody can reach is not mistaken for one.
func dailyLimit(n int) string {
	if n < 0 || n > 1_000_000 {
		return fmt.Sprintf("is %d, must be from 1 to 1000000, or 0 for no limit", n)
	}
	return ""
}

// hours may span midnight. Two equal times could mean always or never, so they are refused.
func hours(s string) string {
	m := clock.FindStringSubmatch(s)
	if m == nil || m[1] == m[3] {
		return "must be two different times HH:MM-HH:MM; 00:00-24:00 means always"
	}
	return ""
}

func timezone(name string) string {
	// LoadLocation takes "" for UTC and "Local" for whatever the server says, which is not what anybody configured.
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
		return fmt.Sprintf("%q is not a time zone of the IANA database", short(name))
	}
	return ""
}

func logFormat(s string) string {
	if s != "text" && s != "json" {
		return "must be text or json"
	}
	return ""
}
