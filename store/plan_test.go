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
		"Announcements", "Unfiled", "Reporting", "FindCorrectable", "FindFile", "AnswersSince", "Subscribers", "Count", "Modes", "Days", "NoteDay",
		"roomy", "insertDeliveries", "cancelCorrected", "Backlog", "Waiting", "Purge", "purgeAnswers", "purgeUnmatched", "Chain", "Rewind", "judgeReferences", "apply",
		"reasons", // the list that is asked about
	}
}

// sorts are those whose statements may sort in a temporary b-tree, beside the rare
// ones, and why.
func sorts() map[string]string {
	return map[string]string{
		"DueUploads":          "the attachments that wait for an upload",
		"nextToLeave":         "the running announcements",
		"selectAnnouncements": "those that were asked for",
		"FindFile":            "the announcements of one file",
		"eraseNow":            "what is known of one person",
		"ownEntry":            "what is known of one person",
		"findQuestion":        "what is known of one person",
		"readDeliveries":      "what is known of one person",
		"readAnswers":         "what is known of one person",
		"readHandled":         "what is known of one person",
		"insertCorrection":    "whom a correction concerns",
		"insertDeletions":     "whom a withdrawal concerns",
		"CatchUp":             "recent corrections and withdrawals",
		"Withdraw":            "an announcement and its corrections",
	}
}

// step is a line of the plan that SQLite makes for a statement.
type step struct {
	statement
	words string
}

func (s step) String() string { return s.file + ": " + s.in + ": " + s.words }

func plans(t *testing.T) (all []step) {
	t.Helper()
	tw := newTown(t)
	for _, s := range append(statements(t), triggered(t)...) {
		rows, err := tw.db.Query(`EXPLAIN QUERY PLAN `+s.text, make([]any, 20)...)
		must(t, err)
		for rows.Next() {
			var id, parent, unused int
			p := step{statement: s}
			must(t, rows.Scan(&id, &parent, &unused, &p.words))
			all = append(all, p)
		}
		must(t, rows.Err())
	}
	return all
}

// triggered are the statements of the triggers: no plan shows them.
func triggered(t *testing.T) (all []statement) {
	t.Helper()
	for _, s := range scripts(t) {
		if !strings.HasPrefix(s.text, "CREATE TRIGGER") {
			continue
		}
		_, body, ok := strings.Cut(s.text, " BEGIN\n")
		equal(t, s.in+" has a body", ok, true)
		body = regexp.MustCompile(`\b(NEW|OLD)\.\w+`).ReplaceAllString(strings.TrimSuffix(body, "END"), "?")
		for text := range strings.SplitSeq(body, ";") {
			if strings.TrimSpace(text) != "" {
				all = append(all, statement{s.file, s.in, text})
			}
		}
	}
	if len(all) < 10 {
		t.Errorf("the triggers have %d statements", len(all))
	}
	return all
}

// The statements that run for every message find their rows by an index, and in
// order: none reads a whole table that grows with the town. Of announcements those
// that are running are read, and not more.
func TestNoStatementReadsAWholeTable(t *testing.T) {
	t.Parallel()
	scans, sorted := map[string]bool{}, map[string]bool{}
	for _, p := range plans(t) {
		// It is NULL in all rows but a few; those of one number may be asked for.
		if strings.Contains(p.words, "preview_number=?") && !strings.Contains(p.text, "preview_number = @number") {
			t.Error(p)
		}
		if readsAll(p.words) {
			scans[p.in] = true
			if !slices.Contains(rare(), p.in) {
				t.Error(p)
			}
		}
		if strings.Contains(p.words, "TEMP B-TREE") {
			sorted[p.in] = true
			if !slices.Contains(rare(), p.in) && sorts()[p.in] == "" {
				t.Error(p)
			}
		}
	}
	for _, in := range rare() {
		if !scans[in] {
			t.Errorf("%s reads no whole table: it is not rare", in)
		}
	}
	for in := range sorts() {
		if !sorted[in] {
			t.Errorf("%s does not sort", in)
		}
	}
}

// What waits is found by when it may leave, a person's messages by the person, and a
// message by its ID: the length of an index says nothing of how much of it is read.
func TestClaimsAndReceiptsSeekWhatTheyNeed(t *testing.T) {
	t.Parallel()
	plan := map[string]string{}
	for _, p := range plans(t) {
		plan[p.in] += p.words + "\n"
	}
	for in, want := range map[string][]string{
		"nextToLeave": {"SEARCH deliveries EXISTS USING INDEX deliveries_unfinished (announcement=? AND state=? AND due<?)"},
		"claimDeliveries": {"SEARCH d USING INDEX deliveries_unfinished (announcement=? AND state=? AND due<?)",
			"SEARCH e USING INDEX sqlite_autoindex_deliveries_2 (announcement=? AND subscriber=?)", "SEARCH r USING INDEX deliveries_by_target (target=?)"},
		"tooLateToEdit":   {"SEARCH deliveries USING COVERING INDEX deliveries_to_edit (target_sent<?)"},
		"nextDue":         {"SEARCH deliveries USING INDEX deliveries_unfinished (announcement=? AND state=? AND due<?)"},
		"claimAnswer":     {"SEARCH answers USING COVERING INDEX answers_unfinished (state=?)"},
		"nthLastAnswer":   {"SEARCH departures USING COVERING INDEX departures_of_announcements (announcement=? AND at>?)"},
		"leftLately":      {"SEARCH departures USING COVERING INDEX departures_of_announcements (announcement=? AND at>? AND at<?)"},
		"unwanted":        {"SEARCH d USING INDEX sqlite_autoindex_deliveries_1 (message_id=?)", "SEARCH answers USING INDEX sqlite_autoindex_answers_1 (message_id=?)"},
		"forRetry":        {"SEARCH deliveries USING INDEX sqlite_autoindex_deliveries_1 (message_id=?)"},
		"receipt":         {"SEARCH deliveries USING INDEX sqlite_autoindex_deliveries_1 (message_id=?)"},
		"endFinished":     {"SEARCH d USING COVERING INDEX deliveries_unfinished (announcement=? AND state=?)"},
		"Sent":            {"SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)"},
		"Fail":            {"SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)"},
		"takeBack":        {"SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)"},
		"close":           {"SEARCH departures USING COVERING INDEX departures_by_time (at<?)"},
		"deliveries_next": {"SEARCH deliveries USING INDEX sqlite_autoindex_deliveries_2 (announcement=? AND subscriber=? AND part=?)"},
	} {
		for _, w := range want {
			if !strings.Contains(plan[in], w) {
				t.Errorf("%s: no %q in\n%s", in, w, plan[in])
			}
		}
	}
}

// SQLite looks at the value of a bare LIMIT ?, and would plan the whole query anew
// for each.
func TestNoLimitIsLookedAt(t *testing.T) {
	t.Parallel()
	for _, s := range statements(t) {
		if regexp.MustCompile(`\bLIMIT [?@]\w*(\s*$|[^\w +])`).MatchString(s.text) {
			t.Errorf("%s: %s: %s", s.file, s.in, s.text)
		}
	}
}

// readsAll tells whether a step of a plan reads a whole table or index that grows.
func readsAll(step string) bool {
	small := regexp.MustCompile(`announcements_running|deliveries_unfinished|repeats_waiting|^SCAN (daemon|red_lights|problems|waiting|wanted|json_each|whole|parts|beginning|sqlite_sequence|sqlite_master|recipient|strays)\b|CONSTANT ROW`)
	return strings.HasPrefix(step, "SCAN") && !small.MatchString(step)
}
