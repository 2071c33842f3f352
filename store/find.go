package store

import (
	"context"
	"path/filepath"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// suffix is what the name of a correction has after that of what it corrects.
const suffix = " RETTIFICA"

// FindCorrectable finds the announcement that a correction of this name is
// about: the newest whose name, without its extension and whatever the case of
// its letters, is the stem, or the newest correction of it. Previews and what
// was withdrawn cannot be corrected.
func (s *Store) FindCorrectable(ctx context.Context, stem string) (Announcement, bool, error) {
	list, err := s.announcements(ctx, `WHERE a.kind <> 'withdrawal' AND a.preview = 0
		AND NOT EXISTS (SELECT 1 FROM announcements w WHERE w.about = a.id AND w.kind = 'withdrawal')
		GROUP BY a.id ORDER BY a.id DESC LIMIT 1000`)
	if err != nil {
		return Announcement{}, false, err
	}
	stem = norm.NFC.String(stem)
	for _, a := range list {
		name := norm.NFC.String(a.Name)
		ext := filepath.Ext(name)
		name = strings.TrimSuffix(strings.TrimSuffix(name, ext), ext) // Windows hides one of a.txt.txt
		if strings.EqualFold(name, stem) || strings.EqualFold(name, stem+suffix) {
			return a, true, nil
		}
	}
	return Announcement{}, false, nil
}

// FindFile finds the newest announcement of which a file in the spool is part.
func (s *Store) FindFile(ctx context.Context, file string) (Announcement, bool, error) {
	list, err := s.announcements(ctx, `WHERE a.id = (SELECT max(id) FROM (
		SELECT id FROM announcements WHERE file = ?1 AND kind <> 'withdrawal'
		UNION ALL SELECT announcement FROM attachments WHERE file = ?1 AND inherited = 0)) GROUP BY a.id`, file)
	if err != nil || len(list) == 0 {
		return Announcement{}, false, err
	}
	return list[0], true, nil
}

// Corrections lists the corrections of an announcement that were not withdrawn.
func (s *Store) Corrections(ctx context.Context, id int64) ([]Announcement, error) {
	return s.announcements(ctx, `WHERE a.about = ? AND a.kind = 'correction'
		AND NOT EXISTS (SELECT 1 FROM announcements w WHERE w.about = a.id AND w.kind = 'withdrawal') GROUP BY a.id ORDER BY a.id`, id)
}
