package page

import (
	"strings"
	"testing"
)

func TestChromium(t *testing.T) {
	browser := newBrowser(t)
	t.Run("idle", func(t *testing.T) {
		p := open(t, browser, mustRender(t, sample(t)))
		if !strings.Contains(p.reads(), "Tutto a posto") {
			t.Error("not read")
		}
		p.wide(320)
		if !p.fits() {
			t.Error("wide")
		}
		p.media("", "dark")
		p.keep("idle")
		p.silent()
	})
}
