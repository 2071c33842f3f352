package store

import (
	"context"
	"time"
)

// KeepWording keeps what a version of texts and rules stands for, so that it
// can be shown what a citizen agreed to. A known version is left as it is.
func (s *Store) KeepWording(ctx context.Context, version, text string, now time.Time) error {
	return s.exec(ctx, "keep the texts and rules", `INSERT INTO wordings VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, version, text, stamp{now})
}

// Wording is what a version stands for, and since when it was in force.
func (s *Store) Wording(ctx context.Context, version string) (text string, since time.Time, ok bool, err error) {
	var at stamp
	ok, err = s.scan(ctx, `SELECT text, since FROM wordings WHERE version = ?`, []any{version}, &text, &at)
	return text, at.Time, ok, err
}
