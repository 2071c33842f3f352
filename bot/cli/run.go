package cli

import (
	"context"
	"errors"
	"sync"

	"github.com/spf13/cobra"

	"banditore/bot"
	"banditore/bot/config"
)

func (a *App) run(load loader) *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Run the service until it is told to stop",
		Long: `Run the service until SIGTERM or Ctrl-C. When no phone was ever linked and a
terminal is there, it shows the QR code first. A service that has lost its link runs
all the same: it says what to do, and goes on when "banditore pair" has linked a phone
again. A stop takes ten seconds at most; what was in hand is taken up at the next
start.`,
		Example: "  banditore run --config ./config.yaml", Annotations: about("install"),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var stayed error
			if a.process {
				stayed = startAnew()
			}
			bot.SpareMemory()
			return a.withBot(cmd.Context(), load, func(ctx context.Context, b *bot.Bot, cfg config.Config) error {
				if stayed != nil {
					a.logger(cfg).Warn("what is freed is not overwritten at once", "error", stayed)
				}
				before, err := b.LinkedBefore(ctx)
				if err != nil {
					return err
				}
				if !b.Paired() && !before {
					if !a.Terminal {
						return errNotPaired
					}
					if err := a.pairDialogue(ctx, b.Pair, cfg, pairOptions{goesOn: true, linked: b.Paired}); err != nil {
						return err
					}
				}
				if !b.Paired() && a.Terminal {
					a.say("Nessun telefono è collegato: il servizio parte lo stesso e aspetta. In un altro terminale esegui «banditore pair».")
				}
				aging, stop := context.WithCancel(ctx)
				var wait sync.WaitGroup
				wait.Go(func() { a.ageAudit(aging, cfg) })
				defer wait.Wait()
				defer stop()
				return b.Run(ctx)
			})
		},
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
