package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/bot/whatsapp"
	"banditore/store"
	"banditore/store/datadir"
)

const importHelp = `Put people on the list who gave their consent elsewhere, for example at the desk.

FILE, or - for standard input, is CSV with the columns number, given_name,
family_name, comune, consent_at (when) and consent (where and how it was recorded),
separated by semicolons or commas, as export writes it. If anything in it is wrong
nobody is imported, and every line that is wrong is named.

Who is on the list already stays as they are. Who has unsubscribed after giving this
consent is not brought back, as far as that is known: see forget.key_file.

Nothing is sent, and WhatsApp is not asked about anybody. But the first announcement
will be the first message from this number to people who never wrote to it, and
WhatsApp restricts or bans numbers for that; from its second warning on, messages to
those who never wrote wait by themselves. It is safer to ask people to write
"Attiva Notizie" themselves. The command therefore asks, or needs --yes.`

// maxImport is more than a list of 100,000 people takes.
const maxImport = 32 << 20

// maxProblems is how many lines are named at most.
const maxProblems = 100

func (a *App) importPeople(load loader) *cobra.Command {
	var dry, yes bool
	c := &cobra.Command{
		Use:     "import FILE.csv | -",
		Short:   "Put people on the list whose consent was recorded elsewhere",
		Long:    importHelp,
		Example: "  banditore subscribers import sportello.csv --dry-run\n  banditore subscribers import sportello.csv", Annotations: about("subscribers"),
		Args: oneArg("FILE.csv"),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := load()
			if err != nil {
				return err
			}
			list, err := a.readPeople(cmd.Context(), args[0], cfg)
			if err != nil {
				return err
			}
			if dry {
				return a.tryImport(cmd.Context(), cfg, list)
			}
			return a.carryOutImport(cmd.Context(), cfg, list, yes)
		},
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would happen, and change nothing")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

// readPeople reads the file, or says everything that is wrong with it.
func (a *App) readPeople(ctx context.Context, file string, cfg config.Config) ([]store.Entry, error) {
	content, err := a.readFile(ctx, file)
	if err != nil {
		return nil, fmt.Errorf("read the people: %w", err)
	}
	if file == fromStdin {
		file = "standard input"
	}
	if len(content) > maxImport {
		return nil, fmt.Errorf("%s is larger than %d MiB; import it in parts", file, maxImport>>20)
	}
	list, problems := parseCSV(content, cfg.Sending.Location, time.Now())
	for i, p := range problems {
		if i == maxProblems {
			a.say("and %d more", len(problems)-maxProblems)
			break
		}
		a.say("%s", p)
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("nobody was imported: %s has %d problems", file, len(problems))
	}
	return list, nil
}

// readFile reads one byte more than may be imported at most.
func (a *App) readFile(ctx context.Context, file string) ([]byte, error) {
	if file == fromStdin {
		return a.readStdin(ctx, "Paste the lines of the CSV, and end with Ctrl-D.", maxImport+1)
	}
	f, err := datadir.OpenOutside(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxImport+1))
}

// tryImport says what an import would do.
func (a *App) tryImport(ctx context.Context, cfg config.Config, list []store.Entry) error {
	db, err := openToChange(ctx, cfg)
	if errors.Is(err, store.ErrNoDatabase) {
		a.tellImport("would be imported", store.Imported{Added: len(list)})
		return nil
	}
	if err != nil {
		return err
	}
	defer db.Close()
	if err := a.audit(cfg, "subscribers import --dry-run", len(list)); err != nil {
		return err
	}
	n, err := importInto(ctx, cfg, db, list, true)
	if err != nil {
		return err
	}
	a.tellImport("would be imported", n)
	return nil
}

func (a *App) carryOutImport(ctx context.Context, cfg config.Config, list []store.Entry, yes bool) error {
	db, err := store.Open(ctx, cfg.DataDir)
	if err != nil {
		return err
	}
	defer db.Close()
	n, err := importInto(ctx, cfg, db, list, true)
	if err != nil {
		return err
	}
	if n.Added > 0 {
		a.say("%d people will be put on the list. They never wrote to this number: when the first announcement reaches\n"+
			"them, WhatsApp may restrict or ban it. Nothing is sent now, and WhatsApp is not asked about anybody.", n.Added)
		if err := a.confirm(yes); err != nil {
			return err
		}
	}
	if err := a.audit(cfg, "subscribers import", n.Added); err != nil {
		return err
	}
	if n, err = importInto(ctx, cfg, db, list, false); err != nil {
		return err
	}
	a.tellImport("imported", n)
	return nil
}

func (a *App) tellImport(done string, n store.Imported) {
	fmt.Fprintf(a.Stdout, "%s: %d\non the list already, and unchanged: %d\nleft after this consent, and not brought back: %d\n", done, n.Added, n.Listed, n.Unsubscribed)
}

func importInto(ctx context.Context, cfg config.Config, db *store.Store, list []store.Entry, try bool) (n store.Imported, err error) {
	gone, err := store.OpenForgotten(cfg.DataDir, cfg.Forget.KeyFile)
	if err != nil {
		return n, err
	}
	if err := recognise(ctx, cfg, db, list); err != nil {
		return n, err
	}
	return db.Import(ctx, list, gone, time.Now(), try)
}

// recognise completes the numbers of people who are on the list by their LID
// alone, as far as WhatsApp's library has come to know them: on it twice, they
// would be shown everything twice.
func recognise(ctx context.Context, cfg config.Config, db *store.Store, list []store.Entry) error {
	hidden := map[store.Number]store.LID{}
	for s, err := range db.Subscribers(ctx) {
		if err != nil {
			return err
		}
		if s.Number != "" {
			continue
		}
		known, err := whatsapp.Counterpart(ctx, cfg.DataDir, whatsapp.Address{LID: string(s.LID)})
		if err != nil {
			return err
		}
		if known.Number != "" {
			hidden[store.Number(known.Number)] = s.LID
		}
	}
	for i, e := range list {
		if lid, ok := hidden[e.Number]; ok && e.Number != "" && e.LID == "" {
			list[i].LID = lid
		}
	}
	return nil
}
