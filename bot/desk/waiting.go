package desk

import (
	"fmt"
	"time"

	"banditore/bot/loop"
	"banditore/bot/pace"
	"banditore/bot/page"
	"banditore/bot/report"
	"banditore/bot/settings"
	"banditore/store"
)

// whyNot says in Italian why nothing of a running announcement leaves at now;
// empty when it does.
func (d *Desk) whyNot(a store.Announcement, o outlook, level page.Level, now time.Time) string {
	soon := now.Add(max(d.cfg.Sending.Every, time.Minute))
	switch {
	case a.Held:
		return "è sospeso da chi gestisce il servizio"
	case d.unlinked():
		return waitsForLink
	case level == page.Bad:
		return "gli invii sono fermi: il motivo è scritto in alto"
	case o.capped:
		return "chi manca è stato importato e non ha mai scritto al servizio: WhatsApp limita per ora i messaggi a chi non ha scritto per primo"
	case o.First.IsZero() && o.Expired > 0:
		return tooLate(a, o.Span)
	case settings.Election(d.cfg, now) && a.Priority == store.Ordinary:
		return "aspetta la fine del periodo elettorale"
	case a.NotBefore.After(now):
		return "parte " + moment(loop.Latest(a.NotBefore, o.First), now)
	case o.uploading:
		return "l'allegato non è ancora su WhatsApp: il caricamento si ripete da solo"
	case a.Priority == store.Ordinary && d.cfg.Service.Launch.After(now):
		return "le notizie cominciano con l'avvio del servizio, il " + report.In(now, d.cfg.Service.Launch).Format("02/01/2006")
	case o.First.IsZero():
		return tooLate(a, o.Span)
	case o.next.After(soon):
		return "chi manca non si è ancora potuto raggiungere: si riprova " + moment(o.First, now)
	case o.First.After(soon) && a.Sent > 0:
		return d.pause(a.Priority, o.full, now) + ": riprende " + moment(o.First, now)
	case o.First.After(soon):
		return d.pause(a.Priority, o.full, now) + ": parte " + moment(o.First, now)
	}
	return ""
}

// waitsForLink is said in the place of a time that nobody knows.
const waitsForLink = "in attesa del collegamento"

func (d *Desk) unlinked() bool {
	return Unlinked(d.link())
}

// pause says in Italian what keeps announcements of a kind from leaving at now.
func (d *Desk) pause(k store.Priority, full bool, now time.Time) string {
	hours := pace.Policy{Hours: d.pace.Hours, Location: d.pace.Location}
	switch {
	case hours.Next(now, pace.State{}, k).After(now):
		return fmt.Sprintf("fuori dall'orario di invio (%s)", d.pace.Hours)
	case full:
		return fmt.Sprintf("il massimo di %d messaggi in 24 ore è raggiunto", d.pace.DailyLimit)
	}
	return "dopo gli avvisi che vengono prima"
}

// tooLate says in Italian why an announcement has no forecast.
func tooLate(a store.Announcement, span pace.Span) string {
	switch {
	case span.Expired == 0:
		return "aspetta che partano gli avvisi che vengono prima"
	case a.Sent > 0:
		return "scade prima di poter riprendere: chi non l'ha ancora ricevuto non lo riceverà"
	}
	return "scade prima di poter partire: se serve ancora, toglilo da in_invio e rimettilo in da_inviare con una scadenza più lontana"
}

// ends says in Italian when the last message leaves; empty: nobody knows.
func ends(span pace.Span, now time.Time) string {
	return Foretold{Span: span}.Ends(now)
}

// late counts what will not leave in time.
func late(span pace.Span) string {
	if span.Expired == 1 {
		return "un messaggio scade prima di partire"
	}
	return fmt.Sprintf("%d messaggi scadono prima di partire", span.Expired)
}

// moment is when something happens, as people say it.
func moment(t, now time.Time) string {
	t = report.In(now, t)
	switch t.Format(time.DateOnly) {
	case now.Format(time.DateOnly):
		return "oggi verso le " + t.Format("15:04")
	case now.AddDate(0, 0, 1).Format(time.DateOnly):
		return "domani verso le " + t.Format("15:04")
	}
	return "il " + t.Format("02/01/2006") + " verso le " + t.Format("15:04")
}
