package store

import (
	"database/sql"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// arrow is a way from one state of a delivery to another.
type arrow struct{ from, to DeliveryState }

// arrows say who draws each: methods, and triggers.
type arrows map[arrow]map[string]bool

func (a arrows) add(x arrow, by string) {
	if a[x] == nil {
		a[x] = map[string]bool{}
	}
	a[x][by] = true
}

func (a arrows) String() string {
	var lines []string
	for x, by := range a {
		lines = append(lines, fmt.Sprintf("%s → %s  %s", x.from, x.to, strings.Join(slices.Sorted(maps.Keys(by)), ", ")))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// diagram reads the list under the picture in delivery.go.
func diagram(t *testing.T) arrows {
	t.Helper()
	text, err := os.ReadFile("delivery.go")
	must(t, err)
	drawn := arrows{}
	for _, m := range regexp.MustCompile(`//\t(\w+) +→ (\w+) +(.+)`).FindAllStringSubmatch(string(text), -1) {
		for by := range strings.FieldsFuncSeq(m[3], func(r rune) bool { return strings.ContainsRune(" ,;", r) }) {
			drawn.add(arrow{DeliveryState(m[1]), DeliveryState(m[2])}, by)
		}
	}
	for _, s := range deliveryStates() {
		if !strings.Contains(string(text), "[ "+string(s)+" ]") {
			t.Errorf("the picture lacks %q", s)
		}
	}
	boxes := regexp.MustCompile(`\[ (\w+) \](?: ─+▶ )?`)
	for line := range strings.Lines(string(text)) {
		for i, list := 1, boxes.FindAllStringSubmatch(line, -1); i < len(list); i++ {
			if x := (arrow{DeliveryState(list[i-1][1]), DeliveryState(list[i][1])}); drawn[x] == nil {
				t.Errorf("the picture has an arrow of its own: %v", x)
			}
		}
	}
	return drawn
}

// The diagram in delivery.go has every arrow that the code has, and no other: each
// method that changes states is tried on deliveries in every state and situation.
func TestDiagramIsWhatTheCodeDoes(t *testing.T) {
	t.Parallel()
	want, got := diagram(t), arrows{}
	tried := map[string]bool{}
	for part := range 2 {
		ready := everySituation(t, part)
		for _, act := range acts() {
			tried[act.name] = true
			all := observe(t, ready, act, part)
			for x := range all {
				got.add(x, act.name)
			}
			if maps.Equal(all, observe(t, ready, act, part, "deliveries_failed", "deliveries_mended")) {
				continue
			}
			for _, trigger := range []string{"deliveries_failed", "deliveries_mended"} {
				without := observe(t, ready, act, part, trigger)
				for x, n := range all {
					if without[x] < n {
						got.add(x, trigger)
					}
				}
			}
		}
	}
	if got.String() != want.String() {
		t.Errorf("the code draws\n%s\n\nthe diagram\n%s", got, want)
	}
	if changing := methodsThatChangeStates(t); !maps.Equal(tried, changing) {
		t.Errorf("tried %v, but these change states: %v", tried, changing)
	}
}

// act is a method that may change states, on all that was prepared.
type act struct {
	name string
	do   func(tw *town, rows []Outgoing, announcements []int64) error
}

// each tries a method on every message.
func each(name string, do func(*town, Outgoing) error) act {
	return act{name, func(tw *town, rows []Outgoing, _ []int64) error {
		for _, o := range rows {
			if err := do(tw, o); err != nil {
				return err
			}
		}
		return nil
	}}
}

// every tries a method on every announcement.
func every(name string, do func(*town, int64) error) act {
	return act{name, func(tw *town, _ []Outgoing, announcements []int64) error {
		for _, id := range announcements {
			if err := do(tw, id); err != nil {
				return err
			}
		}
		return nil
	}}
}

func acts() []act {
	now, later := noon(), noon().Add(time.Minute)
	return []act{
		{"ClaimDelivery", func(tw *town, _ []Outgoing, _ []int64) error {
			for ok, err := true, error(nil); ok; {
				if _, ok, err = tw.ClaimDelivery(tw.t.Context(), now, Ordinary, editWindow); err != nil {
					return err
				}
			}
			return nil
		}},
		{"ClaimDeliveries", func(tw *town, _ []Outgoing, _ []int64) error {
			_, err := tw.ClaimDeliveries(tw.t.Context(), now, Ordinary, editWindow, 100)
			return err
		}},
		each("Sent", func(tw *town, o Outgoing) error { return tw.Sent(tw.t.Context(), o, now) }),
		each("Fail", func(tw *town, o Outgoing) error { return tw.Fail(tw.t.Context(), o, now, Rejected) }),
		each("PutBack", func(tw *town, o Outgoing) error { return tw.PutBack(tw.t.Context(), o) }),
		each("Postpone", func(tw *town, o Outgoing) error { return tw.Postpone(tw.t.Context(), o, later) }),
		each("Retry", func(tw *town, o Outgoing) error { return tw.Retry(tw.t.Context(), o, later, Unanswered) }),
		each("Uncharge", func(tw *town, o Outgoing) error { return tw.Uncharge(tw.t.Context(), []Outgoing{o}, later) }),
		each("Receipts", func(tw *town, o Outgoing) error {
			return tw.Receipts(tw.t.Context(), Receipt{IDs: []string{o.MessageID}, State: Delivered, At: now})
		}),
		each("Receipts", func(tw *town, o Outgoing) error {
			return tw.Receipts(tw.t.Context(), Receipt{IDs: []string{o.MessageID}, State: Read, At: now})
		}),
		{"Recover", func(tw *town, _ []Outgoing, _ []int64) error { _, err := tw.Recover(tw.t.Context(), now); return err }},
		{"Expire", func(tw *town, _ []Outgoing, _ []int64) error { _, err := tw.Expire(tw.t.Context(), now); return err }},
		{"CatchUp", func(tw *town, _ []Outgoing, _ []int64) error {
			return tw.CatchUp(tw.t.Context(), now, editWindow, deleteWindow, idPrefix)
		}},
		every("Stop", func(tw *town, id int64) error { _, err := tw.Stop(tw.t.Context(), id); return err }),
		every("Withdraw", func(tw *town, id int64) error {
			_, err := tw.Withdraw(tw.t.Context(), id, now, deleteWindow, idPrefix)
			return err
		}),
		every("Unsendable", func(tw *town, id int64) error { return tw.Unsendable(tw.t.Context(), id) }),
		every("Publish", func(tw *town, id int64) error {
			right := announcement(fmt.Sprint("right of ", id))
			right.Corrects, right.Editable, right.EditWindow = id, true, editWindow
			_, err := tw.Publish(tw.t.Context(), right, idPrefix)
			return err
		}),
	}
}

// observe counts the arrows that an act draws, when it is tried on the part-th
// message of everybody, without those triggers.
func observe(t *testing.T, ready []byte, a act, part int, without ...string) map[arrow]int {
	t.Helper()
	tw := openCopy(t, ready)
	for _, trigger := range without {
		_, err := tw.db.Exec(`DROP TRIGGER ` + trigger)
		must(t, err)
	}
	before := tw.states()
	var rows []Outgoing
	announcements := map[int64]bool{}
	for o := range before {
		announcements[o.Announcement] = true
		if o.Part == part {
			rows = append(rows, o)
		}
	}
	slices.SortFunc(rows, func(x, y Outgoing) int { return int(x.id - y.id) })
	must(t, a.do(tw, rows, slices.Sorted(maps.Keys(announcements))))
	drawn := map[arrow]int{}
	after := tw.states()
	for o, from := range before {
		if to := after[o]; to != from {
			drawn[arrow{from, to}]++
		}
	}
	return drawn
}

// openCopy opens a copy of a database, and does not wait for the disk.
func openCopy(t *testing.T, content []byte) *town {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	must(t, os.WriteFile(filepath.Join(dir, databaseFile), content, 0o600))
	s, err := Open(t.Context(), dir)
	must(t, err)
	s.db.SetMaxOpenConns(1)
	_, err = s.db.Exec(`PRAGMA synchronous = OFF`)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	tw := &town{Store: s, t: t, dir: dir}
	tw.ids.Store(1_000_000) // beyond what is there
	return tw
}

// states are those of all deliveries.
func (tw *town) states() map[Outgoing]DeliveryState {
	tw.t.Helper()
	rows, err := tw.db.Query(`SELECT id, message_id, announcement, part, state FROM deliveries`)
	must(tw.t, err)
	defer rows.Close()
	all := map[Outgoing]DeliveryState{}
	for rows.Next() {
		var o Outgoing
		var state DeliveryState
		must(tw.t, rows.Scan(&o.id, &o.MessageID, &o.Announcement, &o.Part, &state))
		o.claimed = noon()
		all[o] = state
	}
	must(tw.t, rows.Err())
	return all
}

// situations are what an announcement @id can be in: statements that bring it there.
func situations() []string {
	const about = `INSERT INTO announcements (name, file, text, content_hash, urgent, preview, filed, state, accepted_at, not_before, kind, about)
		SELECT name, file || ' again', text, content_hash, urgent, preview, 1, 'running', accepted_at, not_before, `
	return []string{
		`SELECT 1`,
		`UPDATE announcements SET state = 'stopped' WHERE id = @id`,
		`UPDATE announcements SET expires = accepted_at WHERE id = @id`,
		about + `'correction', id FROM announcements WHERE id = @id`,
		about + `'withdrawal', id FROM announcements WHERE id = @id;
			UPDATE announcements SET state = 'stopped' WHERE id = @id;
			INSERT INTO deliveries (announcement, subscriber, message_id, form, target, target_sent, due)
				SELECT max(id), 1, 'deletes' || @id, 'revoke', 'ID' || @id, 1, 1 FROM announcements`,
	}
}

// everySituation is a database with announcements in every situation, each with two
// messages for somebody, of which the part-th is in every state and the other in
// those that matter to it; and with one for somebody else, who keeps it from ending.
func everySituation(t *testing.T, part int) []byte {
	t.Helper()
	tw := newTown(t)
	tw.crowd(2)
	others := [][]DeliveryState{{Pending, Cancelled}, {Sent, Failed}}[part]
	must(tw.t, tw.inTx(tw.t.Context(), func(tx *sql.Tx) error {
		for _, situation := range situations() {
			for _, tried := range deliveryStates() {
				for _, other := range others {
					pair := []DeliveryState{tried, other}
					if part == 1 {
						slices.Reverse(pair)
					}
					id, err := tw.write(tx, pair)
					if err != nil {
						return err
					}
					for statement := range strings.SplitSeq(situation, ";") {
						if _, err := tx.Exec(statement, sql.Named("id", id)); err != nil {
							return err
						}
					}
				}
			}
		}
		return nil
	}))
	whole := filepath.Join(t.TempDir(), "whole.db")
	must(t, tw.Backup(t.Context(), whole))
	content, err := os.ReadFile(whole)
	must(t, err)
	return content
}

// write writes an announcement with a message in each of the states.
func (tw *town) write(tx *sql.Tx, states []DeliveryState) (id int64, err error) {
	n := tw.newID()
	err = tx.QueryRow(`INSERT INTO announcements (name, file, text, content_hash, urgent, preview, state, accepted_at, not_before, messages)
		VALUES (?1, ?1, ?1, zeroblob(32), 0, 0, 'running', ?2, ?2, 2) RETURNING id`, n, stamp{noon()}).Scan(&id)
	if err != nil {
		return 0, err
	}
	for part, state := range states {
		_, err := tx.Exec(`INSERT INTO deliveries (announcement, subscriber, message_id, part, state, due) VALUES (?, 1, ?, ?, ?, ?)`,
			id, fmt.Sprint(n, "-", part), part, state, stamp{noon()})
		if err != nil {
			return 0, err
		}
	}
	_, err = tx.Exec(`INSERT INTO deliveries (announcement, subscriber, message_id, due) VALUES (?, 2, ?, ?)`, id, n, stamp{noon().Add(time.Hour)})
	return id, err
}

// methodsThatChangeStates are the exported ones from which a statement can be
// reached that changes the state of a delivery. All of these are in delivery.go.
func methodsThatChangeStates(t *testing.T) map[string]bool {
	t.Helper()
	changes := map[string]bool{}
	for _, s := range statements(t) {
		if changesStates(s.text) {
			changes[s.in] = true
			equal(t, "the file of "+s.in, s.file, "delivery.go")
		}
	}
	uses := map[string][]string{}
	for _, file := range sources(t) {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Clean(file), nil, 0)
		must(t, err)
		for _, d := range f.Decls {
			ast.Inspect(d, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if method, ok := n.Fun.(*ast.SelectorExpr); ok {
						uses[declName(d)] = append(uses[declName(d)], method.Sel.Name)
					}
				case *ast.Ident:
					if !ast.IsExported(n.Name) { // a function, or the name of a statement
						uses[declName(d)] = append(uses[declName(d)], n.Name)
					}
				}
				return true
			})
		}
	}
	for grew := true; grew; {
		grew = false
		for name, used := range uses {
			if !changes[name] && slices.ContainsFunc(used, func(u string) bool { return changes[u] && u != name }) {
				changes[name], grew = true, true
			}
		}
	}
	maps.DeleteFunc(changes, func(name string, _ bool) bool { return !ast.IsExported(name) })
	return changes
}

// changesStates tells whether a statement assigns a state to deliveries.
func changesStates(text string) bool {
	set := regexp.MustCompile(`UPDATE deliveries\b[^(]*?\bSET\b`).FindStringIndex(text)
	if set == nil {
		return false
	}
	depth := 0
	for at, c := range text[set[1]:] {
		rest := text[set[1]+at:]
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0 && strings.HasPrefix(rest, "WHERE"):
			return false
		case depth == 0 && strings.HasPrefix(rest, "state ="):
			return true
		}
	}
	return false
}
