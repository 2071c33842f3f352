package datadir_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house is where the rooms are.
const house = "../../"

// openers are what opens or changes a file by its path, wherever that leads.
var openers = strings.Fields(`Open OpenFile OpenRoot OpenInRoot Create CreateTemp MkdirTemp Mkdir MkdirAll ReadFile WriteFile ReadDir DirFS CopyFS
	Rename Remove RemoveAll Truncate Chmod Chown Lchown Chtimes Link Symlink Stat Lstat Readlink`)

// mayOpen are the files in the rooms around the data directory that open something
// else than its files, and what.
var mayOpen = map[string]string{
	"bot/whatsapp/rehearse.go": "a data directory of its own, in the folder for temporary files",
	"bot/cli/audit.go":         "/proc",
	"bot/cli/journal.go":       "looks whether the system has a journal",
	"bot/whatsapp/schema.go":   "a database in memory",
	"bot/cli/walk.go":          "looks at the steps of a path, and opens nothing",
	"bot/cli/man.go":           "the folder for the manual",
	"bot/cli/picture.go":       "the folder that a code is to be drawn in",
	"bot/cli/licences.go":      "the program itself",
	"store/ours.go":            "a database in memory",
}

// G10: the files of a data directory are opened in one way, which judges them.
func TestG10_DataDirectoryIsOpenedInOneWay(t *testing.T) {
	t.Parallel()
	seen, excused := 0, map[string]bool{}
	for _, room := range []string{"store", "bot/whatsapp", "bot/cli", "bot/upkeep", "bot/link", "bot/desk", "bot/inbox", "bot/intake", "bot/outbox", "bot"} {
		files, err := filepath.Glob(house + room + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			seen++
			calls := callsOfOS(t, file)
			file = strings.TrimPrefix(file, house)
			for _, call := range calls {
				if mayOpen[file] == "" {
					t.Errorf("%s: store/datadir opens the files of a data directory", call)
				}
				excused[file] = true
			}
		}
	}
	if seen < 100 {
		t.Errorf("saw %d files", seen)
	}
	for file := range mayOpen {
		if !excused[file] {
			t.Errorf("%s needs no exception any more", file)
		}
	}
}

// callsOfOS are the places in a file that mention one of the openers, or a driver of
// databases, which opens by path too.
func callsOfOS(t *testing.T, file string) (calls []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			pkg, _ := s.X.(*ast.Ident)
			if pkg != nil && (pkg.Name == "os" && slices.Contains(openers, s.Sel.Name) || pkg.Name == "sql" && s.Sel.Name == "Open" || pkg.Name == "ioutil") {
				calls = append(calls, set.Position(n.Pos()).String()+" "+pkg.Name+"."+s.Sel.Name)
			}
		}
		return true
	})
	return calls
}
