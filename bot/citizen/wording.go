package citizen

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Wording names what a citizen is told and agrees to: the templates, the other languages, the facts about the service and the version of its rules. The version,
// twelve hexadecimal digits, changes with any of them and with nothing else; text is what it stands for, to be kept as evidence.
func (t *Texts) Wording() (version, text string) {
	var b strings.Builder
	launch := ""
	if !t.service.Launch.IsZero() {
		launch = t.service.Launch.Format("2006-01-02")
	}
	for _, fact := range [][2]string{
		{"service.name", t.service.Name}, {"service.comune", t.service.Comune}, {"service.number", t.service.Number},
		{"service.launch", launch}, {"service.channels", t.service.Channels}, {"service.rules_url", t.service.RulesURL},
		{"service.rules_version", t.service.RulesVersion}, {"service.privacy_url", t.service.PrivacyURL},
		{"forget.incomplete_hours", fmt.Sprint(t.service.Hours)}, {"forget.deliveries_days", fmt.Sprint(t.service.DeliveriesDays)},
		{"forget.remember_days", fmt.Sprint(t.service.RememberDays)},
	} {
		fmt.Fprintf(&b, "%s: %s\n", fact[0], fact[1])
	}
	for _, f := range forms() {
		fmt.Fprintf(&b, "\n%s:\n%s\n", f.kind.key(), strings.TrimSpace(f.text(t.templates)))
	}
	for _, tongue := range tongues() {
		p, _ := translationFor(tongue)
		fmt.Fprintf(&b, "\n%s:\n%s\n%s\n", p.language, p.leaving, p.danger)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:6]), b.String()
}
