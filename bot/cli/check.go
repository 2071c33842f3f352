package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/bot/link"
	"banditore/bot/settings"
	"banditore/bot/spool"
	"banditore/bot/whatsapp"
	"banditore/store"
	"banditore/store/datadir"
)

// finding is one line of `banditore check`.
type finding struct {
	Subject string `json:"subject"`
	OK      bool   `json:"ok"`
	Words   string `json:"words"`
	err     error  // decides the exit code
}

func (a *App) check(load loader) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Check configuration, directories, database and pairing",
		Long: `Check configuration, directories, database and pairing, and say what is fine
and what is not. It changes nothing that the daemon uses. The exit code is 0 when
all is fine, else that of the first problem.`,
		Example: "  banditore check\n  banditore check --config ./config.yaml", Annotations: about("status"),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			findings := inspect(cmd.Context(), load)
			if asJSON {
				if err := a.json(findings); err != nil {
					return err
				}
			} else {
				a.printFindings(findings)
			}
			return firstProblem(findings)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// inspect looks at one thing after the other; without a configuration there is
// nothing else to look at.
func inspect(ctx context.Context, load loader) []finding {
	cfg, err := load()
	const complete = "complete and within bounds"
	if fault := (*store.Fault)(nil); errors.As(err, &fault) {
		return []finding{found("configuration", complete, nil), found("database", "", err)}
	}
	findings := []finding{found("configuration", complete, err)}
	if err != nil {
		return findings
	}
	words, err := checkDatabase(ctx, cfg)
	findings = append(findings, found("database", words, err))
	findings = append(findings, found("spool", "folders are there, writable and on one file system", checkSpool(ctx, cfg)))
	words, err = checkMinutes(ctx, cfg)
	findings = append(findings, found("minutes", words, err))
	if cfg.Forget.KeyFile != "" {
		_, err = store.OpenForgotten(cfg.DataDir, cfg.Forget.KeyFile)
		findings = append(findings, found("forgetting", "who leaves is remembered by a hash, and its key fits", err))
	}
	words, err = checkPairing(ctx, cfg)
	findings = append(findings, found("pairing", words, err))
	words, err = checkVersion(ctx, cfg)
	findings = append(findings, found("version", words, err))
	words, err = checkDaemon(cfg)
	findings = append(findings, found("daemon", words, err), found("audit", checkJournal(), nil))
	return append(findings, found("channels", "citizens are told how to reach a person", checkChannels(cfg)))
}

func found(subject, words string, err error) finding {
	if err != nil {
		return finding{Subject: subject, Words: legible(err), err: err}
	}
	return finding{Subject: subject, OK: true, Words: words}
}

func checkDatabase(ctx context.Context, cfg config.Config) (string, error) {
	if err := datadir.CheckWritable(cfg.DataDir); err != nil {
		return "", err
	}
	db, err := store.OpenExisting(ctx, cfg.DataDir)
	if errors.Is(err, store.ErrNoDatabase) {
		return "not there yet; the first run creates it", nil
	}
	if err != nil {
		return "", err
	}
	defer db.Close()
	n, err := db.Count(ctx)
	return fmt.Sprintf("sound, %d subscribers", n), err
}

// checkChannels comes last, because the service works as it is: it is the citizen
// whom nobody understands who is left alone.
func checkChannels(cfg config.Config) error {
	if err := settings.Channels(cfg); err != nil {
		return usageError{err}
	}
	return nil
}

// checkSpool makes no spool of the mount point of a share that is away.
func checkSpool(ctx context.Context, cfg config.Config) error {
	leaving := false
	if db, err := store.OpenExisting(ctx, cfg.DataDir); err == nil {
		defer db.Close()
		unfiled, err := db.Unfiled(ctx)
		if err != nil {
			return err
		}
		leaving = len(unfiled) > 0
	}
	return spool.Check(cfg.SpoolDir, leaving)
}

func checkPairing(ctx context.Context, cfg config.Config) (string, error) {
	_, paired, err := whatsapp.PairedNumber(ctx, cfg.DataDir)
	if err != nil {
		return "", err
	}
	switch db, err := store.OpenExisting(ctx, cfg.DataDir); {
	case err == nil:
		defer db.Close()
		if err := link.Numbers(ctx, cfg, db); err != nil {
			return "", err
		}
	case !errors.Is(err, store.ErrNoDatabase):
		return "", err
	}
	if !paired {
		return "", errNotPaired
	}
	return "the Comune's phone is linked, as far as is known without asking WhatsApp", nil
}

// checkVersion says by which version the service introduces itself. An old library
// is no mistake of the installation, but somebody should know.
func checkVersion(ctx context.Context, cfg config.Config) (string, error) {
	v, err := whatsapp.VersionOf(ctx, cfg.DataDir)
	if err != nil {
		return "", err
	}
	x := asVersion(v, cfg, time.Now())
	var words []string
	switch {
	case x.Number != "" && !x.Found.IsZero():
		words = append(words, fmt.Sprintf("%s, told by WhatsApp's page on %s", x.Number, x.Found.Format(time.DateOnly)))
	case x.Number != "":
		words = append(words, x.Number+", the library's own")
	}
	if !x.LookedUp.IsZero() && x.Trouble != "" {
		words = append(words, fmt.Sprintf("the look-up of %s failed (%s)", x.LookedUp.Format(time.DateOnly), x.Trouble))
	}
	switch {
	case x.LibraryDate.IsZero():
		words = append(words, "the age of the library is not known")
	case v.Age(time.Now()) > whatsapp.LibraryLimit:
		words = append(words, fmt.Sprintf("the library is %d days old: WhatsApp refuses old versions after about 77 days, so update banditore", x.LibraryDays))
	default:
		words = append(words, fmt.Sprintf("the library is %d days old", x.LibraryDays))
	}
	return strings.Join(words, "; "), nil
}

func checkDaemon(cfg config.Config) (string, error) {
	pid, held, err := store.LockedBy(cfg.DataDir)
	switch {
	case err != nil:
		return "", err
	case held:
		return fmt.Sprintf("running as process %d", pid), nil
	default:
		return "not running", nil
	}
}

// printFindings puts what is found beside its subject, or below it where the window
// is narrow. Where nobody measured it is not wrapped: a program reads.
func (a *App) printFindings(findings []finding) {
	const beside, narrow, below = 24, 60, 4
	columns, hang := a.window().columns, beside
	if columns > 0 && columns < narrow {
		hang = below
	}
	for _, f := range findings {
		mark := "ok     "
		if !f.OK {
			mark = "PROBLEM"
		}
		head := fmt.Sprintf("%s  %-13s  ", mark, f.Subject)
		if hang == below {
			head = strings.TrimRight(head, " ") + "\n" + strings.Repeat(" ", hang)
		}
		words := wrap(f.Words, max(0, columns-hang))
		fmt.Fprintln(a.Stdout, head+strings.Join(words, "\n"+strings.Repeat(" ", hang)))
	}
}

// firstProblem ends the command with the first problem's exit code. What is
// wrong has been printed in full.
func firstProblem(findings []finding) error {
	for _, f := range findings {
		if !f.OK {
			return fmt.Errorf("%s: %w", f.Subject, f.err)
		}
	}
	return nil
}
