package page

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// axeKey names the environment variable that names the folder in which npm has
// installed axe-core.
const axeKey = "AXE"

// lacks skips a test for want of something that this machine need not have, but
// that CI installs: there nothing is left out unnoticed.
func lacks(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason + "; CI does that")
}

// newBrowser starts Chromium, without a window and without a word to the network.
// It ends with the test.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	binary := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			binary = path
			break
		}
	}
	if binary == "" {
		lacks(t, "no Chromium on this machine: nobody looks at the page")
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(binary), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "it"))...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", binary, err)
	}
	return ctx
}

// tab is one page in the browser.
type tab struct {
	t    *testing.T
	ctx  context.Context
	path string

	mu         sync.Mutex // guards complaints
	complaints []string
}

// open shows a file in a tab of its own, 1200 pixels wide.
func open(t *testing.T, browser context.Context, html []byte) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	// Not in the midst of a question.
	html = bytes.Replace(html, []byte(`http-equiv="refresh" content="30"`), []byte(`http-equiv="refresh" content="3600"`), 1)
	path := filepath.Join(t.TempDir(), "stato.html")
	if err := os.WriteFile(path, html, 0o600); err != nil {
		t.Fatal(err)
	}
	p := &tab{t: t, ctx: ctx, path: path}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	var cut context.CancelFunc
	p.ctx, cut = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cut)
	p.listen()
	p.do(chromedp.EmulateViewport(1200, 900), chromedp.Navigate("file://"+path))
	return p
}

// within is the same tab for a part of the test.
func (p *tab) within(t *testing.T) *tab { return &tab{t: t, ctx: p.ctx, path: p.path} }

// listen collects what the page writes to the console: it has nothing to say.
func (p *tab) listen() {
	console := chromedp.Console(p.ctx)
	go func() {
		for m, err := range console {
			if err != nil {
				return
			}
			p.mu.Lock()
			p.complaints = append(p.complaints, string(m.Type)+": "+m.Text)
			p.mu.Unlock()
		}
	}()
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// eval asks the page itself.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// reads is what a person reads: what is shown, as it is shown.
func (p *tab) reads() string { return eval[string](p, "document.body.innerText") }

func (p *tab) wide(pixels int64) { p.do(chromedp.EmulateViewport(pixels, 900)) }

// media emulates a kind of medium ("print", "") and a scheme ("dark", "light").
func (p *tab) media(medium, scheme string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// keep takes a picture of the whole page, for people: go test -artifacts keeps it.
func (p *tab) keep(name string) {
	p.t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.t.ArtifactDir(), name+".png"), png, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// fits tells that nothing has to be scrolled sideways.
func (p *tab) fits() bool {
	p.t.Helper()
	return eval[bool](p, "document.documentElement.scrollWidth <= document.documentElement.clientWidth")
}

// silent fails the test if the page had anything to say to the console.
func (p *tab) silent() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.complaints) > 0 {
		p.t.Errorf("on the console:\n%s", strings.Join(p.complaints, "\n"))
	}
}
