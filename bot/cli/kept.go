package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// The table of what is kept is part of `banditore help privacy`. It is written from the
// rows in kept_rows.go, which name every table and column of store.db, every table of
// session.db and every file of data_dir and of the spool, and from the periods that
// the program itself goes by: tests compare it with what is really there.

// kept is one row: what, where, and all that the register of processing (art. 30 GDPR)
// and the notice (art. 13, 14) must say of it.
type kept struct {
	what   string
	where  []holder
	why    string // the purpose
	basis  string
	long   string // for how long
	reader string // who can read it
	erased string // how it goes
}

// holder is a place in which something is kept.
type holder struct {
	place  string // store.db, session.db, data_dir, spool_dir, or words
	name   string // a table, or a file; with a * a family of files
	fields string // the columns, with blanks between them; empty: not told apart
}

// label is a holder as people read it.
func (h holder) label() string {
	text := strings.TrimSpace(h.place + " " + h.name)
	if h.fields != "" {
		text += " (" + strings.Join(strings.Fields(h.fields), ", ") + ")"
	}
	return text
}

// keptTable is the rows as a part of the manual.
func keptTable() manual {
	var m manual
	for _, k := range keptRows() {
		var where []string
		for _, h := range k.where {
			where = append(where, h.label())
		}
		m = append(m, block{kind: paragraph, text: strings.ToUpper(k.what)})
		for _, cell := range [][2]string{{"Where", strings.Join(where, "; ")}, {"Purpose", k.why}, {"Basis", k.basis}, {"Kept", k.long}, {"Read by", k.reader}, {"Erased", k.erased}} {
			if cell[1] != "" {
				m = append(m, block{kind: explanation, mark: cell[0], text: cell[1]})
			}
		}
	}
	return m
}

// withTable puts the table, and the sentences of the Italian notice, where a topic asks
// for them.
func withTable(m manual) manual {
	var whole manual
	sentences := italianPeriods()
	for _, b := range m {
		if b.text == "{{kept}}" {
			whole = append(whole, keptTable()...)
			continue
		}
		if sentence, ok := sentences[b.text]; ok {
			b.text = sentence
		}
		whole = append(whole, b)
	}
	return whole
}

// italianPeriods are the sentences of the notice that have a figure in them.
func italianPeriods() map[string]string {
	days := func(d time.Duration) int { return int(d / (24 * time.Hour)) }
	s := store.Kept()
	return map[string]string{
		"{{deliveries}}": fmt.Sprintf("Chi ha avuto quale avviso: %v giorni dopo l'ultimo messaggio (forget.deliveries_days); restano solo i conteggi.", config.Default("forget.deliveries_days")),
		"{{answers}}":    fmt.Sprintf("Le risposte e le tracce dei messaggi: %d giorni; il testo di «I miei dati» non è conservato.", days(s.Answers)),
		"{{incomplete}}": fmt.Sprintf("Un'iscrizione non finita: %v ore (forget.incomplete_hours).", config.Default("forget.incomplete_hours")),
		"{{stranger}}":   fmt.Sprintf("Chi scrive senza iscriversi: %d ore.", int(s.Stranger/time.Hour)),
		"{{unmatched}}":  fmt.Sprintf("L'impronta, con chiave, di una cancellazione di cui non si sa ancora di chi sia: %d giorni.", days(s.Unmatched)),
		"{{remember}}": fmt.Sprintf("Se si usa forget.key_file, l'impronta con chiave (dato pseudonimo) di chi si è cancellato: %v giorni (forget.remember_days), perché una copia di sicurezza "+
			"non lo riporti nell'elenco.", config.Default("forget.remember_days")),
		"{{audit}}": fmt.Sprintf("Il registro di chi ha consultato i dati: al massimo %d anni.", auditYears),
	}
}

// period is a duration in words; all ours are whole seconds, minutes, hours or days.
func period(d time.Duration) string {
	const day = 24 * time.Hour
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{day, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		if n := d / unit.of; n > 0 && d%unit.of == 0 {
			if n == 1 {
				return "1 " + unit.name
			}
			return strconv.Itoa(int(n)) + " " + unit.name + "s"
		}
	}
	return d.String()
}

// set names a setting with its default.
func set(key, unit string) string {
	return fmt.Sprintf("%s (%v %s, unless it is set otherwise)", key, config.Default(key), unit)
}

// periods are the figures of the table.
type periods struct {
	store.Periods
	Incomplete, Deliveries, Remember string // settings
	Notice, Audit                    string
}

func periodsOf() periods {
	return periods{
		Periods:    store.Kept(),
		Incomplete: set("forget.incomplete_hours", "hours"),
		Deliveries: set("forget.deliveries_days", "days"),
		Remember:   set("forget.remember_days", "days"),
		Notice:     period(whatsapp.NoticeLimit),
		Audit:      fmt.Sprintf("%d years", auditYears),
	}
}
