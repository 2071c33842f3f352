package report

import (
	"fmt"
	"strings"
	"time"

	"banditore/bot/config"
	"banditore/bot/settings"
	"banditore/store"
)

// StateWord says in Italian how an announcement stands at now.
func StateWord(a store.Announcement, cfg config.Config, now time.Time) string {
	switch {
	case a.Withdrawal != nil:
		return "ritirato"
	case a.State == store.Stopped && a.CorrectedBy != "":
		return "rettificato"
	case a.State == store.Stopped:
		return "fermato"
	case a.State == store.Finished && a.Expired > 0:
		return "scaduto"
	case a.State == store.Finished && a.Recipients == 0:
		return "senza destinatari"
	case a.State == store.Finished && a.Sent == 0:
		return "non inviato"
	case a.State == store.Finished:
		return "inviato"
	case a.Held:
		return "sospeso"
	case settings.Election(cfg, now) && a.Priority == store.Ordinary:
		return "in attesa della fine del periodo elettorale"
	case a.Sent == 0:
		return "in attesa"
	default:
		return "in invio"
	}
}

// KindWord says in Italian what sort of announcement it is.
func KindWord(a store.Announcement) string {
	switch {
	case a.Preview:
		return "prova"
	case a.Kind == store.KindCorrection:
		return "rettifica di " + a.CorrectsName
	case a.Urgent:
		return "urgente"
	}
	return "ordinario"
}

// ModeWords says in Italian how many of the list get not all news; empty: all do.
func ModeWords(m store.Modes) string {
	var words []string
	for _, mode := range []struct {
		count int
		what  string
	}{{m.Paused, "in pausa"}, {m.Urgent, "soltanto per gli avvisi urgenti"}} {
		if mode.count > 0 {
			words = append(words, fmt.Sprintf("%d %s", mode.count, mode.what))
		}
	}
	return strings.Join(words, ", ")
}

// ReasonWords says in Italian why a message was not sent.
func ReasonWords(r store.Reason) string {
	switch r {
	case store.Unreachable:
		return "il numero non è su WhatsApp, o nessun suo telefono può leggere"
	case store.Unanswered:
		return "WhatsApp non ha mai confermato l'invio, neanche dopo vari tentativi"
	case store.NoToken:
		return "WhatsApp non lascia scrivere a questa persona finché non scrive di nuovo lei"
	case store.Unacceptable:
		return "WhatsApp non accetta questo messaggio"
	default: // the word of an older version among them
		return "WhatsApp ha rifiutato il messaggio, anche dopo vari tentativi"
	}
}

// In shows a time where now is; the zero time stays zero.
func In(now, t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(now.Location())
}
