package intake

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"syscall"
	"time"

	"banditore/bot/loop"
	"banditore/bot/spool"
	"banditore/store"
)

// Open opens the spool, however long that takes: citizens are heard and
// answered, and what was accepted leaves, while a share is not mounted or its disk
// is full. The spool is the intake's to close; nil means that ctx has ended.
func (i *Intake) Open(ctx context.Context) *spool.Spool {
	for ctx.Err() == nil {
		err := i.tryOpen(ctx)
		if err == nil {
			return i.spool
		}
		if ctx.Err() == nil {
			i.log.Error("spool not usable; it will be tried again", "error", err)
			fault, _ := errors.AsType[*spool.Fault](err)
			i.note(ctx, folderProblem(cmp.Or(fault, &spool.Fault{})))
		}
		loop.Sleep(ctx, nil, time.Now().Add(max(i.cfg.Spool.Scan, scanFloor)))
	}
	return nil
}

func (i *Intake) tryOpen(ctx context.Context) error {
	leaving, err := i.store.Unfiled(ctx)
	if err != nil {
		return err
	}
	i.spool, err = spool.Open(i.cfg.SpoolDir, spool.Options{
		Settle: i.cfg.Spool.Settle, Comune: i.comune, Location: i.cfg.Sending.Location, Logger: i.log, Existing: len(leaving) > 0,
	})
	return err
}

// folderProblem says what is wrong with the spool; nothing when it can be used.
func folderProblem(fault *spool.Fault) store.Problem {
	p := store.Problem{Kind: store.ProblemFolder, Severity: store.Warning}
	switch {
	case fault == nil:
	case errors.Is(fault, fs.ErrNotExist):
		p.Sentence = "La cartella in_invio non c'è più: i file nuovi aspettano, gli avvisi già accettati continuano a partire."
		p.Advice = "Se è stata spostata, rimettila al suo posto. Se quegli avvisi si devono fermare, crea una cartella vuota che si chiami in_invio."
	case errors.Is(fault, syscall.ENOSPC), errors.Is(fault, syscall.EDQUOT):
		p.Sentence = "Il disco della cartella è quasi pieno: i file nuovi aspettano, gli avvisi già accettati continuano a partire."
		p.Advice = "Libera spazio su quel disco: il servizio riprende da solo."
	default:
		p.Sentence = "La cartella degli avvisi non si può usare: i file nuovi aspettano, gli avvisi già accettati continuano a partire."
		p.Advice = "Avvisa chi gestisce il server: che cosa non va lo dicono «banditore check» e il registro del servizio."
	}
	return p
}
