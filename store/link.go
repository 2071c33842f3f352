package store

import (
	"context"
	"time"
)

// Link is what the daemon last said of its link to WhatsApp. It may be out of
// date: a daemon that was killed says nothing more (see [LockedBy]).
type Link struct {
	State     string
	Connected bool
	Since     time.Time
	Until     time.Time // the end of a suspension, as WhatsApp gave it; zero without one
	Code      int       // WhatsApp's reason; 0 when it gave none
	Cause     string    // why there is no link, or no connection; empty: not known, or there is one
}

const setLink = `UPDATE daemon SET link_state = ?, link_connected = ?, link_since = ?, link_until = ?, link_code = ?, link_cause = ?`

// SetLink notes the state of the link for other processes and for the next start.
func (s *Store) SetLink(ctx context.Context, l Link) error {
	return s.exec(ctx, "note the link", setLink, l.State, l.Connected, stamp{l.Since}, stamp{l.Until}, l.Code, l.Cause)
}

const link = `SELECT link_state, link_connected, link_since, link_until, link_code, link_cause FROM daemon WHERE link_state <> ''`

// Link is what [Store.SetLink] noted last, if it was ever called.
func (s *Store) Link(ctx context.Context) (l Link, ok bool, err error) {
	var since, until stamp
	ok, err = s.scan(ctx, link, nil, &l.State, &l.Connected, &since, &until, &l.Code, &l.Cause)
	l.Since, l.Until = since.Time, until.Time
	return l, ok, err
}

// ListNumber is the Comune's number to which the list belongs; empty until a phone
// has been linked for the first time.
func (s *Store) ListNumber(ctx context.Context) (number string, err error) {
	_, err = s.scan(ctx, `SELECT list_number FROM daemon`, nil, &number)
	return number, err
}

// BelongTo notes to which of the Comune's numbers the list belongs, unless that is
// known.
func (s *Store) BelongTo(ctx context.Context, number string) error {
	return s.exec(ctx, "note whose the list is", `UPDATE daemon SET list_number = ? WHERE list_number = ''`, number)
}

// HandOver gives the list to another number of the Comune.
func (s *Store) HandOver(ctx context.Context, number string) error {
	return s.exec(ctx, "hand the list over", `UPDATE daemon SET list_number = ?`, number)
}

// SessionMark is what [Store.SetSessionMark] noted last: which copy of the linked
// device's keys was used. Its form is the caller's.
func (s *Store) SessionMark(ctx context.Context) (mark string, err error) {
	_, err = s.scan(ctx, `SELECT session_mark FROM daemon`, nil, &mark)
	return mark, err
}

// SetSessionMark notes which copy of the linked device's keys is being used.
func (s *Store) SetSessionMark(ctx context.Context, mark string) error {
	return s.exec(ctx, "note which session is used", `UPDATE daemon SET session_mark = ?`, mark)
}

// AskUnpair asks the daemon to end the link; the zero time takes the question back.
func (s *Store) AskUnpair(ctx context.Context, now time.Time) error {
	return s.exec(ctx, "ask for the end of the link", `UPDATE daemon SET unpair_asked = ?`, stamp{now})
}

// UnpairAsked is since when somebody waits for the end of the link; zero: nobody.
func (s *Store) UnpairAsked(ctx context.Context) (time.Time, error) {
	var at stamp
	_, err := s.scan(ctx, `SELECT unpair_asked FROM daemon`, nil, &at)
	return at.Time, err
}

// NotePhone keeps when the Comune's phone was heard last.
func (s *Store) NotePhone(ctx context.Context, at time.Time) error {
	return s.exec(ctx, "note the phone", `UPDATE daemon SET phone_seen = max(phone_seen, ?)`, stamp{at})
}

// PhoneSeen is when the Comune's phone was heard last; zero: never.
func (s *Store) PhoneSeen(ctx context.Context) (time.Time, error) {
	var at stamp
	_, err := s.scan(ctx, `SELECT phone_seen FROM daemon`, nil, &at)
	return at.Time, err
}

// Gap is the time during which no device was linked. What citizens wrote in it
// comes with the phone's history, if it comes.
type Gap struct {
	Link   string    // which link ended it
	From   time.Time // when the newest text was sent that had been handled by then; zero: none ever
	Read   time.Time // when a part of the history was last read; zero: none was
	Closed bool      // nothing more is waited for
}

// Gap is the one before the present link, as far as it was noted.
func (s *Store) Gap(ctx context.Context) (g Gap, err error) {
	var from, read stamp
	_, err = s.scan(ctx, `SELECT gap_link, gap_from, gap_read, gap_closed FROM daemon`, nil, &g.Link, &from, &read, &g.Closed)
	g.From, g.Read = from.Time, read.Time
	return g, err
}

// BeginGap notes a new link, before anything that comes over it is handled. For
// a link that is known it does nothing. A gap that was not closed goes on: what it
// held is looked for again.
func (s *Store) BeginGap(ctx context.Context, link string) error {
	return s.exec(ctx, "note a new link", `UPDATE daemon SET gap_link = ?1, gap_from = iif(gap_link = '' OR gap_closed, heard, gap_from), gap_read = 0, gap_closed = 0 WHERE gap_link <> ?1`, link)
}

// NoteHistory notes that a part of the history was read.
func (s *Store) NoteHistory(ctx context.Context, now time.Time) error {
	return s.exec(ctx, "note a part of the history", `UPDATE daemon SET gap_read = ?`, stamp{now})
}

// CloseGap notes that nothing more is waited for.
func (s *Store) CloseGap(ctx context.Context) error {
	return s.exec(ctx, "close the gap", `UPDATE daemon SET gap_closed = 1`)
}

// Capping is what WhatsApp said last of the chats that we begin: messages to people
// who have not written to us. State is WhatsApp's word for it; from the second
// warning on, what would begin a chat waits, until Ends at most. That is so for who
// was imported and never wrote.
type Capping struct {
	State string    // empty: it has said nothing
	Used  int       // chats of Quota; both zero when it does not say
	Quota int       // -1: any number
	Since time.Time // when it first said so
	Ends  time.Time // it is worth nothing from then on
}

// unendingCapping is how long WhatsApp's word holds when it names no end: it counts
// by the month.
const unendingCapping = 31 * 24 * time.Hour

// SetCapping notes what WhatsApp says at now. Since is its own, and an end that is
// not given is guessed.
func (s *Store) SetCapping(ctx context.Context, c Capping, now time.Time) error {
	if c.Ends.IsZero() {
		c.Ends = now.Add(unendingCapping)
	}
	return s.exec(ctx, "note the counting of new chats", `UPDATE daemon SET capping_since = iif(capping = ?1 AND capping_ends > ?5, capping_since, ?5),
		capping = ?1, capping_used = ?2, capping_quota = ?3, capping_ends = ?4`, c.State, c.Used, c.Quota, stamp{c.Ends}, stamp{now})
}

// Capping is what [Store.SetCapping] noted last, if that is worth anything at now.
func (s *Store) Capping(ctx context.Context, now time.Time) (c Capping, err error) {
	var since, ends stamp
	ok, err := s.scan(ctx, `SELECT capping, capping_used, capping_quota, capping_since, capping_ends FROM daemon WHERE capping_ends > ?`,
		[]any{stamp{now}}, &c.State, &c.Used, &c.Quota, &since, &ends)
	c.Since, c.Ends = since.Time, ends.Time
	if err != nil || !ok {
		return Capping{}, err
	}
	return c, nil
}

// Capped tells of each running announcement how many messages wait because their
// recipients never wrote to us and WhatsApp caps the chats that we begin.
func (s *Store) Capped(ctx context.Context, now time.Time) (map[int64]int, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT a.id, count(*) FROM daemon CROSS JOIN announcements a CROSS JOIN deliveries d ON d.announcement = a.id
		WHERE daemon.id = 1 AND capping IN ('SECOND_WARNING', 'CAPPED') AND capping_ends > ?
			AND a.state = 'running' AND d.state = 'pending' AND EXISTS (SELECT 1 FROM subscribers s WHERE s.id = subscriber AND s.heard = 0)
		GROUP BY a.id`, stamp{now})
	if err != nil {
		return nil, fault(s.path, err)
	}
	defer rows.Close()
	list := map[int64]int{}
	for rows.Next() {
		var id int64
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return nil, fault(s.path, err)
		}
		list[id] = n
	}
	return list, fault(s.path, rows.Err())
}
