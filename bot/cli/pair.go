package cli

// What the comms officer reads while pairing is Italian; it goes to standard
// error, so that standard output holds nothing but the code.

import (
	"context"
	"errors"
	"log/slog"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/bot/whatsapp"
	"banditore/store"
)

const pairHelp = `Show a QR code and wait until the Comune's phone has scanned it: on the phone
open WhatsApp, Linked devices, Link a device. Only the number in service.number
is accepted. Ends by itself when the link is proven.

The code needs a window of 80 columns and 40 lines, or a little less. Where that
cannot be had, --png writes it to a file and --code does without a picture. The
words on the terminal are Italian; they go to standard error. Standard output
holds the code alone, and where it is no terminal also as a line of text.

--rehearse tries terminal, clock, network, version, disk and rights, at any time
and beside the running service, and leaves the present link alone.

If WhatsApp asks for the account's passkey: "banditore help passkey".`

// pairOptions are how the code is shown.
type pairOptions struct {
	png    string // a new file for the code as a picture; empty: the terminal
	code   bool   // eight characters instead of a picture
	invert bool   // light and dark the other way round
	big    bool   // two characters to a module, for fonts without half blocks
	goesOn bool   // the service starts by itself after pairing

	linked func() bool // whether a phone has accepted, proven or not; nil: not known
}

func (a *App) pair(load loader) *cobra.Command {
	var o pairOptions
	var rehearse bool
	c := &cobra.Command{
		Use:     "pair",
		Short:   "Link the Comune's phone by QR code",
		Long:    pairHelp,
		Example: "  banditore pair\n  banditore pair --png /root/code.png\n  banditore pair --rehearse", Annotations: about("collegare"),
		Args: o.args,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if rehearse {
				return a.rehearse(cmd.Context(), quietly(load), o)
			}
			return a.pairBeside(cmd.Context(), quietly(load), o)
		},
	}
	o.flags(c)
	c.Flags().BoolVar(&rehearse, "rehearse", false, "try everything that linking a phone would need, and link none")
	return c
}

func (o *pairOptions) flags(c *cobra.Command) {
	c.Flags().StringVar(&o.png, "png", "", "write the code to a new `FILE` as a picture, and remove it afterwards")
	c.Flags().BoolVar(&o.code, "code", false, "show eight characters to type on the phone instead of a picture")
	c.Flags().BoolVar(&o.invert, "invert", false, "swap light and dark")
	c.Flags().BoolVar(&o.big, "big", false, "draw with whole blocks: needs 122 columns and 62 lines")
}

// args are none, of flags that go together.
func (o *pairOptions) args(c *cobra.Command, args []string) error {
	if o.code && o.png != "" {
		return errors.New("--code and --png are two ways without a terminal window: choose one")
	}
	return noArgs(c, args)
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

// pairer links a phone, and shows on the screen what a person must see and do.
// It returns nil when the link is proven.
type pairer func(context.Context, whatsapp.Screen) error

// linker is the client, or the daemon around it, as pairing needs it.
type linker interface {
	Paired() bool
	Prove(context.Context) error // see [whatsapp.Client.Prove]
	Pair(context.Context, whatsapp.Screen) error
}

// link pairs, unless a link is there and holds: the phone may have ended it while
// nobody listened.
func (a *App) link(ctx context.Context, l linker, cfg config.Config, o pairOptions) error {
	o.linked = l.Paired
	if l.Paired() {
		a.say(provingWords)
		err := l.Prove(ctx)
		if err == nil {
			a.say(provenWords, cfg.Service.Number)
			return nil
		}
		if l.Paired() {
			return a.unproven(ctx, err, cfg)
		}
		a.say(goneWords)
	}
	return a.pairDialogue(ctx, l.Pair, cfg, o)
}

// unproven says why it is not known whether the link holds.
func (a *App) unproven(ctx context.Context, err error, cfg config.Config) error {
	var unreachable *whatsapp.UnreachableError
	if errors.As(err, &unreachable) {
		sentence, advice := causeWords(unreachable.Cause)
		return &spokenError{unprovenWords + sentence + " " + advice, errors.Join(errUnproven, err)}
	}
	return a.pairingEnded(ctx, err, cfg, nil)
}

// pairDialogue pairs, with words for the person who holds the phone. Its error
// is told in Italian.
func (a *App) pairDialogue(ctx context.Context, pair pairer, cfg config.Config, o pairOptions) error {
	if err := a.mayShow(o); err != nil {
		return err
	}
	if !signal.Ignored(syscall.SIGHUP) { // the window is closed: what was shown in a file goes with it
		var stop context.CancelFunc
		ctx, stop = signal.NotifyContext(ctx, syscall.SIGHUP)
		defer stop()
	}
	a.talking.Store(true)
	defer a.talking.Store(false)
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	s, err := a.openStage(cfg, o, giveUp)
	if err != nil {
		return err
	}
	err = pair(ctx, s.screen())
	err = errors.Join(a.pairingEnded(ctx, err, cfg, o.linked), s.close())
	if err == nil {
		a.say("%s", linkedWords(cfg.Service.Number, o.goesOn))
	}
	return err
}

// mayShow refuses to show a code where it would be kept: whoever reads the
// system's log could link a device of their own.
func (a *App) mayShow(o pairOptions) error {
	if o.png == "" && (inJournal(a.Stdout) || inJournal(a.Stderr)) {
		return &spokenError{journalWords, errNotPaired}
	}
	return nil
}

// pairingEnded says in Italian why there is no link.
func (a *App) pairingEnded(ctx context.Context, err error, cfg config.Config, linked func() bool) error {
	if err == nil {
		return nil
	}
	var spoken *spokenError
	var state *whatsapp.StateError
	switch {
	case errors.As(context.Cause(ctx), &spoken):
		return spoken
	case ctx.Err() != nil && linked != nil && linked():
		return &spokenError{scannedWords, err}
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return &spokenError{interruptedWords, errNotPaired}
	case errors.Is(err, whatsapp.ErrPaired):
		return &spokenError{pairedWords, err}
	case errors.Is(err, whatsapp.ErrPairing):
		return &spokenError{pairingUnderWay, err}
	case errors.Is(err, whatsapp.ErrPasskey), errors.Is(err, whatsapp.ErrPasskeyDeclined):
		return &spokenError{noPasskeyWords, err}
	case errors.As(err, &state):
		c := desk.ConditionOf(store.Link{State: string(state.State), Until: state.Until, Code: state.Code}, nil, cfg.Sending.Location)
		return &spokenError{c.Sentence + "\n" + c.Advice, err}
	}
	return err
}
