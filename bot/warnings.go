package bot

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
	plainLink  = regexp.MustCompile(`(?i)\bhttp://\S+|(?:^|[\s(])www\.\S+`)
	fiscalCode = regexp.MustCompile(`(?i)\b[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]\b`)
	iban       = regexp.MustCompile(`(?i)\bIT\d{2} ?[A-Z](?: ?\d){10}(?: ?[A-Z0-9]){12}\b`)
	// A number of seven digits or more that begins like an Italian one, apart
	// from the free ones (800), which are nobody's.
	telephone = regexp.MustCompile(`(?:\+39|\b0039)?[ .]?\b(?:3\d{2}|0\d{1,3})[ ./-]?\d(?:[ .-]?\d){4,8}\b`)
	numeric   = regexp.MustCompile(`\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b`)
	worded    = regexp.MustCompile(`(?i)\b(\d{1,2})[°º]? (gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)(?: (\d{4}))?\b`)
)

const months = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"

// warnings are what somebody should look at once more before an announcement
// leaves, as Italian sentences. None of them keeps it from leaving. They quote
// a date, and nothing that could be about a person.
func warnings(text string, attachments int, now time.Time) []string {
	var list []string
	if date, ok := pastDate(text, now); ok {
		list = append(list, fmt.Sprintf("Nel testo c'è una data già passata (%s).", date))
	}
	if plainLink.MatchString(text) {
		list = append(list, "C'è un collegamento che non comincia con https://: sui telefoni può non aprirsi o non sembrare sicuro.")
	}
	if fiscalCode.MatchString(text) {
		list = append(list, "C'è un codice fiscale: un avviso non deve contenere dati personali.")
	}
	if iban.MatchString(text) {
		list = append(list, "C'è un IBAN: controlla che sia quello dell'ente.")
	}
	if telephone.MatchString(numeric.ReplaceAllString(iban.ReplaceAllString(text, ""), "")) {
		list = append(list, "C'è un numero di telefono: controlla che sia di un ufficio e non di una persona.")
	}
	if attachments > 0 && text == "" {
		list = append(list, "Non c'è testo accanto all'allegato: chi non vede non saprà che cosa dice.")
	}
	if n := utf8.RuneCountInString(text); n > longText {
		list = append(list, fmt.Sprintf("Il testo è molto lungo (%d caratteri): molti non lo leggeranno fino in fondo.", n))
	}
	return list
}

// pastDate finds the first day named in the text that lies before today, if
// every day that it names does: a text about tomorrow may well name yesterday.
func pastDate(text string, now time.Time) (date string, ok bool) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	for _, m := range numeric.FindAllStringSubmatch(text, -1) {
		day, month, year := atoi(m[1]), atoi(m[2]), atoi(m[3])
		if !midnight(year, month, day, now).Before(today) {
			return "", false
		}
		date, ok = cmp.Or(date, m[0]), true
	}
	for _, m := range worded.FindAllStringSubmatch(text, -1) {
		day, month := atoi(m[1]), 1+slices.Index(strings.Fields(months), strings.ToLower(m[2]))
		year := now.Year()
		if m[3] != "" {
			year = atoi(m[3])
		}
		at := midnight(year, month, day, now)
		if m[3] == "" && today.Sub(at) > 180*24*time.Hour {
			at = midnight(year+1, month, day, now) // "12 gennaio", written in November
		}
		if !at.Before(today) {
			return "", false
		}
		date, ok = cmp.Or(date, m[0]), true
	}
	return date, ok
}

func midnight(year, month, day int, now time.Time) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, now.Location())
}

func atoi(digits string) int {
	n, _ := strconv.Atoi(digits) // the pattern lets few digits through, or none
	return n
}
