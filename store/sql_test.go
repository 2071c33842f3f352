package store

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// statement is one that stands in the sources, as it is given to SQLite.
type statement struct {
	file, in, text string // in: the declaration that it stands in
}

var (
	isSQL   = regexp.MustCompile(`^\s*(SELECT|UPDATE|INSERT|DELETE|WITH)\b`)
	quoted  = regexp.MustCompile(`'([^']*)'`)
	comment = regexp.MustCompile(`--[^\n]*`)
)

// statements are all that the sources have. One that is glued from pieces is an
// error, also one that has a name.
func statements(t *testing.T) (all []statement) {
	t.Helper()
	all, glued := readStatements(t)
	for _, g := range glued {
		named := func(s statement) bool { return slices.Contains(g.names, s.in) }
		if g.literal || slices.ContainsFunc(all, named) {
			t.Errorf("%s: a statement is glued from pieces", g.where)
		}
	}
	if len(all) < 150 {
		t.Fatalf("found %d statements", len(all))
	}
	return all
}

// glue is a sum of texts, perhaps of statements: literals or names.
type glue struct {
	where   string
	literal bool
	names   []string
}

func readStatements(t *testing.T) (all []statement, glued []glue) {
	t.Helper()
	for _, file := range sources(t) {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		must(t, err)
		for _, d := range f.Decls {
			in := declName(d)
			ast.Inspect(d, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BinaryExpr:
					if n.Op == token.ADD {
						glued = append(glued, glue{file + ": " + in, isStatement(n.X) || isStatement(n.Y), namesIn(n)})
					}
				case *ast.BasicLit:
					if isStatement(n) {
						text, err := strconv.Unquote(n.Value)
						must(t, err)
						all = append(all, statement{file, in, text})
					}
				}
				return true
			})
		}
	}
	return all, glued
}

// namesIn are those of the two that are added.
func namesIn(sum *ast.BinaryExpr) (names []string) {
	for _, e := range []ast.Expr{sum.X, sum.Y} {
		if i, ok := e.(*ast.Ident); ok {
			names = append(names, i.Name)
		}
	}
	return names
}

func sources(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	must(t, err)
	return slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
}

func isStatement(e ast.Expr) bool {
	l, ok := e.(*ast.BasicLit)
	return ok && l.Kind == token.STRING && isSQL.MatchString(strings.Trim(l.Value, "`\""))
}

// declName is the name of a function, or of what else is declared.
func declName(d ast.Decl) string {
	if f, ok := d.(*ast.FuncDecl); ok {
		return f.Name.Name
	}
	for _, s := range d.(*ast.GenDecl).Specs {
		if v, ok := s.(*ast.ValueSpec); ok {
			return v.Names[0].Name
		}
	}
	return ""
}

// Every statement can be read where it stands, and pasted into sqlite3 as it is.
func TestStatementsAreWhole(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for _, s := range statements(t) {
		prepared, err := tw.db.Prepare(s.text)
		if err != nil {
			t.Errorf("%s: %s: %v\n%s", s.file, s.in, err, s.text)
			continue
		}
		must(t, prepared.Close())
	}
}

// words are the texts that a column may hold, as the constants have them.
func words() map[string][]string {
	var deliveries, announcements []string
	for _, s := range deliveryStates() {
		deliveries = append(deliveries, string(s))
	}
	for _, s := range []AnnouncementState{Running, Finished, Stopped} {
		announcements = append(announcements, string(s))
	}
	return map[string][]string{
		"state":   slices.Concat(deliveries, announcements, []string{"unsubscribed"}),
		"form":    {string(News), string(Edit), string(Correction), string(Revoke)},
		"reason":  {string(NoToken), string(Unacceptable)},
		"capping": {"SECOND_WARNING", "CAPPED"},
		"kind":    {string(KindNews), string(KindCorrection), string(KindWithdrawal), string(NotRegistered), string(Unreadable), string(Privacy), string(Card)},
	}
}

func deliveryStates() []DeliveryState {
	return []DeliveryState{Pending, Sending, Sent, Delivered, Read, Failed, Expired, Cancelled}
}

// A state, or another word that a column may hold, is in SQL one of the constants,
// and one for that column.
func TestWordsInSQLAreConstants(t *testing.T) {
	t.Parallel()
	known, seen := words(), map[string]bool{}
	compared := regexp.MustCompile(`(\w+) *(?:=|<>|IS|IN) *(\('[^)]*\)|'[^']*')|SET state = (iif\(.*?)(?:,\n|WHERE)`)
	for _, s := range slices.Concat(statements(t), scripts(t)) {
		text := comment.ReplaceAllString(s.text, "")
		for _, m := range compared.FindAllStringSubmatch(text, -1) {
			for _, word := range quoted.FindAllStringSubmatch(m[2], -1) {
				if list, ok := known[m[1]]; ok && word[1] != "" && !slices.Contains(list, word[1]) {
					t.Errorf("%s: %s: %s cannot be %q", s.file, s.in, m[1], word[1])
				}
			}
		}
		for _, word := range quoted.FindAllStringSubmatch(text, -1) {
			seen[word[1]] = true
			if word[1] != "" && !knownWord(known, word[1]) {
				t.Errorf("%s: %s: nobody knows the word %q", s.file, s.in, word[1])
			}
		}
	}
	for _, word := range known["state"] {
		if !seen[word] {
			t.Errorf("no statement has the state %q", word)
		}
	}
}

// knownWord tells whether some column may hold a word, or it is the name of a
// figure in JSON or of a table.
func knownWord(known map[string][]string, word string) bool {
	for _, list := range known {
		if slices.Contains(list, word) {
			return true
		}
	}
	return slices.Contains([]string{"At", "TooOld", "Asked", "Deleted", "Waiting", "Failed", "subscribers", "deliveries", "daemon"}, word)
}

// scripts are the triggers of the schema as it is.
func scripts(t *testing.T) (all []statement) {
	t.Helper()
	rows, err := newTown(t).db.Query(`SELECT name, sql FROM sqlite_schema WHERE type IN ('trigger', 'index') AND sql IS NOT NULL`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		s := statement{file: "schema"}
		must(t, rows.Scan(&s.in, &s.text))
		all = append(all, s)
	}
	must(t, rows.Err())
	return all
}

// The schema lets a column hold what the constants say, and nothing else.
func TestSchemaKnowsTheConstants(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	checked := func(table, column string) (list []string) {
		var text string
		must(t, tw.db.QueryRow(`SELECT sql FROM sqlite_schema WHERE name = ?`, table).Scan(&text))
		m := regexp.MustCompile(`CHECK \(` + column + ` IN\s*\(([^)]*)\)`).FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("nothing checks %s of %s", column, table)
		}
		for _, word := range quoted.FindAllStringSubmatch(m[1], -1) {
			list = append(list, word[1])
		}
		return list
	}
	for _, c := range []struct {
		table, column string
		want          []any
	}{
		{"deliveries", "state", []any{Pending, Sending, Sent, Delivered, Read, Failed, Expired, Cancelled}},
		{"answers", "state", []any{Pending, Sending, Sent, Failed}},
		{"announcements", "state", []any{Running, Finished, Stopped}},
		{"announcements", "kind", []any{KindNews, KindCorrection, KindWithdrawal}},
		{"deliveries", "form", []any{News, Edit, Correction, Revoke}},
		{"answers", "kind", []any{Confirmation, Already, Incomplete, OptIn, Goodbye, NotRegistered, Help, MyData, Other, Again, Office, Emergency, Leaving, Call, Unreadable, Privacy, Card}},
		{"questions", "asked", []any{AskedDetails, AskedCheck, AskedLeave}},
	} {
		equal(t, c.column+" of "+c.table, fmt.Sprint(checked(c.table, c.column)), fmt.Sprint(c.want))
	}
}

// The conditions that find a person's rows are the same everywhere.
func TestPersonsAreFoundTheSameWay(t *testing.T) {
	t.Parallel()
	person, err := os.ReadFile("person.go")
	must(t, err)
	about := regexp.MustCompile(`\(+(?:lid|number) = @(?:lid|number)\b[^\n` + "`" + `]*`)
	n := 0
	for _, s := range statements(t) {
		for _, found := range about.FindAllString(s.text, -1) {
			n++
			ok := strings.HasPrefix(found, "(lid = @lid OR number = @number)") && strings.Contains(s.text, "handled") // by a message's ID
			for _, m := range regexp.MustCompile(`//\t(\(.*\)) {2,}`).FindAllStringSubmatch(string(person), -1) {
				ok = ok || strings.HasPrefix(found, strings.TrimSpace(m[1]))
			}
			if !ok {
				t.Errorf("%s: %s: %s", s.file, s.in, found)
			}
		}
	}
	if n < 30 {
		t.Errorf("found %d", n)
	}
}
