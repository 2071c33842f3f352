package whatsapp

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"syscall"
	"time"

	"banditore/store/datadir"
)

// mark tells the session.db that is in use from a copy of it. Whoever connects with an old copy has ratchets that the other
// side has left behind: citizens' phones cannot read what it sends, and what they write is lost on it. So each opening and each
// end of it is counted, in the file and, through [Options].KeepMark, outside: a copy that comes back has counted less.
type mark struct {
	ID    string `json:"id"`     // of the file, at random
	Count int64  `json:"count"`  // grows over all files that were ever in this place
	InUse bool   `json:"in_use"` // since the opening; false after a proper end
	Inode uint64 `json:"inode"`  // of the file, when it was opened. Its device may change its number with a reboot
}

const markName = "mark"

// readMark reads a mark as it is kept; nothing is the zero mark.
func readMark(text string) (m mark) {
	_ = json.Unmarshal([]byte(text), &m) // what cannot be read was not written by us
	return m
}

// String is the mark as it is kept; readMark reads it.
func (m mark) String() string {
	text, _ := json.Marshal(m) // it cannot fail
	return string(text)
}

// oldCopy tells why a session.db with the mark m must not be connected, given what is known outside of it and where it is now;
// empty when it may. A clean move to another place is none: nobody had it in use.
func (m mark) oldCopy(known mark, inode uint64) Cause {
	switch {
	case m.Count < known.Count, m.Count == known.Count && known.Count > 0 && m.ID != known.ID:
		return CauseOldCopy
	case m.InUse && m.Inode != inode:
		return CauseCopied
	}
	return ""
}

// beginMark counts the opening, in the file first: a crash in between leaves one that is newer than what is known of it. On a full
// disk the client goes on all the same, since that is no reason to be deaf.
func (c *Client) beginMark(ctx context.Context) error {
	kept, err := keptMark(ctx, c.db)
	if err != nil {
		return faultOf(c.path, err)
	}
	known := readMark(c.options.Mark)
	m := mark{ID: kept.ID, Count: max(kept.Count, known.Count) + 1, InUse: true}
	if m.ID == "" {
		m.ID = rand.Text()
	}
	if m.Inode, err = inode(c.path); err != nil {
		return faultOf(c.path, err)
	}
	if err := c.keepMark(ctx, m); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.log.Warn("the opening of session.db is not noted", "error", clean(err))
		return nil
	}
	c.mark = m
	return nil
}

func (c *Client) keepMark(ctx context.Context, m mark) error {
	if err := c.remember(ctx, markName, m); err != nil {
		return err
	}
	if c.options.KeepMark == nil {
		return nil
	}
	return c.guarded(func() error { return c.options.KeepMark(ctx, m.String()) })
}

// endMark counts the end, unless somebody else has opened the file since.
func (c *Client) endMark() {
	if !c.mark.InUse {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.life), markTime)
	defer cancel()
	kept, err := keptMark(ctx, c.db)
	if err == nil && kept != c.mark {
		return
	}
	if err == nil {
		kept.Count, kept.InUse = kept.Count+1, false
		err = c.keepMark(ctx, kept)
	}
	if err != nil {
		c.log.Warn("the end of session.db is not noted", "error", clean(err))
	}
}

// markTime is how long the end may wait for a disk: the process is told to stop within seconds.
const markTime = 2 * time.Second

// keptMark is the mark in session.db itself.
func keptMark(ctx context.Context, db *sql.DB) (mark, error) {
	var text string
	err := db.QueryRowContext(ctx, `SELECT value FROM banditore_facts WHERE name = ?`, markName).Scan(&text)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return mark{}, fmt.Errorf("read the mark: %w", err)
	}
	return readMark(text), nil
}

func inode(path string) (uint64, error) {
	info, err := datadir.Stat(path)
	if err != nil {
		return 0, err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ino, nil
	}
	return 0, nil
}
