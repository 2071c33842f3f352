package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// fromStdin stands on the command line for what is on standard input: a command line
// is seen by all users of the machine while the command runs, and stays in the
// shell's history.
const fromStdin = "-"

// maxNamed is how many people can be named on standard input.
const maxNamed = 10_000

// stdin is standard input, whoever holds the other end. prompt is for who sits at it.
func (a *App) stdin(prompt string) (*keyboard, error) {
	if a.Pasted == nil {
		return nil, usageError{errors.New("there is no standard input")}
	}
	if a.Stdin != nil {
		a.say("%s", prompt)
	}
	return newKeyboard(a.Pasted), nil
}

// readStdin reads all of standard input, but no more than limit bytes.
func (a *App) readStdin(ctx context.Context, prompt string, limit int) ([]byte, error) {
	k, err := a.stdin(prompt)
	if err != nil {
		return nil, err
	}
	var content []byte
	for len(content) < limit {
		b, err := k.next(ctx, nil, nil)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		content = append(content, b)
	}
	return content, nil
}

// people reads whom a command is about: one person, or with - those who stand on
// standard input, one to a line. A person at a terminal ends with an empty line. The
// error does not repeat what was read.
func (w *whom) people(ctx context.Context, a *App, args []string) ([]someone, error) {
	byLID := w.lid == fromStdin && len(args) == 0
	if !byLID && (len(args) != 1 || args[0] != fromStdin || w.lid != "") {
		p, err := w.person(args)
		return []someone{p}, err
	}
	what := "number or code"
	if byLID {
		what = "LID"
	}
	k, err := a.stdin("Type one " + what + " to a line, and end with an empty line.")
	if err != nil {
		return nil, err
	}
	var list []someone
	for number := 1; ; number++ {
		line, err := k.line(ctx)
		line = strings.TrimSpace(strings.TrimPrefix(line, "\uFEFF"))
		switch {
		case errors.Is(err, io.EOF) || (err == nil && line == "" && a.Stdin != nil):
			return list, someNamed(list, what)
		case ctx.Err() != nil:
			return nil, errors.New("interrupted; nothing has been done")
		case err != nil:
			return nil, err
		case line == "":
			continue
		case len(list) == maxNamed:
			return nil, usageError{fmt.Errorf("more than %d people are named on standard input; nothing has been done", maxNamed)}
		}
		p, err := parsePerson(line, byLID)
		if err != nil {
			return nil, usageError{fmt.Errorf("line %d of standard input: %w; nothing has been done", number, err)}
		}
		p.line = number
		list = append(list, p)
	}
}

func someNamed(list []someone, what string) error {
	if len(list) == 0 {
		return usageError{fmt.Errorf("no %s on standard input", what)}
	}
	return nil
}

// onePerson is people for a command about one person.
func (w *whom) onePerson(ctx context.Context, a *App, args []string) (someone, error) {
	list, err := w.people(ctx, a, args)
	if err == nil && len(list) > 1 {
		err = usageError{errors.New("this is done for one person at a time: name one on standard input")}
	}
	if err != nil {
		return someone{}, err
	}
	return list[0], nil
}

// each does something for everybody of a list. Of whom nothing is held, or whose code
// names nobody, is said by their line, and the others are still gone through.
func (a *App) each(list []someone, do func(i int, p someone) error) error {
	unknown := 0
	for i, p := range list {
		err := do(i, p)
		if len(list) > 1 && (errors.Is(err, errNobody) || errors.Is(err, errNoCode)) {
			a.say("line %d: %v", p.line, err)
			unknown++
			continue
		}
		if err != nil {
			return err
		}
	}
	if unknown > 0 {
		return fmt.Errorf("%d of %d could not be found", unknown, len(list))
	}
	return nil
}
