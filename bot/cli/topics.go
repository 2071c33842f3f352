package cli

import (
	"embed"
	"fmt"
	"path"
	"strings"

	"github.com/spf13/cobra"
)

// topicFiles are pages of `banditore help TOPIC`: a title, an empty line, and
// text whose paragraphs are one line each.
//
//go:embed help/*.txt
var topicFiles embed.FS

// topics are pages beside the commands. Cobra takes a command that does nothing
// for one, and lists it.
func (a *App) topics() []*cobra.Command {
	entries, err := topicFiles.ReadDir("help")
	if err != nil {
		return nil // it is in the binary
	}
	var pages []*cobra.Command
	for _, e := range entries {
		text, err := topicFiles.ReadFile(path.Join("help", e.Name()))
		if err != nil {
			continue
		}
		title, _, _ := strings.Cut(string(text), "\n")
		page := &cobra.Command{Use: strings.TrimSuffix(e.Name(), ".txt"), Short: title, Long: string(text)}
		page.SetHelpFunc(func(*cobra.Command, []string) {
			w := a.window()
			if w.columns == 0 {
				w.columns = usualColumns
			}
			fmt.Fprintln(a.Stdout, strings.Join(w.wrap(string(text)), "\n"))
		})
		pages = append(pages, page)
	}
	return pages
}
