package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

const rootHelp = `banditore is a town's news service on WhatsApp: citizens subscribe with a text,
staff drop announcements in a folder, each subscriber gets each of them once.`

// topicKey is the annotation of a command that names its page of the manual.
const topicKey = "topic"

// about names the page that says more than a command's own help.
func about(topic string) map[string]string { return map[string]string{topicKey: topic} }

// helpCommand shows a command's help or a page of the manual; both where both have
// that name.
func (a *App) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "help [COMMAND | TOPIC]",
		Short:       "Show how a command is used, or a page of the manual",
		Long:        "Show how a command is used, or a page of the manual. Alone it lists both.",
		Example:     "  banditore help subscribers import\n  banditore help red-lights",
		Annotations: about("configuration"),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			m := manual{}
			if c, rest, err := root.Find(args); err == nil && len(rest) == 0 {
				m = commandManual(c)
			}
			if t, ok := topicNamed(strings.Join(args, " ")); ok {
				if len(m) > 0 {
					m = append(m[:len(m)-1], block{kind: heading, text: t.title}) // instead of the line that names the page
				} else {
					m = manual{{text: t.title}}
				}
				m = append(m, t.text...)
			}
			if len(m) == 0 {
				return unknownPage(root, args)
			}
			a.show(m)
			return nil
		},
	}
}

// show prints a manual as wide as the window is.
func (a *App) show(m manual) {
	w := a.window()
	if w.columns == 0 {
		w.columns = usualColumns
	}
	fmt.Fprintln(a.Stdout, strings.Join(m.forTerminal(w.columns), "\n"))
}

// commandManual is what --help shows.
func commandManual(c *cobra.Command) manual {
	c.InitDefaultHelpFlag()
	m := append(description(c), block{kind: heading, text: "Usage:"}, block{kind: typed, text: "  " + usageLine(c)})
	m = m.under("Commands:", commandList(c))
	if !c.HasParent() {
		m = m.under("Topics for the Comune's IT (banditore help TOPIC):", topicList(false))
		m = m.under("In italiano, per l'ufficio comunicazione (banditore help ARGOMENTO):", topicList(true))
	}
	m = m.under("Flags:", flagList(c))
	if c.Example != "" {
		m = m.under("Examples:", parseManual(c.Example))
	}
	if page := c.Annotations[topicKey]; page != "" {
		m = append(m, block{text: "More: banditore help " + page})
	}
	return m
}

// commandPart is the part of the manual page about c.
func commandPart(c *cobra.Command) manual {
	m := append(description(c), ownFlags(c)...)
	return append(m, parseManual(c.Example)...)
}

// description is what c does.
func description(c *cobra.Command) manual {
	if c.Long != "" {
		return parseManual(c.Long)
	}
	return parseManual(c.Short + ".")
}

// under adds what is there to list under a heading.
func (m manual) under(title string, list manual) manual {
	if len(list) == 0 {
		return m
	}
	return append(append(m, block{kind: heading, text: title}), list...)
}

// usageLine is how c is called; the flags are listed below it.
func usageLine(c *cobra.Command) string {
	line := c.CommandPath()
	if c.HasAvailableSubCommands() {
		line += " COMMAND"
	} else if _, arguments, any := strings.Cut(c.Use, " "); any {
		line += " " + arguments
	}
	return line + " [flags]"
}

func commandList(c *cobra.Command) manual {
	var m manual
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			m = append(m, block{kind: explanation, mark: sub.Name(), text: sub.Short})
		}
	}
	return m
}

// flagList lists the flags of c, those for every command last.
func flagList(c *cobra.Command) manual {
	return append(ownFlags(c), flagsIn(c.InheritedFlags().FlagUsages())...)
}

// ownFlags lists the flags that c brings in.
func ownFlags(c *cobra.Command) manual {
	return flagsIn(c.LocalNonPersistentFlags().FlagUsages() + c.PersistentFlags().FlagUsages())
}

// flagsIn reads pflag's own list: a flag, its value, three blanks, what it does.
func flagsIn(usages string) manual {
	var m manual
	for line := range strings.Lines(usages) {
		flag, use, _ := strings.Cut(strings.TrimSpace(line), "   ")
		m = append(m, block{kind: explanation, mark: flag, text: strings.TrimSpace(use)})
	}
	return m
}
