package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/viper"
)

// maxFile is far above any real configuration and far below what would hurt to parse.
const maxFile = 1 << 20

const envPrefix = "BANDITORE_"

// Source says where settings come from.
type Source struct {
	// Path is the file to read. When it is empty, the first of Search that exists is read.
	Path   string
	Search []string
	// Environ is a list of "NAME=value", as os.Environ returns it.
	Environ []string
	// Check, if there is one, looks at what this package cannot judge.
	Check Check
}

// Check finds what is wrong with settings, by key: what is said there appears in the [*Error] beside all other problems, with the key's
// example. It must bear settings that are not within their bounds.
type Check func(Config) map[string]string

// Load reads the file at path and the process's environment. An empty path means /etc/banditore/config.yaml, else ./config.yaml.
// The error is a [*NotFoundError] when no file is there, an [*Error] when settings are wrong, and otherwise says which file could not be
// read and why. On any error the Config is empty. more may be nil.
func Load(path string, more Check) (Config, error) {
	return LoadFrom(Source{
		Path:    path,
		Search:  []string{"/etc/banditore/config.yaml", "./config.yaml"},
		Environ: os.Environ(),
		Check:   more,
	})
}

// LoadFrom is Load for other places and another environment.
func LoadFrom(s Source) (Config, error) {
	path, text, err := s.open()
	if err != nil {
		return Config{}, err
	}
	v := viper.New()
	keys := allKeys()
	for _, k := range keys {
		v.SetDefault(k.name, k.value)
	}
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
		return Config{}, &Error{File: path, Problems: []Problem{notYAML(path, err)}}
	}
	unknown := append(unknownKeys(v, keys), applyEnv(v, keys, s.Environ)...)
	broken := brokenGroups(v, keys)

	c := Config{File: path}
	problems, err := decode(v, keys, &c)
	problems = append(check(&c, keys, s.Check, problems, broken), unknown...)
	if err != nil && len(problems) == 0 {
		return Config{}, fmt.Errorf("read configuration %s: %w", path, err)
	}
	if len(problems) > 0 {
		return Config{}, &Error{File: path, Problems: problems}
	}
	return c, nil
}

// open finds and reads the file. One that exists but cannot be read is an error, never a reason to try the next place.
func (s Source) open() (string, []byte, error) {
	tries := s.Search
	if s.Path != "" {
		tries = []string{s.Path}
	}
	for _, path := range tries {
		text, err := readFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", nil, fmt.Errorf("read configuration: %w; it must be a readable file of at most %d bytes", err, maxFile)
		}
		return path, text, nil
	}
	return "", nil, &NotFoundError{Tried: tries}
}

func readFile(path string) ([]byte, error) {
	// A pipe would block for ever in Open, so what is not a plain file is refused before.
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("not a regular file")}
	}
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = &fs.PathError{Op: "read", Path: path, Err: errors.New("too large")}
	}
	return text, err
}

func notYAML(path string, err error) Problem {
	return Problem{
		Key:     path,
		Wrong:   fmt.Sprintf("is not valid YAML (%v); indent with blanks, never tabs, and quote values that start with @ or +", err),
		Example: `name: "@infoSaronno7"`,
	}
}

// applyEnv lays the environment over the file and reports variables that look like a misspelt key. Other variables with our prefix belong to
// somebody else and are left alone.
func applyEnv(v *viper.Viper, keys []key, environ []string) []Problem {
	names := make(map[string]string, len(keys))
	for _, k := range keys {
		names[k.env()] = k.name
	}
	var problems []Problem
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, envPrefix) || value == "" {
			continue
		}
		if key, ok := names[name]; ok {
			v.Set(key, value)
		} else if right := nearest(name, slices.Sorted(maps.Keys(names))); right != "" {
			problems = append(problems, Problem{Key: name, Wrong: "unknown environment variable, did you mean " + right + "?"})
		}
	}
	return problems
}

// unknownKeys asks for all keys rather than for those UnmarshalExact complains about: it never sees a misspelt key without a value.
func unknownKeys(v *viper.Viper, keys []key) []Problem {
	var names []string
	for _, k := range keys {
		names = append(names, k.name)
	}
	var problems []Problem
	for _, written := range slices.Sorted(slices.Values(v.AllKeys())) {
		if slices.Contains(names, written) || slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, written+".") }) {
			continue
		}
		p := Problem{Key: written, Wrong: "unknown key; config.example.yaml lists all there are"}
		if right := nearest(written, names); right != "" {
			p = Problem{Key: written, Wrong: "unknown key, did you mean " + right + "?"}
		}
		problems = append(problems, p)
	}
	return problems
}

// brokenGroups names the groups, such as sending, that hold nothing or a plain value. Viper lets such a line hide the defaults of the whole
// group, so that pauses would silently become zero.
func brokenGroups(v *viper.Viper, keys []key) []string {
	var groups []string
	for _, k := range keys {
		if group, _, ok := strings.Cut(k.name, "."); ok && !slices.Contains(groups, group) && slices.Contains(v.AllKeys(), group) {
			groups = append(groups, group)
		}
	}
	return groups
}
