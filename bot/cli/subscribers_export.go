package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/bot/inbox"
	"banditore/bot/settings"
	"banditore/store"
	"banditore/store/datadir"
)

const exportHelp = `Without a number, print the whole list: as CSV that an Italian Excel opens with a
double click (UTF-8 with BOM, semicolons), or as JSON with the words of every
registration. A ' before a number, or before anything else that a spreadsheet would
take for a formula, keeps it a text; import takes it away again.

With a number or a code, print everything held on one person, for that person (art. 15 and 20
GDPR): as Italian text, or as JSON with every announcement and answer. When nothing
is held it fails and says so. With - the number or the code is read from standard
input, so that it stands in no list of processes and no shell's history.

--output writes a new file that nobody else can read, and overwrites none.`

// exported is one entry of `subscribers export --json`; its names are an interface.
type exported struct {
	subscriber
	Evidence *evidenceJSON `json:"evidence"`
}

func (a *App) export(load loader, asJSON *bool) *cobra.Command {
	var who whom
	var output string
	c := &cobra.Command{
		Use:     "export [NUMBER | CODE | --lid LID | -]",
		Short:   "Print the whole list as CSV, or all data of one person for that person",
		Long:    exportHelp,
		Example: "  banditore subscribers export --output iscritti.csv\n  banditore subscribers export +393331234567\n  banditore subscribers export -", Annotations: about("privacy"),
		Args: onePerson,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && who.lid == "" {
				return a.exportList(cmd.Context(), load, *asJSON, output)
			}
			p, err := who.onePerson(cmd.Context(), a, args)
			if err != nil {
				return err
			}
			return a.exportPerson(cmd.Context(), load, p, *asJSON, output)
		},
	}
	who.flag(c)
	c.Flags().StringVar(&output, "output", "", "write to a new `FILE` instead of standard output")
	return c
}

func (a *App) exportList(ctx context.Context, load loader, asJSON bool, output string) error {
	cfg, list, err := a.readSubscribers(ctx, load, "subscribers export")
	if err != nil {
		return err
	}
	now := time.Now()
	return a.writeTo(output, func(w io.Writer) error {
		if !asJSON {
			return writeCSV(w, list, cfg.Sending.Location, now)
		}
		people := []exported{}
		for _, s := range list {
			people = append(people, exported{asListed(s, now), asEvidence(s.Evidence, time.Time.UTC)})
		}
		return writeJSON(w, people)
	})
}

func (a *App) exportPerson(ctx context.Context, load loader, p someone, asJSON bool, output string) error {
	var text string
	h, err := a.readPerson(ctx, load, p, "subscribers export NUMBER", func(cfg config.Config, r store.Record) error {
		texts, err := settings.Texts(cfg)
		if err != nil {
			return err
		}
		text = texts.HeldText(time.Now(), inbox.Held(r))
		return nil
	})
	if err != nil {
		return err
	}
	if a.Terminal && output == "" {
		text = shownLines(text)
	}
	return a.writeTo(output, func(w io.Writer) error {
		if asJSON {
			return writeJSON(w, h)
		}
		_, err := fmt.Fprintln(w, text)
		return err
	})
}

// writeTo writes to standard output, or to a new file for its owner's eyes only,
// which is there whole or not at all.
func (a *App) writeTo(path string, write func(io.Writer) error) (err error) {
	if path == "" {
		return write(a.Stdout)
	}
	f, err := datadir.CreateOutside(path)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, and is not overwritten; give another name", path)
	}
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	if err := errors.Join(write(f), datadir.SyncOutside(f, path)); err != nil {
		return errors.Join(fmt.Errorf("write the export: %w", err), datadir.Discard(f, path))
	}
	return f.Close()
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(lines{w, plainJSON})
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
