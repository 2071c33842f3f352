package config

import (
	"fmt"
	"io/fs"
	"strings"
)

// NotFoundError says that there is no configuration file in any of the places that were looked at.
type NotFoundError struct {
	// Tried are the paths in the order they were tried; never empty.
	Tried []string
}

// Error names the places, and what to do.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no configuration file found, looked for %s; copy config.example.yaml to one of them, or name one with --config FILE",
		strings.Join(e.Tried, " and "))
}

// Unwrap makes errors.Is(err, fs.ErrNotExist) true.
func (e *NotFoundError) Unwrap() error { return fs.ErrNotExist }

// Error lists everything that is wrong with the settings.
type Error struct {
	// File is the configuration file that was read.
	File string
	// Problems is never empty: first what concerns the file, then the keys in the order of config.example.yaml, then unknown keys.
	Problems []Problem
}

// Error is the Lines. It holds no preview number.
func (e *Error) Error() string { return strings.Join(e.Lines(), "\n") }

// Lines are one for the file and one for each problem. What they repeat of the file may hold any character.
func (e *Error) Lines() []string {
	lines := []string{fmt.Sprintf("configuration %s: %d to correct", e.File, len(e.Problems))}
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return lines
}

// Problem is one thing that is wrong.
type Problem struct {
	// Key is the dotted key, such as "sending.every", the environment variable when that is misspelt, or the file's path.
	Key string
	// Wrong says what is wrong and, where there are limits, what they are.
	Wrong string
	// Example is a value, or a line of the file, that would be right; may be empty.
	Example string
}

// String is one line: "key: what is wrong; for example: ...".
func (p Problem) String() string {
	line := p.Key + ": " + p.Wrong
	if p.Example != "" {
		line += "; for example: " + p.Example
	}
	return strings.ReplaceAll(line, "\n", " ")
}

// nearest returns the name closest to what was written, or "" when nothing is close enough to be a slip of the finger.
func nearest(written string, names []string) string {
	best, limit := "", max(2, len(written)/4)+1
	for _, name := range names {
		if d := distance(written, name); d < limit {
			best, limit = name, d
		}
	}
	return best
}

// distance is Levenshtein's, in bytes: keys are ASCII.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
