package bot

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

// openSpool opens the spool, however long that takes: citizens are heard and
// answered, and what was accepted leaves, while a share is not mounted or its disk
// is full. False means that ctx has ended.
func (b *Bot) openSpool(ctx context.Context) bool {
	for ctx.Err() == nil {
		err := b.tryOpenSpool(ctx)
		if err == nil {
			return true
		}
		if ctx.Err() == nil {
			b.log.Error("spool not usable; it will be tried again", "error", err)
			fault, _ := errors.AsType[*spool.Fault](err)
			b.desk.Note(ctx, folderProblem(cmp.Or(fault, &spool.Fault{})))
		}
		loop.Sleep(ctx, nil, time.Now().Add(max(b.cfg.Spool.Scan, scanFloor)))
	}
	return false
}

func (b *Bot) tryOpenSpool(ctx context.Context) error {
	leaving, err := b.store.Unfiled(ctx)
	if err != nil {
		return err
	}
	b.spool, err = spool.Open(b.cfg.SpoolDir, spool.Options{
		Settle: b.cfg.Spool.Settle, Comune: b.reader.Comune, Location: b.cfg.Sending.Location, Logger: b.log, Existing: len(leaving) > 0,
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
