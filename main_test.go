package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// rooms says which of our packages each package may import, tests aside. The
// leaves import none, but may share the nouns of store; the fake server is for
// tests and the demo alone.
var rooms = map[string][]string{
	"banditore":                           {"bot/cli"},
	"banditore/bot/cli":                   {"bot", "bot/config", "bot/spool", "bot/whatsapp", "store"},
	"banditore/bot":                       {"store", "bot/citizen", "bot/config", "bot/media", "bot/pace", "bot/page", "bot/spool", "bot/whatsapp"},
	"banditore/bot/citizen":               nil,
	"banditore/bot/config":                nil,
	"banditore/bot/media":                 nil,
	"banditore/bot/pace":                  {"store"}, // for Priority, which means the same in both
	"banditore/bot/page":                  nil,
	"banditore/bot/spool":                 {"store"}, // for what a report is about
	"banditore/bot/whatsapp":              nil,
	"banditore/bot/whatsapp/whatsapptest": nil,
	"banditore/store":                     nil,
	"banditore/bot/demo":                  {"bot", "bot/config", "bot/whatsapp", "bot/whatsapp/whatsapptest", "store"},
}

// keepers are the libraries that one room alone may import.
var keepers = map[string]string{
	"go.mau.fi/whatsmeow":          "banditore/bot/whatsapp",
	"go.mau.fi/libsignal":          "banditore/bot/whatsapp",
	"github.com/spf13/viper":       "banditore/bot/config",
	"github.com/spf13/cobra":       "banditore/bot/cli",
	"github.com/fsnotify/fsnotify": "banditore/bot/spool",
	"golang.org/x/image":           "banditore/bot/media",
}

func TestRoomsImportOneWay(t *testing.T) {
	t.Parallel()
	seen := 0
	for line := range strings.Lines(goList(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")) {
		pkg, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		allowed, known := rooms[pkg]
		if !known {
			t.Errorf("%s is not in the house plan", pkg)
		}
		seen++
		for imp := range strings.FieldsSeq(imports) {
			checkImport(t, pkg, imp, allowed)
		}
	}
	if seen != len(rooms) {
		t.Errorf("saw %d packages, the plan has %d", seen, len(rooms))
	}
}

func checkImport(t *testing.T, pkg, imp string, allowed []string) {
	t.Helper()
	if ours, ok := strings.CutPrefix(imp, "banditore/"); ok {
		for _, a := range allowed {
			if a == ours {
				return
			}
		}
		t.Errorf("%s must not import %s", pkg, imp)
	}
	for library, keeper := range keepers {
		if (imp == library || strings.HasPrefix(imp, library+"/")) && !strings.HasPrefix(pkg+"/", keeper+"/") {
			t.Errorf("%s must not import %s: that belongs to %s", pkg, imp, keeper)
		}
	}
}

func TestBinaryHoldsNoFakeServer(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "banditore")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	bytesOf, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(bytesOf, []byte("banditore/bot/whatsapp")) {
		t.Fatal("the binary does not even name bot/whatsapp: this test looks at the wrong thing")
	}
	for _, stranger := range []string{"whatsapptest", "banditore/bot/demo"} {
		if bytes.Contains(bytesOf, []byte(stranger)) {
			t.Errorf("the daemon's binary contains %q", stranger)
		}
	}
}

func goList(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return string(out)
}
