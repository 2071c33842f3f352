package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot/settings"
)

func (a *App) messages(load loader) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "messages",
		Short: "Preview the answers that citizens get",
		Long: `Preview the answers that citizens get, with the configuration's own values and an
invented citizen, in the order in which a citizen meets them. Answers that read
differently on some occasion (before the launch date, late, in doubt, after a
death, in another language) are shown each way; the other languages are built in.
It needs neither the daemon nor a database, and sends nothing.`,
		Example: "  banditore messages\n  banditore messages --config ./config.yaml | less", Annotations: about("cittadini"),
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := load()
			if err != nil {
				return err
			}
			samples, err := settings.Samples(cfg, time.Now())
			if err != nil {
				return err
			}
			if asJSON {
				texts := make(map[string]string, len(samples))
				for _, s := range samples {
					texts[s.Name] = s.Text
				}
				return a.json(texts)
			}
			for i, s := range samples {
				title := "messages." + s.Key
				if s.When != "" {
					title += ", " + s.When
				}
				text := s.Text
				if a.Terminal {
					text = shownLines(text)
				}
				fmt.Fprintf(a.Stdout, "%s=== %s\n%s\n", strings.Repeat("\n", min(i, 1)), title, text)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON: an object with the text of each answer")
	return c
}
