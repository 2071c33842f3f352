package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house draws the rooms, floor by floor. A room may import rooms of the floors below
// its own, and none beside it: so no loop's room imports another loop's, and there is
// no circle. The lowest floor imports none of ours. A new room has to be drawn here.
const house = `
	main
	bot/cli      bot/demo     bot/demo/bench
	bot
	bot/inbox    bot/intake   bot/outbox   bot/desk     bot/link    # the loops
	bot/upkeep                                                      # called by the outbox
	bot/report   bot/message                                        # what several of them need
	bot/settings
	bot/pace     bot/page     bot/spool                             # leaves that share the nouns of store
	store        bot/loop     bot/citizen  bot/config   bot/media   bot/whatsapp   bot/whatsapp/whatsapptest   bot/memdir   bot/notices
	store/datadir                                                   # how both databases' rooms open a file
	store/schema                                                    # what databases are made of, for those who keep one
`

// doors are the rooms that only some may enter, whatever floor they are on.
var doors = map[string][]string{
	"bot":                       {"bot/cli", "bot/demo", "bot/demo/bench"},
	"bot/cli":                   {"main"},
	"bot/whatsapp/whatsapptest": {"bot/demo", "bot/demo/bench"}, // tests aside
	"bot/memdir":                {},                             // tests alone
	"store/schema":              {"store", "bot/whatsapp"},
	"bot/notices":               {"bot/cli"},
	"bot/upkeep":                {"bot", "bot/outbox"},
	"bot/media":                 {"bot/intake"},
	"bot/page":                  {"bot/intake", "bot/desk"},
	// The commands know words of the loops' rooms, and never make one of their loops.
	"bot/inbox":  {"bot", "bot/cli"},
	"bot/desk":   {"bot", "bot/cli"},
	"bot/link":   {"bot", "bot/cli"},
	"bot/intake": {"bot"},
	"bot/outbox": {"bot"},
}

// keepers are the libraries that one room alone may import.
var keepers = map[string]string{
	"go.mau.fi/whatsmeow":          "bot/whatsapp",
	"go.mau.fi/libsignal":          "bot/whatsapp",
	"github.com/spf13/viper":       "bot/config",
	"github.com/spf13/cobra":       "bot/cli",
	"github.com/fsnotify/fsnotify": "bot/spool",
	"golang.org/x/image":           "bot/media",
}

// exceptions are the rooms that may import a library beside its keeper.
var exceptions = map[string]string{
	"bot/demo/bench": "go.mau.fi/whatsmeow", // what it compares us with is the library without us
}

func TestRoomsImportOneWay(t *testing.T) {
	t.Parallel()
	floors := floorsOf(house)
	seen := 0
	for line := range strings.Lines(goList(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")) {
		pkg, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		room := roomOf(pkg)
		if _, drawn := floors[room]; !drawn {
			t.Errorf("%s is not in the house", room)
		}
		seen++
		for imp := range strings.FieldsSeq(imports) {
			checkImport(t, floors, room, imp)
		}
	}
	if seen != len(floors) {
		t.Errorf("saw %d packages, the house has %d rooms", seen, len(floors))
	}
}

// floorsOf counts the floors of a drawing from the top.
func floorsOf(drawing string) map[string]int {
	floors := make(map[string]int)
	for floor, line := range strings.Split(drawing, "\n") {
		names, _, _ := strings.Cut(line, "#")
		for room := range strings.FieldsSeq(names) {
			floors[room] = floor
		}
	}
	return floors
}

func roomOf(pkg string) string {
	if pkg == "banditore" {
		return "main"
	}
	return strings.TrimPrefix(pkg, "banditore/")
}

func checkImport(t *testing.T, floors map[string]int, room, imp string) {
	t.Helper()
	if other := roomOf(imp); other != imp {
		if floors[other] <= floors[room] {
			t.Errorf("%s must not import %s: arrows run down", room, other)
		}
		if guests, closed := doors[other]; closed && !slices.Contains(guests, room) {
			t.Errorf("%s must not import %s: only %s may", room, other, strings.Join(guests, " and "))
		}
	}
	for library, keeper := range keepers {
		if (imp == library || strings.HasPrefix(imp, library+"/")) && !strings.HasPrefix(room+"/", keeper+"/") && exceptions[room] != library {
			t.Errorf("%s must not import %s: that belongs to %s", room, imp, keeper)
		}
	}
}

// The folder list is the architecture: what is committed at the top level is in the plan.
func TestTopLevelIsThePlan(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("git", "ls-files").Output()
	if err != nil {
		t.Skipf("the sources are not in a git repository here: %v", err)
	}
	plan := strings.Fields(`main.go main_test.go bot store systemd config.example.yaml go.mod go.sum
		README.md CHANGELOG.md CONTRIBUTING.md LICENSE LICENSES publiccode.yml`)
	for path := range strings.Lines(string(out)) {
		name, _, _ := strings.Cut(strings.TrimSpace(path), "/")
		if !strings.HasPrefix(name, ".") && !slices.Contains(plan, name) {
			t.Errorf("%s is not in the plan", name)
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
