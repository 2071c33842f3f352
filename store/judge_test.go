package store

import (
	"fmt"
	"maps"
	"time"
)

// hold checks what is true at any moment.
func (p *life) hold() {
	p.t.Helper()
	for what, query := range map[string]string{
		"an announcement that runs has something to send, and no other has": `SELECT count(*) FROM announcements a WHERE (state = 'running') <>
			EXISTS (SELECT 1 FROM deliveries d WHERE announcement = a.id AND d.state IN ('pending', 'sending')) AND NOT
			(state = 'stopped' AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE announcement = a.id AND d.state = 'pending'))`,
		"what waits for another message waits for something": `SELECT count(*) FROM deliveries d JOIN deliveries b ON b.announcement = d.announcement
			AND b.subscriber = d.subscriber AND b.part = d.part - 1 WHERE d.state = 'pending' AND d.due = 9223372036854775807
			AND b.state NOT IN ('pending', 'sending') AND NOT (b.state = 'cancelled' AND EXISTS (SELECT 1 FROM announcements c WHERE c.about = d.announcement))`,
		"failures are counted by reason": `SELECT count(*) FROM (SELECT a.id, (SELECT coalesce(sum(count), 0) FROM failures WHERE announcement = a.id) AS n,
			(SELECT coalesce(sum(count), 0) FROM tallies WHERE announcement = a.id AND state = 'failed' AND extra = 0) AS m FROM announcements a) WHERE n <> m`,
	} {
		var wrong int
		must(p.t, p.db.QueryRow(query).Scan(&wrong))
		if wrong != 0 {
			p.t.Fatalf("untrue: %s\n%s", what, p)
		}
	}
	want := maps.Clone(p.gone)
	p.count(want, `SELECT announcement || form || (part > 0) || state, count(*) FROM deliveries GROUP BY 1`)
	got := map[string]int{}
	p.count(got, `SELECT announcement || form || extra || state, count FROM tallies WHERE count > 0`)
	if !maps.Equal(got, want) {
		p.t.Fatalf("tallies: got %v, want %v\n%s", got, want, p)
	}
}

func (p *life) count(into map[string]int, query string) {
	rows, err := p.db.Query(query)
	must(p.t, err)
	defer rows.Close()
	for rows.Next() {
		var key string
		var n int
		must(p.t, rows.Scan(&key, &n))
		into[key] += n
	}
	must(p.t, rows.Err())
}

// everythingLeaves lets everything leave and every phone be heard of.
func (p *life) everythingLeaves() {
	for range 10 {
		p.end()
		p.now = p.now.Add(2 * time.Minute)
		p.upload(p.now)
		_, err := p.Expire(p.t.Context(), p.now)
		must(p.t, err)
		for p.send(false) {
		}
		p.confirm(true)
		p.catchUp(p.now)
		p.hold()
	}
	due, err := p.NextDue(p.t.Context(), p.now)
	must(p.t, err)
	if due.Delivery != [Urgent + 1]time.Time{} {
		p.t.Fatalf("something still waits\n%s", p)
	}
}

// shown counts the messages of a text that a phone shows.
func (p *life) shown(who Person, a Announcement) (n int) {
	for _, b := range p.phones[who] {
		if !b.deleted && b.text == a.Text {
			n++
		}
	}
	return n
}

// hasFailed tells whether somebody's message of an announcement has failed.
func (p *life) hasFailed(who Person, a Announcement) (failed bool) {
	must(p.t, p.db.QueryRow(`SELECT EXISTS (SELECT 1 FROM deliveries d JOIN subscribers s ON s.id = subscriber
		WHERE lid = ? AND announcement = ? AND state = 'failed' AND part = 0)`, string(who.LID), a.ID).Scan(&failed))
	return failed
}

// judge looks at the phones in the end.
func (p *life) judge() {
	for _, th := range p.threads {
		head, ok := th.head()
		for who := range p.listed {
			for _, a := range th.all {
				n := p.shown(who, a)
				if n > 1 {
					p.t.Fatalf("%v is shown %d %d times\n%s", who.LID, a.ID, n, p)
				}
				if th.gone[a.ID] && n > 0 {
					p.revoked(who, a)
				}
			}
			if !ok || len(th.gone) > 0 {
				continue
			}
			reached := 0
			for _, a := range th.all {
				reached += p.shown(who, a)
			}
			if reached > 0 && !th.stopped && p.shown(who, head) == 0 && !p.hasFailed(who, head) {
				p.t.Fatalf("%v has got %d of %d, but not the last\n%s", who.LID, reached, head.ID, p)
			}
		}
	}
}

// revoked accepts that somebody still sees what was withdrawn only when its
// deletion has failed, or when an edit of unknown outcome came again as a
// correction: that one is deleted.
func (p *life) revoked(who Person, a Announcement) {
	for id, b := range p.phones[who] {
		if b.text == a.Text && (b.twice || b.form == Edit && p.isForm(id, Correction)) {
			return
		}
	}
	for id, b := range p.phones[who] {
		var failed bool
		must(p.t, p.db.QueryRow(`SELECT EXISTS (SELECT 1 FROM deliveries WHERE form = 'revoke' AND state = 'failed' AND target = ?)`, id).Scan(&failed))
		if b.text == a.Text && !b.deleted && !failed {
			p.t.Fatalf("%v still sees %d, which was withdrawn\n%s", who.LID, a.ID, p)
		}
	}
}

// isForm tells whether a message is to be of that form by now.
func (p *life) isForm(id string, f Form) (is bool) {
	must(p.t, p.db.QueryRow(`SELECT EXISTS (SELECT 1 FROM deliveries WHERE message_id = ? AND form = ?)`, id, f).Scan(&is))
	return is
}

// String is what has happened, and every row.
func (p *life) String() string {
	s := fmt.Sprintf("seed %d\n", p.seed)
	for _, line := range p.log {
		s += line + "\n"
	}
	rows, err := p.db.Query(`SELECT printf('%d %s about %d state %s: %s part %d %s %s target %s due %d attempts %d to %s', a.id, a.kind, coalesce(a.about, 0), a.state, d.form, part, d.message_id, d.state, target, due, attempts, lid)
		FROM announcements a LEFT JOIN deliveries d ON d.announcement = a.id LEFT JOIN subscribers s ON s.id = subscriber ORDER BY a.id, d.id`)
	must(p.t, err)
	lines, err := column[string](rows)
	must(p.t, err)
	for _, line := range lines {
		s += line + "\n"
	}
	return s
}
