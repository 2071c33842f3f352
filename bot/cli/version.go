package cli

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot/notices"
)

func (a *App) version() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the revision, its date and the version of the library",
		Example: "  banditore version", Annotations: about("upgrade"),
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.Stdout, versionText())
			return err
		},
	}
}

// versionText is what this binary says of itself.
func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "banditore: this binary carries no version\n"
	}
	return describe(info)
}

// describe tells what was built, from which revision and its date, with which
// library, by which Go, and under which licence it goes out.
func describe(info *debug.BuildInfo) string {
	var b strings.Builder
	version := info.Main.Version
	if version == "" {
		version = "(devel)"
	}
	fmt.Fprintf(&b, "banditore %s\nrevision  %s\n", version, revision(info.Settings))
	for _, m := range info.Deps {
		if m.Path == "go.mau.fi/whatsmeow" {
			fmt.Fprintf(&b, "whatsmeow %s\n", m.Version)
		}
	}
	fmt.Fprintln(&b, info.GoVersion)
	fmt.Fprintf(&b, "licence   %s; banditore's own sources: %s\n", notices.Combined, notices.Own)
	return b.String()
}

// revision is the commit that was built and when it was made, as git told Go.
func revision(settings []debug.BuildSetting) string {
	told := make(map[string]string)
	for _, s := range settings {
		told[s.Key] = s.Value
	}
	words := told["vcs.revision"]
	if words == "" {
		return "unknown: it was built without git, or outside of its repository"
	}
	if made, err := time.Parse(time.RFC3339, told["vcs.time"]); err == nil {
		words += " of " + made.UTC().Format("2006-01-02 15:04 UTC")
	}
	if told["vcs.modified"] == "true" {
		words += ", with changes that are not in it"
	}
	return words
}
