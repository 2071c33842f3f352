package store

import (
	"fmt"
	"strings"
	"testing"
)

// The statements that run for every message find their rows by an index: none
// reads a whole table that grows with the town.
func TestNoStatementReadsAWholeTable(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	statements := []string{claimAnswer, claimDelivery, tooLateToEdit, withWaiting + nextDue, endFinished, `UPDATE deliveries SET reason = 1 WHERE ` + isExpired,
		`SELECT at FROM departures WHERE at > ? ORDER BY at DESC LIMIT 1 OFFSET ?`,
		`SELECT max(at) FROM departures WHERE announcement = 1`,
		`UPDATE deliveries SET state = 'sent' WHERE message_id = ?`,
		`DELETE FROM subscribers WHERE ` + isPerson,
		`DELETE FROM subscribers WHERE ` + isEither,
		nthLastAnswer, selectAffected("true"),
		`DELETE FROM answers WHERE created < ? AND (state = 'sent' OR state = 'failed')`,
	}
	for _, table := range []string{"subscribers", "answers", "handled", "erasures", "signups"} {
		statements = append(statements, `SELECT 1 FROM `+table+` WHERE `+isPerson, `UPDATE `+table+` SET number = NULL WHERE `+isFormerOwner)
	}
	for _, s := range statements {
		args := make([]any, 9)
		rows, err := tw.db.Query(`EXPLAIN QUERY PLAN `+s, args...)
		must(t, err)
		steps := 0
		for rows.Next() {
			steps++
			var id, parent, unused int
			var step string
			must(t, rows.Scan(&id, &parent, &unused, &step))
			// Of announcements only those that are running are read.
			if strings.Contains(step, "preview_number=?") { // it is NULL in all rows but a few
				t.Errorf("%s\nof %s", step, s)
			}
			if strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "announcements_running") && !strings.Contains(step, "waiting") && !strings.Contains(step, "CONSTANT ROW") {
				t.Errorf("%s\nof %s", step, s)
			}
		}
		must(t, rows.Err())
		if steps == 0 {
			t.Errorf("no plan of %s", s)
		}
	}
}

// BenchmarkClaimDelivery is a claim among the deliveries of a large town, with
// many held before it.
func BenchmarkClaimDelivery(b *testing.B) {
	tw := newTown(b)
	const people = 40_000
	tw.crowd(people)
	held := tw.publish(announcement("held.txt"))
	must(b, tw.Hold(b.Context(), held.ID))
	n := 0
	for b.Loop() {
		if n%people == 0 {
			b.StopTimer()
			tw.publish(announcement(fmt.Sprint(n, ".txt")))
			b.StartTimer()
		}
		tw.claim(noon())
		n++
	}
}

// BenchmarkPublish is an announcement to a large town.
func BenchmarkPublish(b *testing.B) {
	tw := newTown(b)
	tw.crowd(40_000)
	n := 0
	for b.Loop() {
		tw.publish(announcement(fmt.Sprint(n, ".txt")))
		n++
	}
}
