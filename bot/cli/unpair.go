package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"banditore/bot/config"
	"banditore/bot/link"
	"banditore/bot/whatsapp"
	"banditore/store"
)

const unpairHelp = `End the link with the Comune's phone, as if it had been removed on the phone under
Linked devices. The list, the announcements and what waits to leave are kept; nothing
leaves until "banditore pair" links a phone again.

It works for whatever number is linked, also when service.number names another one
already. While the daemon runs the daemon does it. The words are Italian.`

// unpairPatience is how long the command waits for the daemon, which looks for a
// wish every ten seconds and then has to reach WhatsApp.
const unpairPatience = 75 * time.Second

var errNotUnpaired = errors.New("the link has not been ended")

func (a *App) unpair(load loader) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:     "unpair",
		Short:   "End the link with the Comune's phone",
		Long:    unpairHelp,
		Example: "  banditore unpair", Annotations: about("moving"),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := quietly(load)()
			if err != nil {
				return err
			}
			return a.endLink(cmd.Context(), cfg, yes)
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

func (a *App) endLink(ctx context.Context, cfg config.Config, yes bool) error {
	number, paired, err := whatsapp.PairedNumber(ctx, cfg.DataDir)
	if err != nil {
		return err
	}
	if !paired {
		a.say("Nessun telefono è collegato: non c'è nulla da scollegare.")
		return nil
	}
	a.say("Il telefono %s viene scollegato: da quel momento non parte più nulla, finché non lo si collega di nuovo con «banditore pair».\n"+
		"Iscritti e annunci in attesa restano.", number)
	if err := a.confirmItalian(yes); err != nil {
		return err
	}
	p, err := link.OpenUnpairing(ctx, cfg, a.logger(cfg), a.HTTPClient)
	if held, ok := errors.AsType[*store.LockedError](err); ok && held.Session {
		return a.askDaemon(ctx, cfg, held)
	}
	if err != nil {
		return err
	}
	err = p.Unpair(ctx)
	if err = errors.Join(err, p.Close()); err != nil {
		return &spokenError{"Non è stato possibile scollegarlo: WhatsApp non si raggiunge, o non lascia entrare il servizio. Riprova più tardi; " +
			"per toglierlo subito, sul telefono: WhatsApp → Dispositivi collegati.", err}
	}
	a.say(unpairedWords)
	return nil
}

const unpairedWords = "Fatto: il telefono è scollegato, e non elenca più il servizio fra i dispositivi collegati. Quando vuoi riprendere: «banditore pair»."

// askDaemon has the daemon end the link, and waits for it.
func (a *App) askDaemon(ctx context.Context, cfg config.Config, held *store.LockedError) error {
	daemon, running, err := store.LockedBy(cfg.DataDir)
	if err != nil {
		return err
	}
	if !running || daemon != held.PID {
		return &spokenError{fmt.Sprintf("Un altro comando sta già usando il collegamento (processo %d): aspetta che finisca, o chiudilo.", held.PID), held}
	}
	db, err := openToChange(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.AskUnpair(ctx, time.Now()); err != nil {
		return err
	}
	defer func() { _ = db.AskUnpair(context.WithoutCancel(ctx), time.Time{}) }() // nobody waits for it any more
	a.say("Il servizio in esecuzione sta scollegando il telefono: può volerci un minuto.")
	over, err := a.awaitLink(ctx, cfg, unpairPatience, func(store.Link) bool {
		asked, err := db.UnpairAsked(ctx)
		return err == nil && asked.IsZero()
	})
	if err != nil {
		return err
	}
	if _, paired, err := whatsapp.PairedNumber(ctx, cfg.DataDir); err != nil || !paired {
		if err == nil {
			a.say(unpairedWords)
		}
		return err
	}
	if over {
		return &spokenError{"Il servizio non è riuscito a scollegarlo: ora WhatsApp non si raggiunge. Riprova più tardi; " +
			"per toglierlo subito, sul telefono: WhatsApp → Dispositivi collegati.", errNotUnpaired}
	}
	return &spokenError{"Il servizio non ha risposto in tempo, e la richiesta è ritirata: il telefono è ancora collegato. Riprova.", errNotUnpaired}
}

// confirmItalian is confirm for the comms officer.
func (a *App) confirmItalian(yes bool) error {
	if yes {
		return nil
	}
	if a.Stdin == nil {
		return &spokenError{"Non ho fatto nulla: qui nessuno può rispondere. Per scollegare senza domande: «banditore unpair --yes».", usageError{errNotUnpaired}}
	}
	fmt.Fprint(a.Stderr, "Scrivi sì per continuare: ")
	line, _ := bufio.NewReader(a.Stdin).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "sì", "si", "sí":
		return nil
	}
	return &spokenError{"Va bene: non ho fatto nulla.", errNotUnpaired}
}
