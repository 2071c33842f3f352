package desk

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// longText is where people stop reading on a phone, in characters.
const longText = 900

var (
	secureLink = regexp.MustCompile(`(?i)\bhttps://\S+`)
	// Phones make a link of these too; of what follows an @ they make an e-mail address.
	plainLink  = regexp.MustCompile(`(?i)\bhttp://\S+|(?:^|[^\pL\d./@_-])(?:www\.\S+|(?:[a-z0-9-]+\.)+(?:it|eu|com|org|net)\b(?:/\S*)?)`)
	fiscalCode = regexp.MustCompile(`(?i)\b[A-Z]{3} ?[A-Z]{3} ?\d{2} ?[ABCDEHLMPRST] ?[0-9LMNP-V]{2} ?[A-Z][0-9LMNP-V]{3} ?[A-Z]\b`)
	iban       = regexp.MustCompile(`(?i)\bIT\d{2} ?[A-Z](?: ?\d){10}(?: ?[A-Z0-9]){12}\b`)
	// A mobile number, which may be a person's. Fixed ones and free ones (800) are
	// those of offices: every eighth good announcement names one, and who is
	// warned each time soon reads no warning.
	mobile = regexp.MustCompile(`(?:(?:\+|\b00)39[ (./-]{0,2}|\b)3[2-9]\d[ )./-]{0,3}\d(?:[ ./-]?\d){5,6}\b`)
)

// spaces are what Word and phones write instead of plain spaces and hyphens.
var spaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2011", "-", "\u2013", "-")

// warnings are what somebody should look at once more before an announcement
// leaves, as Italian sentences. None of them keeps it from leaving. They quote
// a date, and nothing that could be about a person. Past is what lies before the
// day on which it leaves.
func warnings(text string, attachments int, leaves time.Time) []string {
	var list []string
	text = strings.TrimSpace(text)
	words := secureLink.ReplaceAllString(spaces.Replace(text), "")
	insecure := plainLink.MatchString(words)
	words = plainLink.ReplaceAllString(words, "") // what looks like a date or a number in a link is none
	if date, ok := pastDate(words, leaves); ok {
		list = append(list, fmt.Sprintf("Nel testo c'è una data che alla partenza sarà già passata (%s).", date))
	}
	if insecure {
		list = append(list, "C'è un collegamento che non comincia con https://: sui telefoni può non aprirsi o non sembrare sicuro.")
	}
	if fiscalCode.MatchString(words) {
		list = append(list, "C'è un codice fiscale: un avviso non deve contenere dati personali.")
	}
	if iban.MatchString(words) {
		list = append(list, "C'è un IBAN: controlla che sia quello dell'ente.")
	}
	if mobile.MatchString(iban.ReplaceAllString(words, "")) {
		list = append(list, "C'è un numero di telefono cellulare: controlla che sia di un ufficio e non di una persona.")
	}
	if attachments > 0 && text == "" {
		list = append(list, "Non c'è testo accanto all'allegato: chi non vede non saprà che cosa dice.")
	}
	if n := utf8.RuneCountInString(text); n > longText {
		list = append(list, fmt.Sprintf("Il testo è molto lungo (%d caratteri): molti non lo leggeranno fino in fondo.", n))
	}
	return list
}

// Dates as Italians write them. A numeric one needs a year, or a word before it
// that makes a date of it: "dal 3/5 al 5/5", and not "via Roma 3/5".
const (
	months   = `gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre`
	weekdays = `(?:\b(?P<weekday>dom(?:enica)?|lun(?:ed[iì]'?)?|mar(?:ted[iì]'?)?|mer(?:coled[iì]'?)?|gio(?:ved[iì]'?)?|ven(?:erd[iì]'?)?|sab(?:ato)?)\.?\s+)?`
	leads    = `(?:(?P<lead>\b(?:il|al|dal|del|entro|giorno)\s+|\b(?:l|al|dal|del)l['’]))?`
)

var (
	worded  = regexp.MustCompile(`(?i)` + weekdays + `\b(?P<day>\d{1,2})[°º]?\s+(?P<month>` + months + `)(?:\s+(?P<year>\d{4}))?\b`)
	numeric = regexp.MustCompile(`(?i)` + weekdays + leads + `\b(?P<day>\d{1,2})(?P<first>[/.-])(?P<month>\d{1,2})(?:(?P<second>[/.-])(?P<year>\d{4}|\d{2}))?\b`)
	// An act is quoted with its date, which is always past.
	act = regexp.MustCompile(`(?i)\b(?:ordinanz[ae]|deliber\pL*|determin\pL*|decret[oi]|legge|regolament[oi]|protocollo|prot\.|dpcm|dpr|d\.\s?[lp])[^\n;]*\b(?:del(?:l['’])?|in data)\s*$`)
)

// pastDate finds the first day named in the text that lies before today, if
// every day that it names does: a text about tomorrow may well name yesterday.
func pastDate(text string, now time.Time) (date string, ok bool) {
	today := midnight(now.Year(), int(now.Month()), now.Day(), now)
	for _, form := range []*regexp.Regexp{numeric, worded} {
		for _, m := range form.FindAllStringSubmatchIndex(text, -1) {
			group := func(name string) string {
				if i := form.SubexpIndex(name); i >= 0 && m[2*i] >= 0 {
					return text[m[2*i]:m[2*i+1]]
				}
				return ""
			}
			start := m[2*form.SubexpIndex("day")]
			at, named := dayOf(group, today)
			switch {
			case !named || act.MatchString(text[max(0, start-80):start]):
				continue
			case !at.Before(today):
				return "", false
			}
			date, ok = cmp.Or(date, strings.Join(strings.Fields(text[start:m[1]]), " ")), true
		}
	}
	return date, ok
}

// dayOf is the day that somebody means, of whose words the groups are, if it is
// one.
func dayOf(group func(string) string, today time.Time) (at time.Time, ok bool) {
	day, month, year := atoi(group("day")), atoi(group("month")), atoi(group("year"))
	if month == 0 {
		month = 1 + slices.Index(strings.Split(months, "|"), strings.ToLower(group("month")))
	}
	if len(group("year")) == 2 {
		year += today.Year() / 100 * 100
	}
	switch first := group("first"); {
	case year != 0 && group("second") != first, // "9.30-12"
		year == 0 && first != "" && (first != "/" || group("weekday")+group("lead") == ""),
		len(group("year")) == 2 && max(year-today.Year(), today.Year()-year) > 5:
		return at, false
	case year == 0:
		year = yearOf(day, month, group("weekday"), today)
	}
	at = midnight(year, month, day, today)
	return at, at.Day() == day && int(at.Month()) == month // not 31 November
}

// yearOf is the year that is meant where none is written: in which the day of the
// week fits, or else the next, once it was so long ago that nobody speaks of it
// any more: "12 gennaio", written in November.
func yearOf(day, month int, weekday string, today time.Time) int {
	year := today.Year()
	if weekday != "" {
		named := slices.Index([]string{"dom", "lun", "mar", "mer", "gio", "ven", "sab"}, strings.ToLower(weekday[:3]))
		for _, y := range []int{year, year + 1} {
			if int(midnight(y, month, day, today).Weekday()) == named {
				return y
			}
		}
	}
	if today.Sub(midnight(year, month, day, today)) > 180*24*time.Hour {
		year++
	}
	return year
}

func midnight(year, month, day int, now time.Time) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, now.Location())
}

func atoi(digits string) int {
	n, _ := strconv.Atoi(digits) // the patterns let few digits through, or none
	return n
}
