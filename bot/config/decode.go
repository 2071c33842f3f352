package config

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"
)

// wrong is what is wrong with one value, in words for the reader of the configuration.
type wrong string

// Error is those words.
func (w wrong) Error() string { return string(w) }

// decode fills c and returns one problem for each value of the wrong kind. The error is whatever viper said, those problems included.
func decode(v *viper.Viper, keys []key, c *Config) ([]Problem, error) {
	err := v.UnmarshalExact(c, viper.DecodeHook(mapstructure.DecodeHookFuncType(read)))
	found := make(map[string]string)
	collect(err, found)
	var problems []Problem
	for _, k := range keys {
		if text, ok := found[k.name]; ok {
			problems = append(problems, Problem{Key: k.name, Wrong: text, Example: k.example})
		}
	}
	return problems, err
}

// collect walks the tree of errors that mapstructure joins and keeps those our own hook made, by key.
func collect(err error, found map[string]string) {
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			collect(one, found)
		}
	case *mapstructure.DecodeError:
		var w wrong
		if errors.As(e, &w) {
			found[e.Name()] = string(w)
		}
	case interface{ Unwrap() error }:
		collect(e.Unwrap(), found)
	}
}

// read turns a value of the file or of the environment into the type of its field. It replaces mapstructure's own leniency, which would
// take "every: 5" for five nanoseconds and a list for a name.
func read(_, to reflect.Type, value any) (any, error) {
	switch to {
	case reflect.TypeFor[time.Duration]():
		return readDuration(value)
	case reflect.TypeFor[time.Time]():
		return readDate(value)
	case reflect.TypeFor[Days]():
		return readDays(value)
	case reflect.TypeFor[slog.Level]():
		return readLevel(value)
	case reflect.TypeFor[[]string]():
		return readList(value)
	case reflect.TypeFor[bool]():
		return readBool(value)
	case reflect.TypeFor[int]():
		return readInt(value)
	case reflect.TypeFor[string]():
		return readString(value)
	}
	return value, nil
}

// readString does not turn a bare number into text, but for a telephone number that somebody wrote without quotes.
func readString(value any) (string, error) {
	s, ok := bareNumber(value)
	if !ok {
		s, ok = value.(string)
	}
	if !ok {
		return "", wrong(fmt.Sprintf("must be a text, not %s; put it in quotes", kindOf(value)))
	}
	return strings.TrimSpace(s), nil
}

// bareNumber gives a telephone number without quotes its plus sign back, which YAML has eaten. Fewer than eleven digits
// may be a national number whose country code is missing: that could be somebody else's abroad.
func bareNumber(value any) (string, bool) {
	n, ok := value.(int)
	if !ok || n < 1e10 || n >= 1e15 {
		return "", false
	}
	return fmt.Sprintf("+%d", n), true
}

// readDuration does not take the bare "0" that time.ParseDuration knows: whoever writes no unit may have meant another one.
func readDuration(value any) (time.Duration, error) {
	s, ok := value.(string)
	if !ok {
		return 0, wrong(fmt.Sprintf("must be a duration with its unit (ms, s, m, h), not %s", kindOf(value)))
	}
	s = strings.TrimSpace(s)
	d, err := time.ParseDuration(s)
	if err != nil || s == "0" || s == "+0" || s == "-0" {
		return 0, wrong(fmt.Sprintf("%q is not a duration with its unit (ms, s, m, h)", short(s)))
	}
	return d, nil
}

// readDate takes what YAML already made a date of, and the text the environment holds. The result is midnight UTC, or zero.
func readDate(value any) (time.Time, error) {
	switch d := value.(type) {
	case time.Time:
		if d.Equal(d.Truncate(24 * time.Hour)) {
			return d.UTC(), nil
		}
	case string:
		d = strings.TrimSpace(d)
		if d == "" {
			return time.Time{}, nil
		}
		if t, err := time.Parse(time.DateOnly, d); err == nil {
			return t, nil
		}
	}
	return time.Time{}, wrong("must be a day written year-month-day, or empty")
}

func readLevel(value any) (slog.Level, error) {
	switch s, _ := value.(string); strings.ToLower(s) {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, wrong("must be debug, info, warn or error")
}

// readInt takes a text as well, because that is all an environment variable can be.
func readInt(value any) (int, error) {
	switch n := value.(type) {
	case int:
		return n, nil
	case string:
		if i, err := strconv.Atoi(strings.TrimSpace(n)); err == nil {
			return i, nil
		}
	}
	return 0, wrong("must be a whole number")
}

// readBool takes a text as well, like readInt, but only the two words of YAML.
func readBool(value any) (bool, error) {
	switch b := value.(type) {
	case bool:
		return b, nil
	case string:
		switch strings.ToLower(strings.TrimSpace(b)) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
	}
	return false, wrong("must be true or false")
}

// readList takes a YAML list of texts, or one text with commas. An entry is never repeated in the message: it is somebody's number.
func readList(value any) ([]string, error) {
	switch l := value.(type) {
	case []string:
		return l, nil
	case string:
		var list []string
		for part := range strings.SplitSeq(l, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		return list, nil
	case int:
		if n, ok := bareNumber(l); ok {
			return []string{n}, nil
		}
	case []any:
		list := make([]string, 0, len(l))
		for i, entry := range l {
			s, ok := bareNumber(entry)
			if !ok {
				s, ok = entry.(string)
			}
			if !ok {
				return nil, wrong(fmt.Sprintf("entry %d must be a text, not %s; put it in quotes", i+1, kindOf(entry)))
			}
			list = append(list, strings.TrimSpace(s))
		}
		return list, nil
	}
	return nil, wrong("must be a list of texts, not " + kindOf(value))
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "nothing"
	case bool:
		return "yes or no"
	case int, int64, uint64, float64:
		return "a bare number"
	case time.Time:
		return "a date"
	case []any:
		return "a list"
	}
	return "a group of keys"
}

// short keeps a message readable when a value is not.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
