package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/store"
)

func (a *App) showPerson(load loader, asJSON *bool) *cobra.Command {
	var who whom
	var wording bool
	c := &cobra.Command{
		Use:   "show NUMBER | CODE | --lid LID | -",
		Short: "Print everything held on one person, with the proof of consent",
		Long: `Print everything held on one person: the entry, when and with which words it was
asked for, the version of texts and rules in force then, when it was confirmed, which
news reach them, a question of ours that is open, and what passed between us. CODE is
what "I miei dati" tells a citizen to give to the Comune. --wording prints what that version
says. Without anything held it fails. For a citizen use export.

With - numbers and codes are read from standard input, one to a line, so that they
stand in no list of processes and no shell's history; --json then prints one object
after the other.`,
		Example: "  banditore subscribers show +393331234567 --wording\n  banditore subscribers show K7Q-W3N\n  banditore subscribers show --lid 123456789012345\n  banditore subscribers show - < richieste.txt", Annotations: about("privacy"),
		Args: onePerson,
		RunE: func(cmd *cobra.Command, args []string) error {
			people, err := who.people(cmd.Context(), a, args)
			if err != nil {
				return err
			}
			return a.each(people, func(i int, p someone) error {
				h, err := a.readPerson(cmd.Context(), load, p, "subscribers show", nil)
				if err != nil {
					return err
				}
				if *asJSON {
					if !wording {
						h.withoutText()
					}
					return a.json(h)
				}
				if i > 0 {
					fmt.Fprintln(a.Stdout)
				}
				return a.printPerson(h, wording)
			})
		},
	}
	who.flag(c)
	c.Flags().BoolVar(&wording, "wording", false, "print the texts and rules in force at the registration")
	return c
}

// readPerson reads what is held on p for a command, and notes that it does. What
// is read is also given to use, if there is one.
func (a *App) readPerson(ctx context.Context, load loader, p someone, command string, use func(config.Config, store.Record) error) (h heldJSON, err error) {
	err = withList(ctx, load, func(cfg config.Config, db *store.Store) error {
		r, _, err := find(ctx, cfg, db, p)
		if err != nil {
			return err
		}
		if r.Nothing() {
			if err := a.audit(cfg, command, 0); err != nil {
				return err
			}
			return errNobody
		}
		h = asHeld(r, local(cfg))
		if err := h.explain(ctx, db, local(cfg)); err != nil {
			return err
		}
		if err := a.audit(cfg, command, 1); err != nil {
			return err
		}
		if use != nil {
			return use(cfg, r)
		}
		return nil
	})
	return h, err
}

func (h *heldJSON) withoutText() {
	if h.Evidence != nil && h.Evidence.Wording != nil {
		h.Evidence.Wording.Text = ""
	}
}

// printPerson prints what is held for the IT person, one line for each datum that
// is there. Words are quoted, so that they can be read letter by letter.
func (a *App) printPerson(h heldJSON, wording bool) error {
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, value)
		}
	}
	line("number", h.Number)
	line("LID", h.LID)
	if !h.Subscribed {
		line("on the list", "no")
	} else {
		line("on the list", "since "+moment(h.Since))
		line("name", printable(h.GivenName+" "+h.FamilyName))
		line("comune", printable(h.Comune))
		line("code", h.Code)
		line("gets", h.mode.String())
	}
	h.Evidence.print(line)
	h.Question.print(line)
	line("announcement messages", strconv.Itoa(len(h.Deliveries))+states(h.Deliveries))
	line("answers to them", strconv.Itoa(len(h.Answers)))
	line("texts from them", fmt.Sprintf("%d (IDs and times only)", len(h.Received)))
	line("to be forgotten", moment(h.ForgetAt))
	if err := w.Flush(); err != nil {
		return err
	}
	if wording && h.Evidence != nil && h.Evidence.Wording != nil {
		_, err := fmt.Fprintf(a.Stdout, "\n%s\n", printableLines(h.Evidence.Wording.Text))
		return err
	}
	return nil
}

func (e *evidenceJSON) print(line func(name, value string)) {
	if e == nil {
		return
	}
	if e.Source != "" {
		line("imported with this consent", strconv.Quote(e.Source))
		line("consent given", moment(e.Written))
	} else {
		line("asked for it", moment(e.Written))
	}
	if e.Words != "" {
		line("in these words", strconv.Quote(e.Words))
	}
	line("message", printable(e.MessageID))
	line("confirmed", moment(e.Confirmed))
	if v := e.Wording; v != nil && v.Since.IsZero() {
		line("texts and rules", printable(v.Version)+" (what it says is not kept)")
	} else if v != nil {
		line("texts and rules", printable(v.Version)+", in force since "+moment(v.Since)+" (--wording prints them)")
	}
}

func (q *questionJSON) print(line func(name, value string)) {
	if q == nil {
		return
	}
	about := map[store.Asked]string{
		store.AskedDetails: "what is missing of the registration",
		store.AskedCheck:   "whether the registration was understood",
		store.AskedLeave:   "whether they want to leave",
	}[store.Asked(q.Asked)]
	line("was asked", about+", "+moment(q.Since))
	line("known so far", printable(strings.Join(strings.Fields(q.GivenName+" "+q.FamilyName+" "+q.Comune), " ")))
	line("words", strconv.Quote(q.Words))
}

// moment is a time as show prints it; "" for one that has not come.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04:05 MST")
}

// states counts deliveries by state, as in " (1 failed, 2 read)".
func states(list []deliveryJSON) string {
	count := map[string]int{}
	for _, d := range list {
		count[d.State]++
	}
	var parts []string
	for _, state := range slices.Sorted(maps.Keys(count)) {
		parts = append(parts, fmt.Sprintf("%d %s", count[state], state))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
