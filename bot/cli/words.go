package cli

// What the comms officer reads while pairing is Italian; it goes to standard
// error, so that standard output holds nothing but the code.

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"banditore/bot"
	"banditore/bot/config"
	"banditore/bot/whatsapp"
)

func (a *App) say(format string, args ...any) { fmt.Fprintf(a.Stderr, format+"\n", args...) }

// showCodes pairs, with words for the person who holds the phone.
func (a *App) showCodes(ctx context.Context, b *bot.Bot, cfg config.Config) error {
	a.say("Sul telefono del Comune (%s) apri WhatsApp → Impostazioni → Dispositivi collegati → Collega un dispositivo,\n"+
		"poi inquadra il codice. Se il codice non entra nella finestra, allargala o rimpicciolisci il carattere.", cfg.Service.Number)
	err := b.Pair(ctx, whatsapp.Screen{
		Code: func(code string, valid time.Duration) {
			whatsapp.DrawQR(a.Stdout, code, a.Terminal)
			if !a.Terminal {
				fmt.Fprintln(a.Stdout, code)
			}
			a.say("Il codice vale %d secondi; poi ne arriva un altro.", int(valid.Seconds()))
		},
		Trouble: func(err error) {
			a.say("WhatsApp non è raggiungibile (%v): ritento fra poco. Controlla la connessione a Internet.", err)
		},
		Linked: func() { a.say("Fatto: il telefono del Comune è collegato.") },
		WrongPhone: func(number string) {
			a.say("Questo telefono (%s) non è quello del Comune: collegamento rifiutato.\n"+
				"Usa il telefono con il numero %s: fra poco appare un altro codice.", number, cfg.Service.Number)
		},
	})
	if ctx.Err() != nil && !b.Paired() {
		return errNotPaired // they have had enough of it
	}
	return err
}

// logger writes the daemon's log to standard error, as journald expects it.
func (a *App) logger(cfg config.Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: cfg.Log.Level}
	if cfg.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(a.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(a.Stderr, o))
}

// printable keeps control characters, which a file name or a name may hold,
// from reaching a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '_'
		}
		return r
	}, s)
}

// printableLines is printable for a text of several lines.
func printableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, "\n")
}

func (a *App) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of banditore and of the WhatsApp library",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			info, ok := debug.ReadBuildInfo()
			if !ok {
				return fmt.Errorf("this binary carries no version")
			}
			fmt.Fprintf(a.Stdout, "banditore %s\n", revision(info))
			for _, m := range info.Deps {
				if m.Path == "go.mau.fi/whatsmeow" {
					fmt.Fprintf(a.Stdout, "whatsmeow %s\n", m.Version)
				}
			}
			fmt.Fprintln(a.Stdout, info.GoVersion)
			return nil
		},
	}
}

// revision is the module's version, or the commit it was built from.
func revision(info *debug.BuildInfo) string {
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (version == "" || version == "(devel)") {
			return s.Value
		}
	}
	return version
}
