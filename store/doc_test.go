package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// The package comment names the methods that are more than one statement or one
// transaction, and no other.
func TestDocNamesWhatIsMoreThanOneTransaction(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("doc.go")
	must(t, err)
	_, section, ok := strings.Cut(string(text), "# One transaction, or more")
	equal(t, "the section is there", ok, true)
	section, _, _ = strings.Cut(section, "\n// # ")
	methods := methodsOfStore(t)
	for name, m := range methods {
		if !ast.IsExported(name) {
			continue
		}
		named := strings.Contains(section, "[Store."+name+"]")
		if more := transactions(m, methods) > 1; more != named {
			t.Errorf("%s: is more than one transaction: %v, is named: %v", name, more, named)
		}
	}
}

func methodsOfStore(t *testing.T) map[string]*ast.FuncDecl {
	t.Helper()
	methods := map[string]*ast.FuncDecl{}
	for _, file := range sources(t) {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		must(t, err)
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
				if p, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok && p.X.(*ast.Ident).Name == "Store" {
					methods[f.Name.Name] = f
				}
			}
		}
	}
	return methods
}

// transactions counts how often a method goes to the database. What is done in a
// loop is done more than once.
func transactions(f *ast.FuncDecl, methods map[string]*ast.FuncDecl) (n int) {
	if slices.Contains([]string{"inTx", "scan", "reading"}, f.Name.Name) {
		return 1
	}
	var count func(n ast.Node, times int) int
	count = func(node ast.Node, times int) (n int) {
		ast.Inspect(node, func(x ast.Node) bool {
			switch x := x.(type) {
			case *ast.ForStmt:
				n += count(x.Body, 2)
				return false
			case *ast.RangeStmt:
				n += count(x.X, times) + count(x.Body, 2)
				return false
			case *ast.CallExpr:
				called, ok := x.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				switch of := called.X.(type) {
				case *ast.Ident: // s.exec(…)
					if m := methods[called.Sel.Name]; m != nil && of.Name == f.Recv.List[0].Names[0].Name {
						n += times * transactions(m, methods)
					}
				case *ast.SelectorExpr: // s.db.QueryContext(…)
					if of.Sel.Name == "db" && called.Sel.Name != "Close" {
						n += times
					}
				}
			}
			return true
		})
		return n
	}
	return count(f.Body, 1)
}
