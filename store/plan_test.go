package store

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rare are the declarations whose statements may read a whole table: they run at
// the start, once a day, once for an announcement, or for somebody who waits for a
// list.
func rare() []string {
	return []string{
		"Announcements", "Unfiled", "Reporting", "FindCorrectable", "FindFile", "AnswersSince", "Subscribers", "Count", "Days", "NoteDay",
		"addDeliveries", "cancelCorrected", "Backlog", "Waiting", "Purge", "purgeUnmatched", "Rewind", "stage", "apply",
	}
}

// The statements that run for every message find their rows by an index: none
// reads a whole table that grows with the town. Of announcements those that are
// running are read, and not more.
func TestNoStatementReadsAWholeTable(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	scans := map[string]bool{}
	for _, s := range statements(t) {
		rows, err := tw.db.Query(`EXPLAIN QUERY PLAN `+s.text, make([]any, 20)...)
		must(t, err)
		for rows.Next() {
			var id, parent, unused int
			var step string
			must(t, rows.Scan(&id, &parent, &unused, &step))
			// It is NULL in all rows but a few; those of one number may be asked for.
			if strings.Contains(step, "preview_number=?") && !strings.Contains(s.text, "preview_number = @number") {
				t.Errorf("%s: %s: %s", s.file, s.in, step)
			}
			if readsAll(step) {
				scans[s.in] = true
				if !slices.Contains(rare(), s.in) {
					t.Errorf("%s: %s: %s", s.file, s.in, step)
				}
			}
		}
		must(t, rows.Err())
	}
	for _, in := range rare() {
		if !scans[in] {
			t.Errorf("%s reads no whole table: it is not rare", in)
		}
	}
}

// readsAll tells whether a step of a plan reads a whole table or index that grows.
func readsAll(step string) bool {
	small := regexp.MustCompile(`announcements_running|deliveries_unfinished|^SCAN (daemon|red_lights|problems|waiting|wanted|json_each|whole|a)\b|CONSTANT ROW`)
	return strings.HasPrefix(step, "SCAN") && !small.MatchString(step)
}
