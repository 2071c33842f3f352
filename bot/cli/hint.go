package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// misuse is an error of the command line, and the command that says how it is meant.
type misuse struct {
	error
	command string
}

// Unwrap makes it a usageError, for the exit code.
func (e misuse) Unwrap() error { return usageError{e.error} }

// exampleError is an error with a line to type below it.
type exampleError struct{ words, example string }

// Error is the Lines.
func (e exampleError) Error() string { return strings.Join(e.Lines(), "\n") }

// Lines are the words and the example.
func (e exampleError) Lines() []string { return []string{e.words, e.example} }

// noArgs is for commands that take nothing. What was typed may be somebody's number:
// it is not repeated to who looks for a person.
func noArgs(c *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case strings.HasPrefix(c.CommandPath(), "banditore subscribers"):
		return fmt.Errorf("%s takes no arguments", c.CommandPath())
	}
	return fmt.Errorf("%s takes no arguments, and was given %q", c.CommandPath(), args[0])
}

// oneArg is for commands that take one thing, such as a file.
func oneArg(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return exampleError{c.CommandPath() + " needs " + what + ", for example:", firstLine(c.Example)}
		case len(args) > 1:
			return fmt.Errorf("%s takes one %s: a name with blanks in it stands in quotes", c.CommandPath(), what)
		}
		return nil
	}
}

// onePerson is for commands that take somebody's number or code, which is not repeated.
func onePerson(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("%s takes one number or code, without blanks or in quotes; with - several are read from standard input", c.CommandPath())
	}
	return nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// group is for commands that have subcommands alone.
func group(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	words := "unknown command"
	if c.Name() == "subscribers" { // what was typed may be somebody's number
		words = "subscribers has no such command"
	} else {
		words = fmt.Sprintf("%s %q", words, strings.TrimPrefix(c.CommandPath()+" "+args[0], "banditore "))
	}
	return meant(words, commandsLike(c, args[0]))
}

// unknownPage is the answer to help for what is neither command nor topic.
func unknownPage(root *cobra.Command, args []string) error {
	word := args[len(args)-1]
	like := commandsLike(root, word)
	for i := range like {
		like[i] = "banditore help " + strings.TrimPrefix(strings.TrimPrefix(like[i], "banditore "), "help ")
	}
	return misuse{meant("there is no command and no topic of that name", slices.Compact(like)), "banditore"}
}

// meant asks whether one of these was meant.
func meant(words string, these []string) error {
	if len(these) == 0 {
		return errors.New(words)
	}
	return fmt.Errorf("%s; did you mean `%s`?", words, strings.Join(these[:min(len(these), 3)], "` or `"))
}

// commandsLike are the commands below c that are called word, else those of c whose
// name is nearly that, and pages of the manual.
func commandsLike(c *cobra.Command, word string) []string {
	var found []string
	for _, sub := range c.Commands() {
		if slices.Contains(names(sub), word) {
			found = append(found, sub.CommandPath()+" "+word)
		}
	}
	if len(found) > 0 {
		return found
	}
	for _, name := range nearest(word, names(c)) {
		found = append(found, c.CommandPath()+" "+name)
	}
	if c.HasParent() {
		return found
	}
	var pages []string
	for _, t := range topics() {
		pages = append(pages, t.names...)
	}
	for _, name := range nearest(word, pages) {
		found = append(found, "banditore help "+name)
	}
	return found
}

func names(c *cobra.Command) []string {
	var list []string
	for _, sub := range c.Commands() {
		list = append(list, sub.Name())
	}
	return list
}

// nearest are the names that word may be a slip for, as cobra judges its commands.
func nearest(word string, names []string) []string {
	if word == "" {
		return nil
	}
	judge := &cobra.Command{SuggestionsMinimumDistance: 2}
	for _, name := range names {
		judge.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}})
	}
	return judge.SuggestionsFor(word)
}

// specified is pflag's error about a flag that is unknown, or has no value.
type specified interface {
	error
	GetSpecifiedName() string
	GetSpecifiedShortnames() string
}

// flagError says what is wrong with a flag, and which may have been meant.
func flagError(c *cobra.Command, args []string, err error) error {
	e, ok := errors.AsType[specified](err)
	if !ok {
		return misuse{needlessValue(args, err), c.CommandPath()}
	}
	name, dashes := e.GetSpecifiedName(), "--"
	if f := c.Flags().Lookup(name); f != nil {
		_, what, _ := strings.Cut(f.Usage, "`")
		what, _, _ = strings.Cut(what, "`")
		return misuse{fmt.Errorf("--%s needs a value: --%s %s", name, name, what), c.CommandPath()}
	}
	if letters := e.GetSpecifiedShortnames(); letters != "" {
		name, dashes = letters, "-"
	}
	var all []string
	for _, b := range flagList(c) {
		_, flag, _ := strings.Cut(b.mark, "--")
		flag, _, _ = strings.Cut(flag, " ")
		all = append(all, flag)
	}
	like := nearest(name, all)
	for i := range like {
		like[i] = "--" + like[i]
	}
	return misuse{meant("unknown flag: "+dashes+shown(name), like), c.CommandPath()}
}

// needlessValue is err in our words where a flag that is there or not got a value.
func needlessValue(args []string, err error) error {
	e, ok := errors.AsType[interface {
		error
		GetValue() string
	}](err)
	if !ok {
		return err
	}
	for _, arg := range args {
		if flag, value, _ := strings.Cut(arg, "="); strings.HasPrefix(flag, "--") && value == e.GetValue() {
			return fmt.Errorf("%s takes no value: leave out =%s", flag, shown(value))
		}
	}
	return err
}
