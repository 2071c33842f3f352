package cli

import (
	"context"
	"errors"
	"log/slog"

	"github.com/spf13/cobra"

	"banditore/bot"
	"banditore/bot/config"
)

func (a *App) run(load loader) *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Run the service until it is told to stop",
		Long: `Run the service until SIGTERM or Ctrl-C. When no phone is linked and a terminal
is there, it shows the QR code first. A stop takes ten seconds at most; what was
in hand is taken up at the next start.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withBot(cmd.Context(), load, func(ctx context.Context, b *bot.Bot, cfg config.Config) error {
				if !b.Paired() {
					if !a.Terminal {
						return errNotPaired
					}
					if err := a.showCodes(ctx, b, cfg); err != nil {
						return err
					}
				}
				return b.Run(ctx)
			})
		},
	}
}

func (a *App) pair(load loader) *cobra.Command {
	return &cobra.Command{
		Use:   "pair",
		Short: "Link the Comune's phone by QR code",
		Long: `Show a QR code and wait until the Comune's phone has scanned it: on the phone
open WhatsApp, Linked devices, Link a device. Only the number in service.number
is accepted. Ends by itself when the link is proven.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withBot(cmd.Context(), quietly(load), func(ctx context.Context, b *bot.Bot, cfg config.Config) error {
				if b.Paired() {
					a.say("Il telefono del Comune (%s) è già collegato: non c'è nulla da fare.", cfg.Service.Number)
					return nil
				}
				return a.showCodes(ctx, b, cfg)
			})
		},
	}
}

// quietly keeps the log out of a conversation, unless somebody looks for a
// fault: the library calls errors what belongs to every pairing.
func quietly(load loader) loader {
	return func() (config.Config, error) {
		cfg, err := load()
		if cfg.Log.Level > slog.LevelDebug {
			cfg.Log.Level = slog.LevelError + 1
		}
		return cfg, err
	}
}

// withBot opens the town's data directory around do.
func (a *App) withBot(ctx context.Context, load loader, do func(context.Context, *bot.Bot, config.Config) error) (err error) {
	cfg, err := load()
	if err != nil {
		return err
	}
	b, err := bot.Open(ctx, cfg, bot.Options{Logger: a.logger(cfg), HTTPClient: a.HTTPClient})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return do(ctx, b, cfg)
}
