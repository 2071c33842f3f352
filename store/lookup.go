package store

import (
	"context"
	"database/sql"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// FindCorrectable finds the announcement that a correction of this name is
// about: the newest that was dropped under this stem, or lies under it in the
// spool, whatever the case of its letters; or, when it was corrected, the newest
// correction of it. Previews cannot be corrected. What was withdrawn is found all
// the same, rather than an older one of that name.
func (s *Store) FindCorrectable(ctx context.Context, stem string) (Announcement, bool, error) {
	list, err := s.announcements(ctx, `SELECT id FROM announcements WHERE kind <> 'withdrawal' AND preview = 0 ORDER BY id DESC LIMIT 1000`)
	if err != nil {
		return Announcement{}, false, err
	}
	i := slices.IndexFunc(list, func(a Announcement) bool { return a.isCalled(norm.NFC.String(stem)) })
	if i < 0 {
		return Announcement{}, false, nil
	}
	found := list[i]
	for found.Withdrawal == nil {
		corrections, err := s.Corrections(ctx, found.ID)
		if err != nil {
			return Announcement{}, false, err
		}
		corrections = slices.DeleteFunc(corrections, func(c Announcement) bool { return c.Withdrawal != nil })
		if len(corrections) == 0 {
			break
		}
		found = corrections[len(corrections)-1]
	}
	return found, true, nil
}

// numbered ends the name of one of several pictures.
var numbered = regexp.MustCompile(`-\d{1,2}$`)

// isCalled tells whether staff may call an announcement by this stem: several
// pictures without words go by what their names share, too.
func (a Announcement) isCalled(stem string) bool {
	for _, file := range []string{a.Name, a.File} {
		name := norm.NFC.String(file)
		ext := filepath.Ext(name)
		name = strings.TrimSuffix(strings.TrimSuffix(name, ext), ext) // Windows hides one of a.txt.txt
		if strings.EqualFold(name, stem) || a.Text == "" && strings.EqualFold(numbered.ReplaceAllString(name, ""), stem) {
			return true
		}
	}
	return false
}

// FindFile finds the newest announcement of which a file in the spool is part.
func (s *Store) FindFile(ctx context.Context, file string) (Announcement, bool, error) {
	list, err := s.announcements(ctx, `SELECT id FROM (
			SELECT id FROM announcements WHERE file = @file AND kind <> 'withdrawal'
			UNION SELECT announcement FROM attachments WHERE file = @file AND inherited = 0)
		ORDER BY id DESC LIMIT 1`, sql.Named("file", file))
	if err != nil || len(list) == 0 {
		return Announcement{}, false, err
	}
	return list[0], true, nil
}

// Corrections lists the corrections of an announcement, but for those that were
// withdrawn and are in the folder for that.
func (s *Store) Corrections(ctx context.Context, id int64) ([]Announcement, error) {
	return s.announcements(ctx, `SELECT id FROM announcements WHERE about = ? AND kind = 'correction' AND folder <> ? ORDER BY id`, id, FolderWithdrawn)
}
