package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/spf13/cobra"
)

const manHelp = `Write the manual pages below DIR: man1/banditore.1, and man7/banditore-TOPIC.7 for
each topic of "banditore help", from the same texts. After

  banditore man /usr/local/share/man

"man banditore" shows the first, "man banditore-cartella" how staff send something.`

func (a *App) man() *cobra.Command {
	return &cobra.Command{
		Use:         "man DIR",
		Short:       "Write the manual pages",
		Long:        manHelp,
		Example:     "  banditore man /usr/local/share/man",
		Annotations: about("install"),
		Args:        oneArg("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return writeManual(args[0], cmd.Root())
		},
	}
}

// writeManual writes each page below dir, and nowhere else: who may write there is
// not always who runs it.
func writeManual(dir string, root *cobra.Command) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write the manual: %w", err)
	}
	below, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("write the manual: %w", err)
	}
	defer below.Close()
	for file, page := range manualPages(root) {
		if err := below.MkdirAll(path.Dir(file), 0o755); err != nil {
			return fmt.Errorf("write the manual: %w", err)
		}
		if err := writePage(below, file, page); err != nil {
			return fmt.Errorf("write the manual: %w", err)
		}
	}
	return nil
}

// writePage replaces what has the name, and writes through nothing that may be there.
func writePage(below *os.Root, file, page string) error {
	if err := below.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := below.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(page)
	return errors.Join(err, f.Close())
}

// manualPages are all pages, by their place below a folder such as /usr/share/man.
func manualPages(root *cobra.Command) map[string]string {
	pages := map[string]string{"man1/banditore.1": mainPage(root)}
	for _, t := range topics() {
		pages["man7/banditore-"+t.name()+".7"] = t.page()
		for _, other := range t.names[1:] {
			pages["man7/banditore-"+other+".7"] = ".so man7/banditore-" + t.name() + ".7\n"
		}
	}
	return pages
}

// pageHead begins a page. Lines are not filled up to the edge, nor words parted by
// the rules of another language.
func pageHead(name, section, title string) string {
	return fmt.Sprintf(".\\\" -*- coding: utf-8 -*-\n.TH %s %s \"\" banditore banditore\n.nh\n.ad l\n.SH NAME\n%s \\- %s\n",
		argument(strings.ToUpper(name)), section, escape(name), escape(title))
}

// page is the topic as a page of section 7.
func (t topic) page() string {
	first, last := "DESCRIPTION", "SEE ALSO"
	if t.italian {
		first, last = "DESCRIZIONE", "VEDI ANCHE"
	}
	return pageHead("banditore-"+t.name(), "7", t.title) + t.text.roff(first) + ".SH " + argument(last) + "\n.BR banditore (1)\n"
}

// mainPage is the page of the command line: each command with its flags, and what
// the topics say of exit codes, the environment and files.
func mainPage(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString(pageHead("banditore", "1", strings.ToLower(root.Short[:1])+root.Short[1:]))
	b.WriteString(".SH SYNOPSIS\n.B banditore\n.I COMMAND\n[flags]\n")
	b.WriteString(parseManual(root.Long).roff("DESCRIPTION"))
	b.WriteString(flagList(root).roff("OPTIONS"))
	b.WriteString(".SH COMMANDS\n")
	describeCommands(&b, root)
	if t, ok := topicNamed("exit-codes"); ok {
		b.WriteString(t.text.roff("EXIT STATUS"))
	}
	if t, ok := topicNamed("configuration"); ok {
		b.WriteString(t.text.section("Environment").roff("ENVIRONMENT"))
		b.WriteString(t.text.section("Files").roff("FILES"))
	}
	var others manual
	for _, t := range topics() {
		others = append(others, block{kind: explanation, mark: "banditore-" + t.name() + "(7)", text: t.title})
	}
	return b.String() + others.roff("SEE ALSO")
}

// describeCommands writes a part for each command below c.
func describeCommands(b *strings.Builder, c *cobra.Command) {
	for _, sub := range c.Commands() {
		if !sub.IsAvailableCommand() && sub.Name() != "help" {
			continue
		}
		fmt.Fprintf(b, ".SS %s\n", argument(usageLine(sub)))
		b.WriteString(commandPart(sub).roff(""))
		describeCommands(b, sub)
	}
}
