package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"banditore/bot"
	"banditore/bot/config"
	"banditore/bot/settings"
	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// hurried is the configuration of a Comune that waits for nothing: the number, the data
// directory, the spool.
const hurried = `service:
  name: "@infoSaronno7"
  comune: Saronno
  number: %q
data_dir: %q
spool_dir: %q
sending: {every: 0s, urgent_every: 0s, hours: "00:00-24:00", grace: 0s, holdback: 0s}
answers: {per_minute: 100000}
spool: {settle: 0s}
`

// configFile writes the configuration of a Comune that keeps all in dir.
func configFile(dir, number string) error {
	text := fmt.Sprintf(hurried, number, filepath.Join(dir, "data"), filepath.Join(dir, "spool"))
	return os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(text), 0o600)
}

// Daemon is the process of this program, as `banditore run` is, but for its way to WhatsApp.
type Daemon struct {
	Profiler
	bot    *bot.Bot
	life   context.Context
	begun  bool
	linked chan error // what became of a link that was asked for; nil: none was
	over   chan error // what ended the loops
}

// serveDaemon takes the directory of a Comune, the server's address and, if anything, that the
// log is to be shown.
func serveDaemon(args []string) error {
	bot.SpareMemory()
	cfg, err := config.Load(filepath.Join(args[0], "config.yaml"), settings.Check)
	if err != nil {
		return err
	}
	life, stop := context.WithCancel(context.Background())
	defer stop()
	log := slog.New(slog.DiscardHandler)
	if len(args) > 2 {
		log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	d := &Daemon{life: life, over: make(chan error, 1)}
	d.bot, err = bot.Open(life, cfg, bot.Options{Logger: log, HTTPClient: whatsapptest.Dial(args[1])})
	if err != nil {
		return err
	}
	asked := make(chan error, 1)
	go func() { asked <- serve(d) }()
	select {
	case err = <-asked:
		stop()
		if d.begun {
			err = errors.Join(err, <-d.over)
		}
	case err = <-d.over:
		err = fmt.Errorf("the daemon has ended by itself: %w", err)
	}
	return errors.Join(err, d.bot.Close())
}

// Link asks for a code and answers with it.
func (d *Daemon) Link(_ Nothing, code *string) error {
	codes := make(chan string, 1)
	screen := whatsapp.Screen{Code: func(code string, _ time.Duration) {
		select {
		case codes <- code:
		default: // nobody asks for a second one
		}
	}}
	d.linked = make(chan error, 1)
	go func() { d.linked <- d.bot.Pair(d.life, screen) }()
	select {
	case *code = <-codes:
		return nil
	case err := <-d.linked:
		return fmt.Errorf("no code: %w", err)
	}
}

// Begin waits until the link works, if it is a new one, and begins to work.
func (d *Daemon) Begin(_ Nothing, _ *Nothing) error {
	if d.linked != nil {
		if err := <-d.linked; err != nil {
			return err
		}
	}
	d.begun = true
	go func() { d.over <- d.bot.Run(d.life) }()
	return nil
}
