// Package cli is banditore's command line: subcommands, flags, and words for
// people. It decides nothing about messages.
//
// Results go to standard output, talk to standard error. Every command works
// while the daemon runs and while it does not, except those that need the
// data directory for themselves (run, restore, subscribers handover); they say who
// holds it. The link itself has one owner: pair and unpair wait for it, or say who it is.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"banditore/bot/config"
	"banditore/bot/link"
	"banditore/bot/settings"
	"banditore/bot/spool"
	"banditore/bot/whatsapp"
	"banditore/store"
	"banditore/store/datadir"
)

// Exit codes. The unit file knows 2, 3 and 4: no restart mends them.
const (
	ExitOK        = 0 // done
	ExitFailure   = 1 // something failed; the message says what
	ExitUsage     = 2 // unknown command, wrong flag, or the configuration is wrong
	ExitNotPaired = 3 // the Comune's phone is not linked, or the list or the link is another number's
	ExitHeld      = 4 // another process holds the data directory
	ExitData      = 5 // the data directory or a database cannot be used
	ExitUnhealthy = 6 // the service is not healthy, or it cannot be told whether the link is
)

// App is the command line as a value that a test can run.
type App struct {
	Stdout, Stderr io.Writer

	// Terminal says that a person sits in front of Stdout.
	Terminal bool

	// Stdin is where a person answers questions; nil when nobody is there.
	Stdin io.Reader

	// Pasted is standard input whoever holds the other end: what a person pastes
	// while pairing. Nil when there is none.
	Pasted io.Reader

	// HTTPClient is handed to [bot.Open]: nil in production.
	HTTPClient *http.Client

	process bool        // there is nothing else in it, and it may be started anew
	args    []string    // of the command that runs
	became  string      // whom root goes on as; empty: nobody else
	file    string      // --config
	talking atomic.Bool // a conversation has the terminal: the log keeps quiet
}

// New is the command line of a real process.
func New(stdout, stderr *os.File) *App {
	a := &App{Stdout: stdout, Stderr: stderr, Pasted: os.Stdin, Terminal: term.IsTerminal(int(stdout.Fd())), process: true}
	if term.IsTerminal(int(os.Stdin.Fd())) {
		a.Stdin = os.Stdin
	}
	return a
}

// Run carries out one command and returns the process's exit code. It returns at
// most nine seconds after the end of ctx; then something may still be stuck, and
// the process must end.
func (a *App) Run(ctx context.Context, args []string) (code int) {
	a.args = args
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	err := watched(ctx, func() error { return root.ExecuteContext(ctx) })
	if err == nil {
		return ExitOK
	}
	if errors.Is(err, errUnhealthy) {
		return ExitUnhealthy // all has been said
	}
	if s := (*spokenError)(nil); errors.As(err, &s) {
		a.say("%s", s.words)
	} else {
		fmt.Fprintf(a.Stderr, "banditore: %s\n", legible(err))
		a.explainOwner(err)
		if m, ok := errors.AsType[misuse](err); ok {
			fmt.Fprintf(a.Stderr, "`%s --help` shows how it is used.\n", m.command)
		}
	}
	return exitCode(err)
}

// spokenError is an error told in Italian, to the comms officer; what it wraps
// decides the exit code.
type spokenError struct {
	words string
	err   error
}

// Error is the Italian sentence.
func (e *spokenError) Error() string { return e.words }

// Unwrap gives what decides the exit code.
func (e *spokenError) Unwrap() error { return e.err }

// usageError marks what the person typed wrong, on the command line or in the
// configuration.
type usageError struct{ error }

// Unwrap gives what was wrong.
func (e usageError) Unwrap() error { return e.error }

// errNotPaired ends a command that needs the Comune's phone.
var errNotPaired = errors.New("no phone is linked; run `banditore pair` in a terminal and scan the code with the Comune's phone")

func exitCode(err error) int {
	var (
		usage  usageError
		folder *spool.Fault
		held   *store.LockedError
		fault  *store.Fault
		wa     *whatsapp.Fault
		other  *link.OtherNumberError
	)
	switch {
	case errors.As(err, &usage):
		return ExitUsage
	case errors.Is(err, errNotPaired), errors.Is(err, whatsapp.ErrOtherNumber), errors.As(err, &other):
		return ExitNotPaired
	case errors.Is(err, errUnproven):
		return ExitUnhealthy
	case errors.As(err, &held):
		return ExitHeld
	case errors.As(err, &fault), errors.As(err, &wa), errors.As(err, &folder):
		return ExitData
	default:
		return ExitFailure
	}
}

func (a *App) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "banditore",
		Short:         "A town's news service on WhatsApp",
		Long:          rootHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          group,
		Annotations:   about("install"),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.Version = versionText()
	root.SetVersionTemplate("{{.Version}}")
	root.Flags().Bool("version", false, "print what version prints")
	root.PersistentFlags().StringVar(&a.file, "config", "", "read the configuration from `FILE`")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return flagError(c, a.args, err) })
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { a.show(commandManual(c)) })
	root.SetHelpCommand(a.helpCommand())
	root.CompletionOptions.DisableDefaultCmd = true

	load := func() (config.Config, error) {
		cfg, err := config.Load(a.file, settings.Check)
		if err != nil {
			return cfg, usageError{err}
		}
		if err := a.becomeOwner(cfg); err != nil {
			return cfg, err
		}
		return cfg, datadir.Check(cfg.DataDir)
	}
	root.AddCommand(a.run(load), a.pair(load), a.unpair(load), a.check(load), a.status(load), a.announcements(load), a.subscribers(load), a.messages(load),
		a.backup(load), a.restore(load), a.version(), a.licences(), a.sbom(), a.man())
	markUsage(root)
	return root
}

// markUsage makes wrong arguments of c and its subcommands usage errors.
func markUsage(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return misuse{err, cmd.CommandPath()}
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		markUsage(sub)
	}
}

// loader reads the configuration when a command needs it.
type loader func() (config.Config, error)
