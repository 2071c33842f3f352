package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/bot/whatsapp"
	"banditore/store"
	"banditore/store/datadir"
)

const (
	clockTolerance = 2 * time.Minute
	diskWanted     = 200 << 20 // bytes: the phone's history is read after a link
)

var errRehearsal = errors.New("pairing would not work now")

// proof is one thing that a new link would need.
type proof struct {
	subject string
	words   string
	todo    string // what to do about it; empty where nothing is wrong
	err     error  // decides the exit code; nil where nothing is wrong
	untried bool   // it could not be looked at
}

func fine(subject, words string, args ...any) proof {
	return proof{subject: subject, words: fmt.Sprintf(words, args...)}
}

func wrong(subject, words, todo string) proof {
	return proof{subject: subject, words: words, todo: todo, err: errRehearsal}
}

// untried is for what hangs on something else that is wrong.
func untried(subject, words string) proof {
	return proof{subject: subject, words: words, untried: true}
}

// rehearse looks at everything that a new link would need, in the order in which
// it would be needed, and touches nothing of the present one.
func (a *App) rehearse(ctx context.Context, load loader, o pairOptions) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	a.say("Provo tutto quello che servirebbe per collegare il telefono. Il collegamento di adesso non viene toccato.")
	proofs := []proof{a.rehearseWindow(cfg, o), rehearseNumber(ctx, cfg), rehearseRights(cfg), rehearseDisk(cfg)}
	r, err := whatsapp.Rehearse(ctx, whatsapp.Options{Dir: cfg.DataDir, Number: cfg.Service.Number, Device: cfg.Service.Name, Logger: a.logger(cfg), HTTPClient: a.HTTPClient})
	if ctx.Err() != nil {
		return &spokenError{"Interrotto: la prova non è finita.", ctx.Err()}
	}
	if err != nil {
		return &spokenError{"La prova del collegamento non si può fare: serve un po' di spazio nella cartella dei file temporanei (TMPDIR).", err}
	}
	proofs = append(proofs, rehearseNetwork(r), rehearseTLS(r), rehearseClock(r), rehearseVersion(r, time.Now()))
	if r.Refusal != nil && r.VersionAccepted {
		proofs = append(proofs, rehearseRefusal(r.Refusal, cfg))
	}
	return a.printProofs(proofs)
}

func (a *App) rehearseWindow(cfg config.Config, o pairOptions) proof {
	const subject = "terminale"
	w := a.window()
	s := scene{number: cfg.Service.Number, pair: a.pairAgain(), how: o}
	_, fits := s.fit(w)
	switch {
	case o.code || o.png != "":
		return fine(subject, "non serve una finestra grande")
	case !a.Terminal:
		return fine(subject, "chi legge è un programma: il codice esce come disegno e come testo")
	case w.columns == 0 || w.lines == 0:
		return fine(subject, "non dice quanto è grande la finestra: ne servono 61 colonne e 36 righe")
	case !fits:
		columns, lines := s.wants(w)
		return wrong(subject, fmt.Sprintf("la finestra è di %d colonne e %d righe, il codice ne chiede %d e %d", w.columns, w.lines, columns, lines),
			"Ingrandisci la finestra o rimpicciolisci il carattere; altrimenti usa --code o --png FILE.")
	case w.ink == whatsapp.NoInk:
		return fine(subject, "il codice entra, ma senza colori (NO_COLOR o TERM): su sfondo chiaro aggiungi --invert")
	}
	return fine(subject, "il codice entra nella finestra di %d colonne e %d righe", w.columns, w.lines)
}

func rehearseNumber(ctx context.Context, cfg config.Config) proof {
	const subject = "numero"
	number, paired, err := whatsapp.PairedNumber(ctx, cfg.DataDir)
	switch {
	case err != nil:
		return broken(subject, err)
	case paired && number != cfg.Service.Number:
		return wrong(subject, fmt.Sprintf("è configurato %s, ma è collegato %s", cfg.Service.Number, number), "Correggi service.number, o scollega prima l'altro telefono con «banditore unpair».")
	case paired:
		return fine(subject, "%s, quello che è collegato qui", cfg.Service.Number)
	}
	return fine(subject, "%s, non ancora collegato: solo questo sarà accettato", cfg.Service.Number)
}

func rehearseRights(cfg config.Config) proof {
	const subject = "permessi"
	if err := datadir.CheckWritable(cfg.DataDir); err != nil {
		return broken(subject, err)
	}
	return fine(subject, "la cartella dei dati è di %s, che può scriverci", whoami())
}

// broken tells of a directory or a database what the system says, with its
// remedy.
func broken(subject string, err error) proof {
	return proof{subject: subject, words: "la cartella dei dati non si può usare", todo: err.Error(), err: err}
}

func rehearseDisk(cfg config.Config) proof {
	const subject = "disco"
	var s unix.Statfs_t
	if err := unix.Statfs(cfg.DataDir, &s); err != nil {
		return fine(subject, "la cartella dei dati non c'è ancora")
	}
	free := s.Bavail * uint64(s.Bsize)
	if s.Blocks > 0 && free < diskWanted {
		return wrong(subject, fmt.Sprintf("restano %d MB", free>>20), "Libera spazio: dopo il collegamento si legge la cronologia del telefono.")
	}
	return fine(subject, "restano %d MB", free>>20)
}

func rehearseNetwork(r whatsapp.Rehearsal) proof {
	const subject = "rete"
	if r.Reached || r.Cause == whatsapp.CauseCertificate {
		return fine(subject, "WhatsApp è raggiungibile")
	}
	sentence, advice := causeWords(r.Cause)
	return wrong(subject, sentence, advice)
}

func rehearseTLS(r whatsapp.Rehearsal) proof {
	const subject = "TLS"
	switch {
	case r.Reached:
		return fine(subject, "il certificato è quello di WhatsApp")
	case r.Cause == whatsapp.CauseCertificate:
		sentence, advice := causeWords(r.Cause)
		return wrong(subject, sentence, advice)
	}
	return untried(subject, "non provato, perché WhatsApp non è raggiungibile")
}

func rehearseClock(r whatsapp.Rehearsal) proof {
	const subject = "orologio"
	off := r.ClockOff.Abs()
	switch {
	case !r.ClockKnown:
		return untried(subject, "non confrontato: la pagina di WhatsApp non risponde")
	case off > clockTolerance:
		way := "avanti"
		if r.ClockOff < 0 {
			way = "indietro"
		}
		return wrong(subject, fmt.Sprintf("è %s di %v", way, off), "Accendi la sincronizzazione: timedatectl set-ntp true.")
	}
	return fine(subject, "è giusto")
}

func rehearseVersion(r whatsapp.Rehearsal, now time.Time) proof {
	const subject = "versione"
	old := ""
	if r.Version.Age(now) > whatsapp.LibraryLimit {
		old = fmt.Sprintf("; la libreria ha %d giorni: aggiorna banditore presto", int(r.Version.Age(now)/(24*time.Hour)))
	}
	switch {
	case !r.Reached:
		return untried(subject, "non provata, perché WhatsApp non è raggiungibile")
	case r.VersionAccepted:
		return fine(subject, "WhatsApp accetta la %s%s", r.Version.Number, old)
	}
	todo := "Aggiorna banditore."
	if r.Page != "" {
		_, advice := causeWords(r.Page)
		todo += " La pagina con la versione nuova non si può leggere. " + advice
	}
	return wrong(subject, "WhatsApp rifiuta la "+r.Version.Number, todo)
}

func rehearseRefusal(e *whatsapp.StateError, cfg config.Config) proof {
	c := desk.ConditionOf(store.Link{State: string(e.State), Until: e.Until, Code: e.Code}, nil, cfg.Sending.Location)
	return proof{subject: "WhatsApp", words: c.Sentence, todo: c.Advice, err: e}
}

// printProofs prints the list, and returns the first problem.
func (a *App) printProofs(proofs []proof) error {
	var first error
	problems := 0
	w := a.window()
	for _, p := range proofs {
		mark := "ok"
		if p.untried {
			mark = "?"
		}
		if p.err != nil {
			mark = "problema"
			problems++
			if first == nil {
				first = p.err
			}
		}
		lines := []string{fmt.Sprintf("%-8s  %s: %s", mark, p.subject, p.words)}
		if p.todo != "" {
			lines = append(lines, "- "+p.todo)
		}
		fmt.Fprintln(a.Stdout, strings.Join(w.wrap(strings.Join(lines, "\n")), "\n"))
	}
	switch problems {
	case 0:
		a.say("Tutto a posto: il telefono si potrebbe collegare adesso.")
		return nil
	case 1:
		return &spokenError{"C'è un problema: il telefono adesso non si potrebbe collegare.", first}
	}
	return &spokenError{fmt.Sprintf("Ci sono %d problemi: il telefono adesso non si potrebbe collegare.", problems), first}
}
