package page

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// axe is the source of axe-core, which looks at a page as WCAG 2.1 does.
func axe(t *testing.T) string {
	t.Helper()
	dir := os.Getenv(axeKey)
	if dir == "" {
		lacks(t, axeKey+" does not say where axe-core is installed: nobody checks the page for people who cannot see it")
	}
	source, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// finding is what axe-core has to say against a page.
type finding struct {
	ID, Help string
	Nodes    []struct{ HTML, FailureSummary string }
}

// accessible runs every rule of WCAG 2.1 AA and the best practices but one:
// meta-refresh. The page has to be true without a script and without anybody's
// hand, so it loads itself again; it says so at its end, it keeps the place where
// one reads, and it holds no form that could be lost.
func (p *tab) accessible() {
	p.t.Helper()
	seen := eval[struct {
		Violations []finding
		Passes     int
	}](p, `axe.run({
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
		rules: {"meta-refresh": {enabled: false}}, preload: false, resultTypes: ["violations"],
	}).then(r => ({violations: r.violations, passes: r.passes.length}))`)
	for _, f := range seen.Violations {
		var where strings.Builder
		for _, n := range f.Nodes[:min(3, len(f.Nodes))] {
			fmt.Fprintf(&where, "\n  %s\n  %s", n.HTML, n.FailureSummary)
		}
		p.t.Errorf("axe: %s: %s%s", f.ID, f.Help, where.String())
	}
	if seen.Passes < 15 {
		p.t.Errorf("axe looked at %d rules only", seen.Passes)
	}
}
