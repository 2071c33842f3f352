package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// G5: an erasure looks whether the rows are gone that it has deleted. A trigger that
// came into the file while it was open keeps them.
func TestG5_ErasingVerifiesByLooking(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"answers", "handled", "questions", "erasures"} {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			p := ermenegilda()
			tw.subscribe(p)
			due := tw.goodbye(p)
			_, err := tw.db.Exec(`CREATE TRIGGER keep BEFORE DELETE ON ` + table + ` BEGIN SELECT raise(IGNORE); END;
				INSERT INTO questions (number, lid, asked, given_name, family_name, comune, words, since, due)
					VALUES ('` + string(p.Number) + `', '` + string(p.LID) + `', 'leave', '', '', '', '', 1, 1)`)
			must(t, err)
			mustBeFault(t, tw.Erase(t.Context(), tw.due(due)), tw.path, table)
			equal(t, "still to be erased", len(tw.due(due)), 1)
			_, err = tw.db.Exec(`DROP TRIGGER keep`)
			must(t, err)
			must(t, tw.Erase(t.Context(), tw.due(due)))
			if found := tw.traces(); len(found) > 0 {
				t.Errorf("left behind: %q", found)
			}
		})
	}
}

// What nobody deletes is found wherever it stands, and a longer number is not taken
// for it.
func TestG5_TracesAreFoundInEveryTable(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	p := ermenegilda()
	tw.crowd(1)
	tw.publish(announcement("1.txt"))
	look := func() string {
		places, _, err := tw.Traces(t.Context(), p)
		must(t, err)
		return strings.Join(places, " ")
	}
	equal(t, "nothing", look(), "")
	digits := strings.TrimPrefix(string(p.Number), "+")
	for statement, want := range map[string]string{
		`UPDATE subscribers SET words = 'mio marito: ` + digits + `.'`:                             "subscribers.words",
		`UPDATE announcements SET text = 'chiamate ` + string(p.Number) + `'`:                      "announcements.text",
		`INSERT INTO wordings VALUES ('` + string(p.LID) + `', '', 1)`:                             "wordings.version",
		`INSERT INTO red_lights VALUES ('` + digits + `', 1, 1, 0, 0, 0)`:                          "red_lights.light",
		`INSERT INTO handled (message_id, number, at) VALUES ('x', '` + string(p.Number) + `', 1)`: "handled.number",
	} {
		_, err := tw.db.Exec(statement)
		must(t, err)
		if got := look(); !strings.Contains(got, want) {
			t.Errorf("found in %q, not in %s", got, want)
		}
	}
	other := newTown(t)
	other.subscribe(Person{Number: p.Number + "4"})
	places, part, err := other.Traces(t.Context(), Person{Number: p.Number})
	must(t, err)
	equal(t, "of a longer number", len(places) == 0 && part, true)
}

// The bytes of a file are searched across the pieces in which it is read.
func TestG5_BytesAreFoundInAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o700))
	path, p := filepath.Join(dir, databaseFile), ermenegilda()
	holds, err := FileHolds(path, p)
	must(t, err)
	equal(t, "no file", holds, false)
	for _, at := range []int{0, 1<<20 - 5, 1<<20 + 60, 3 << 20} {
		content := make([]byte, at, 4<<20)
		must(t, os.WriteFile(path, append(content, p.LID...), 0o600))
		holds, err := FileHolds(path, p)
		must(t, err)
		equal(t, "in the file", holds, true)
		holds, err = FileHolds(path, Person{LID: "999999999999999"})
		must(t, err)
		equal(t, "somebody else in the file", holds, false)
	}
}

// Who had the number before is forgotten with whoever cancels under it; and nobody
// waits for that longer than for others.
func TestG5_AFormerOwnersErasureHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.subscribe(Person{number, lid})
	tw.leave(Person{number, otherLID}, noon())
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	if due.Erasure.IsZero() || due.Erasure.After(noon().Add(time.Minute)) {
		t.Errorf("the next erasure is due at %v", due.Erasure)
	}
	_, err = tw.db.Exec(`UPDATE erasures SET due = 0`) // as it was written before
	must(t, err)
	due, err = tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "an erasure of before is due", due.Erasure.IsZero(), false)
}
