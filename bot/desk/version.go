package desk

import (
	"fmt"
	"time"

	"banditore/bot/report"
	"banditore/bot/whatsapp"
)

// VersionWords says in Italian by which version of WhatsApp the service introduces
// itself, how old it is, and how the last look-up went; empty when that is not known.
func VersionWords(v whatsapp.Version, now time.Time) string {
	if v.Number == "" {
		return ""
	}
	words := v.Number
	if v.Found.IsZero() {
		words += ", quella del programma"
	} else {
		words += ", letta da WhatsApp il " + report.In(now, v.Found).Format("02/01/2006")
	}
	if !v.Library.IsZero() {
		words += fmt.Sprintf("; il programma ha %d giorni", int(v.Age(now).Hours()/24))
	}
	switch {
	case v.Trouble != "":
		why, _ := CauseWords(v.Trouble)
		words += "; cercata invano il " + report.In(now, v.LookedUp).Format("02/01/2006 15:04") + ": " + why
	case !v.LookedUp.IsZero():
		words += "; cercata l'ultima volta il " + report.In(now, v.LookedUp).Format("02/01/2006 15:04")
	}
	return words
}
