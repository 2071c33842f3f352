// Package schema tells whether a SQLite database holds the tables, indexes and
// triggers that it should, and nothing else. A file that somebody hands in may hold
// more than rows: a trigger, a view or a generated column in it runs when the rows
// are used, and a table that looks like ours may accept what ours refuses. So a file
// is judged before anything else is asked of it.
//
// What is compared is what SQLite keeps of each object: its statement, without
// comments and white space. Nothing in the file runs meanwhile.
package schema

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Object is a table, an index, a trigger or a view.
type Object struct {
	Type, Name, Table string // Table is that to which it belongs
	SQL               string // the statement that made it; empty for an index that SQLite made by itself

	root sql.NullInt64 // where it begins in the file
}

// Difference is the first thing found in which a database is not what it should be.
type Difference struct {
	Problem string // a clause without a period that names the object; of its name, what can be shown
}

// Error is the problem.
func (d *Difference) Error() string { return d.Problem }

// querier is a database, a connection or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// longest is how many bytes a statement of ours has, comments and all, and more.
const longest = 1 << 16

// most is how many objects are looked at. No database of ours has as many, and a
// file that has is refused for the first that is not ours.
const most = 10_000

// Read lists what a database holds. It asks for sqlite_master, a name that no
// object of the file can take.
func Read(ctx context.Context, db querier) (list []Object, err error) {
	rows, err := db.QueryContext(ctx, `SELECT CAST(coalesce(type, '') AS TEXT), CAST(coalesce(name, '') AS TEXT), CAST(coalesce(tbl_name, '') AS TEXT),
		CAST(coalesce(sql, '') AS TEXT), CASE typeof(rootpage) WHEN 'integer' THEN rootpage END FROM sqlite_master LIMIT ?`, most)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var o Object
		if err := rows.Scan(&o.Type, &o.Name, &o.Table, &o.SQL, &o.root); err != nil {
			return nil, fmt.Errorf("read the schema: %w", err)
		}
		list = append(list, o)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	return list, nil
}

// Compare finds in what have is not want. Nil: in nothing.
func Compare(have, want []Object) *Difference {
	return compare(have, want, func(have, want Object) bool {
		return slices.Equal(tokens(have.SQL), tokens(want.SQL))
	})
}

// CompareUnordered is Compare for a database whose tables may have grown in another
// order: their columns and constraints are the same, whatever their order.
func CompareUnordered(have, want []Object) *Difference {
	return compare(have, want, func(have, want Object) bool {
		a, b := split(have.SQL), split(want.SQL)
		slices.Sort(a.parts)
		slices.Sort(b.parts)
		return a.head == b.head && a.tail == b.tail && slices.Equal(a.parts, b.parts)
	})
}

// Within finds in have what is not in want, for a database that is still to be
// brought up to date: objects, columns and constraints of want may be missing.
func Within(have, want []Object) *Difference {
	return extra(have, want, func(have, want Object) bool {
		a, b := split(have.SQL), split(want.SQL)
		return a.head == b.head && a.tail == b.tail && !slices.ContainsFunc(a.parts, func(part string) bool { return !slices.Contains(b.parts, part) })
	})
}

type same func(have, want Object) bool

func compare(have, want []Object, as same) *Difference {
	if d := extra(have, want, as); d != nil {
		return d
	}
	for _, w := range want {
		if !slices.ContainsFunc(have, w.isCalledLike) {
			return &Difference{fmt.Sprintf("%s is missing in it", w)}
		}
	}
	return nil
}

// extra finds what is in have and not in want.
func extra(have, want []Object, as same) *Difference {
	roots := map[int64]bool{}
	for n, h := range have {
		at := slices.IndexFunc(want, h.isCalledLike)
		switch {
		case at < 0:
			return &Difference{fmt.Sprintf("it holds %s, which is not ours", h)}
		case len(h.SQL) > longest, !as(h, want[at]):
			return &Difference{fmt.Sprintf("%s in it is not ours%s", h, foreignPart(h, want[at]))}
		case slices.ContainsFunc(have[:n], h.isCalledLike):
			return &Difference{fmt.Sprintf("it holds %s twice", h)}
		case h.hasRows() && (h.root.Int64 < 2 || roots[h.root.Int64]), !h.hasRows() && h.root.Int64 != 0:
			return &Difference{fmt.Sprintf("%s in it is where it cannot be", h)}
		}
		roots[h.root.Int64] = h.hasRows()
	}
	return nil
}

func (o Object) hasRows() bool { return o.Type == "table" || o.Type == "index" }

func (o Object) isCalledLike(other Object) bool {
	return o.Type == other.Type && o.Name == other.Name && o.Table == other.Table
}

// String names the object as far as a stranger's words may be shown.
func (o Object) String() string {
	kind := o.Type
	if !slices.Contains([]string{"table", "index", "trigger", "view"}, kind) {
		kind = "object"
	}
	return "the " + kind + " " + shown(o.Name)
}

// shown is a name in quotes, without what could act on a terminal, and not without end.
func shown(name string) string {
	const longest = 60
	if r := []rune(name); len(r) > longest {
		name = string(r[:longest]) + "…"
	}
	return fmt.Sprintf("%+q", name)
}

// foreignPart names the column or constraint that makes a table another, if one does.
func foreignPart(have, want Object) string {
	if have.Type != "table" {
		return ""
	}
	ours := split(want.SQL).parts
	for _, part := range split(have.SQL).parts {
		if !slices.Contains(ours, part) {
			name, _, _ := strings.Cut(part, "\x00")
			return ": " + shown(strings.Trim(name, "\"`[]"))
		}
	}
	return ""
}
