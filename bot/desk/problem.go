package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp"
	"banditore/store"
)

const (
	// reconnecting is how long a lost connection is no reason to call anybody.
	reconnecting = 10 * time.Minute
	// phoneNotice and phoneWarning are for how long the Comune's phone must have been
	// away: WhatsApp unlinks devices when it is for about 14 days.
	phoneNotice  = 10 * 24 * time.Hour
	phoneWarning = 12 * 24 * time.Hour
)

// Healthy tells whether there is nothing among the problems that somebody has to
// look after.
func Healthy(list []store.Problem) bool {
	return !slices.ContainsFunc(list, func(p store.Problem) bool { return p.Severity != store.Notice })
}

// Problems lists what is wrong with a service in condition c that introduces itself
// by version v, the worst first. It reads the store only.
func Problems(ctx context.Context, cfg config.Config, db *store.Store, c Condition, v whatsapp.Version, now time.Time) ([]store.Problem, error) {
	noted, err := db.Problems(ctx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(noted, func(p store.Problem) bool { return p.Kind == store.ProblemLink }); i >= 0 {
		if k := c.kind(); !c.Healthy && (k == store.ProblemLink || k == store.ProblemVersion) {
			c.Since = noted[i].Since // the words are those of the condition
		}
		noted = slices.Delete(noted, i, i+1)
	}
	var list []store.Problem
	if p, ok := c.problem(now); ok {
		list = append(list, p)
	}
	for _, p := range noted {
		if c.State != stateStopped {
			list = append(list, p)
		}
	}
	if p, ok := versionProblem(v, now); ok {
		list = append(list, p)
	}
	for _, look := range []func(context.Context, *store.Store, Condition, time.Time) (store.Problem, bool, error){phoneProblem, cappingProblem, heldProblem} {
		p, ok, err := look(ctx, db, c, now)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, p)
		}
	}
	for i := range list {
		if !list[i].Since.IsZero() {
			list[i].Since = list[i].Since.In(cfg.Sending.Location)
		}
	}
	rank := []store.Severity{store.Alarm, store.Warning, store.Notice}
	slices.SortStableFunc(list, func(x, y store.Problem) int {
		return cmp.Compare(slices.Index(rank, x.Severity), slices.Index(rank, y.Severity))
	})
	return list, nil
}

// problem is what the condition says, if it is not all right.
func (c Condition) problem(now time.Time) (store.Problem, bool) {
	p := store.Problem{Kind: c.kind(), Since: c.Since, Severity: store.Alarm, Sentence: c.Sentence, Advice: c.Advice}
	switch {
	case c.passing(now):
		p.Severity = store.Notice
	case c.Cause == string(whatsapp.CauseUnlinked):
		p.Severity = store.Warning // somebody wanted it
	}
	return p, !c.Healthy
}

// passing tells of a connection that is made again by itself, as a rule.
func (c Condition) passing(now time.Time) bool {
	s := whatsapp.State(c.State)
	return (s == whatsapp.StateConnecting || s == whatsapp.StateDisconnected) && !c.Since.IsZero() && now.Sub(c.Since) < reconnecting
}

func (c Condition) kind() string {
	switch c.State {
	case stateStopped:
		return store.ProblemDaemon
	case stateDiskFull:
		return store.ProblemDisk
	case string(store.LightFailing), string(store.LightLimited), string(store.LightLocked):
		return store.ProblemSending
	case string(whatsapp.StateOutdated):
		return store.ProblemVersion
	}
	return store.ProblemLink
}

// versionProblem warns before WhatsApp refuses the program: as long as the version
// that it wants can be looked up, an old library is only good to know.
func versionProblem(v whatsapp.Version, now time.Time) (store.Problem, bool) {
	age := v.Age(now)
	if age <= whatsapp.LibraryLimit {
		return store.Problem{}, false
	}
	p := store.Problem{
		Kind: store.ProblemVersion, Since: v.Library.Add(whatsapp.LibraryLimit), Severity: store.Notice,
		Sentence: fmt.Sprintf("Il programma ha %d giorni: WhatsApp rifiuta le versioni vecchie dopo circa 77 giorni.", int(age.Hours()/24)),
		Advice:   "Aggiorna banditore appena c'è una versione nuova.",
	}
	if v.Trouble != "" {
		why, _ := CauseWords(v.Trouble)
		p.Severity = store.Warning
		p.Sentence += " La versione che WhatsApp vuole non si è potuta leggere: " + why + "."
	}
	return p, true
}

func phoneProblem(ctx context.Context, db *store.Store, c Condition, now time.Time) (store.Problem, bool, error) {
	seen, err := db.PhoneSeen(ctx)
	away := now.Sub(seen)
	if err != nil || seen.IsZero() || away <= phoneNotice || c.unlinked() {
		return store.Problem{}, false, err
	}
	p := store.Problem{
		Kind: store.ProblemPhone, Since: seen.Add(phoneNotice), Severity: store.Notice,
		Sentence: fmt.Sprintf("Il telefono del Comune si è visto l'ultima volta %d giorni fa.", int(away.Hours()/24)),
		Advice:   phoneAdvice,
	}
	if away > phoneWarning {
		p.Severity = store.Warning
	}
	return p, true, nil
}

const phoneAdvice = "Accendi il telefono del Comune e apri WhatsApp: se resta lontano per circa 14 giorni, WhatsApp scollega il servizio."

// cappingProblem says what WhatsApp counts. From the second warning on, announcements
// wait for people who have never written.
func cappingProblem(ctx context.Context, db *store.Store, _ Condition, now time.Time) (store.Problem, bool, error) {
	capping, err := db.Capping(ctx, now)
	p := store.Problem{
		Kind: store.ProblemCapping, Since: capping.Since, Severity: store.Notice,
		Sentence: "WhatsApp avverte che il numero del Comune comincia molte conversazioni con chi non ha scritto prima.",
		Advice:   "Dal telefono del Comune non scrivere a chi non ha scritto prima. Per ora gli avvisi partono tutti.",
	}
	switch whatsapp.CappingState(capping.State) {
	case whatsapp.CappingFirst:
	case whatsapp.CappingSecond, whatsapp.CappingFull:
		p.Severity = store.Warning
		p.Sentence = "WhatsApp limita le conversazioni nuove del numero del Comune: chi è iscritto ma non ha mai scritto (importato da un elenco) per ora non riceve gli avvisi, tutti gli altri sì."
		p.Advice = "Non fare nulla: quegli avvisi ripartono da soli. Chi vuole riceverli subito può scrivere «Attiva Notizie» al numero del Comune."
	default:
		return store.Problem{}, false, err
	}
	if capping.Quota > 0 {
		p.Sentence += fmt.Sprintf(" Le ha contate: %d su %d.", capping.Used, capping.Quota)
	}
	return p, err == nil, err
}

func heldProblem(ctx context.Context, db *store.Store, _ Condition, _ time.Time) (store.Problem, bool, error) {
	list, err := db.Unfiled(ctx)
	n, urgent := 0, 0
	for _, a := range list {
		if a.State == store.Running && a.Held {
			n++
			if a.Urgent {
				urgent++
			}
		}
	}
	p := store.Problem{
		Kind: store.ProblemHeld, Severity: store.Notice,
		Sentence: fmt.Sprintf("%d annunci sono sospesi: non partono finché qualcuno non li riprende.", n),
		Advice:   "Guarda quali con «banditore announcements list», poi usa «announcements release» o «announcements cancel».",
	}
	if n == 1 {
		p.Sentence = "Un annuncio è sospeso: non parte finché qualcuno non lo riprende."
	}
	if urgent > 0 {
		p.Kind, p.Severity = store.ProblemHeldAlert, store.Warning
		p.Sentence += fmt.Sprintf(" Urgenti: %d.", urgent)
	}
	return p, n > 0, err
}

// notebook is which problems this process has noted, so that one which is the same
// as before costs nothing. The zero value has noted nothing.
type notebook struct {
	mu    sync.Mutex // guards noted
	noted map[string]store.Problem
}

// changes keeps p, and tells whether it differs from what was noted of its kind.
func (n *notebook) changes(p store.Problem) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if was, known := n.noted[p.Kind]; known && was == p {
		return false
	}
	if n.noted == nil {
		n.noted = make(map[string]store.Problem)
	}
	n.noted[p.Kind] = p
	return true
}

// forget has the next problem of a kind noted again.
func (n *notebook) forget(kind string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.noted, kind)
}

// Note keeps what only the daemon can see, since p.Since or from now on; a problem
// without a sentence is over.
func (d *Desk) Note(ctx context.Context, p store.Problem) {
	noted := store.Problem{Kind: p.Kind, Severity: p.Severity, Sentence: p.Sentence, Advice: p.Advice}
	if !d.problems.changes(noted) {
		return
	}
	var err error
	if p.Sentence == "" {
		err = d.store.ClearProblem(ctx, p.Kind)
	} else {
		if noted.Since = p.Since; noted.Since.IsZero() {
			noted.Since = time.Now()
		}
		err = d.store.SetProblem(ctx, noted)
	}
	if err != nil {
		d.problems.forget(p.Kind)
		d.log.Warn("problem not noted", "kind", p.Kind, "error", err)
	}
	d.changed.Ring()
}
