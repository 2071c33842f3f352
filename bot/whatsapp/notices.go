package whatsapp

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/util/dbutil"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// A notice is what the Comune's own phone tells this device, outside of any chat. The library confirms each of them from a
// goroutine of its own, whatever our handler answers, so that none ever comes twice: not to a command that only pairs, not
// after a failure of our database, not after a crash. So a notice is kept in session.db in the transaction that moves the
// ratchet, by whatever process decrypts it, and deleted when it has been read to the end ([reader]).
type noticeKind string

const (
	noticeHistory noticeKind = "history" // where a part of the phone's history is, or the part itself
	noticeResend  noticeKind = "resend"  // what a citizen wrote and we could not read, decrypted by the phone
	noticeKeys    noticeKind = "keys"    // of the account's settings
	noticeLIDs    noticeKind = "lids"    // which number and which LID are one person's
)

// noticesTable is part of [ownTables]. What is personal is read without waiting for a connection, and no longer there when
// Forget ends.
const noticesTable = `CREATE TABLE IF NOT EXISTS banditore_notices (
	id       INTEGER PRIMARY KEY,           -- in the order of arrival
	hash     BLOB    NOT NULL UNIQUE,       -- of the ciphertext, as in whatsmeow_event_buffer
	mark     BLOB    NOT NULL,              -- of the content
	link     TEXT    NOT NULL,              -- over which it came
	kind     TEXT    NOT NULL,
	personal INTEGER NOT NULL,              -- whether citizens can be told from the content
	message  TEXT    NOT NULL DEFAULT '',   -- its ID, once that is known
	content  BLOB    NOT NULL,
	came     INTEGER NOT NULL,              -- in milliseconds, as due
	state    INTEGER NOT NULL DEFAULT 0,    -- 0: to be read; 1: read, and kept until HistoryOver; 2: only its file is to be deleted
	tries    INTEGER NOT NULL DEFAULT 0,
	due      INTEGER NOT NULL DEFAULT 0
) STRICT;`

// noticeOf tells what a message is as a notice, if it is one that must be read, and whether it is about citizens.
func noticeOf(message *waE2E.Message) (kind noticeKind, personal, ok bool) {
	if wrapped := message.GetDeviceSentMessage().GetMessage(); wrapped != nil { // as the library has it
		message = wrapped
	}
	word := message.GetProtocolMessage()
	answer := word.GetPeerDataOperationRequestResponseMessage()
	switch {
	case word.GetHistorySyncNotification() != nil:
		return noticeHistory, word.GetHistorySyncNotification().InitialHistBootstrapInlinePayload != nil, true
	case answer.GetPeerDataOperationRequestType() == waE2E.PeerDataOperationRequestType_PLACEHOLDER_MESSAGE_RESEND && answer != nil:
		return noticeResend, true, true
	case word.GetAppStateSyncKeyShare() != nil:
		return noticeKeys, false, true
	case word.GetLidMigrationMappingSyncMessage() != nil:
		return noticeLIDs, true, true
	}
	return "", false, false
}

// notices keeps what comes over one link.
type notices struct {
	db   *dbutil.Database // the library's: its transactions travel in the context
	link string
	own  map[string]bool // the Signal addresses of our own phone; nobody else's notices are kept
}

func newNotices(db *dbutil.Database, link string, identities ...types.JID) *notices {
	n := &notices{db: db, link: link, own: make(map[string]bool)}
	for _, jid := range identities {
		if !jid.IsEmpty() {
			n.own[jid.ToNonAD().SignalAddress().String()] = true
		}
	}
	return n
}

// keep adds a message that was decrypted with the session of a Signal address, if it is a notice of our phone.
func (n *notices) keep(ctx context.Context, address string, hash []byte, message *waE2E.Message) (kept bool, err error) {
	kind, personal, ok := noticeOf(message)
	if !ok || !n.own[address] {
		return false, nil
	}
	content, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	if err != nil {
		return false, fmt.Errorf("keep a notice: %w", err)
	}
	mark := sha256.Sum256(content)
	_, err = n.db.Exec(ctx, `INSERT INTO banditore_notices (hash, mark, link, kind, personal, content, came) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (hash) DO NOTHING`, hash, mark[:], n.link, string(kind), personal, content, time.Now().UnixMilli())
	return true, err
}

// nameless is the content of a notice whose ID was not noted, because the process died in between or the disk was full: it
// is handed to the library once more, which hands it to us with its ID.
func (n *notices) nameless(ctx context.Context, hash []byte) (content []byte, err error) {
	err = n.db.QueryRow(ctx, `SELECT content FROM banditore_notices WHERE hash = $1 AND message = ''`, hash).Scan(&content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return content, err
}

// name notes the ID of a notice that has just come. One that is not there was decrypted by a version that kept none.
func (n *notices) name(ctx context.Context, id types.MessageID, message *waE2E.Message) error {
	content, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	if err != nil {
		return fmt.Errorf("name a notice: %w", err)
	}
	mark := sha256.Sum256(content)
	result, err := n.db.Exec(ctx, `UPDATE banditore_notices SET message = $1
		WHERE id = (SELECT min(id) FROM banditore_notices WHERE mark = $2 AND (message = '' OR message = $1))`, id, mark[:])
	if err != nil {
		return err
	}
	if named, err := result.RowsAffected(); err != nil || named > 0 {
		return err
	}
	kind, personal, _ := noticeOf(message)
	_, err = n.db.Exec(ctx, `INSERT INTO banditore_notices (hash, mark, link, kind, personal, message, content, came)
		VALUES ($1, $1, $2, $3, $4, $5, $6, $7) ON CONFLICT (hash) DO NOTHING`, mark[:], n.link, string(kind), personal, id, content, time.Now().UnixMilli())
	return err
}

// told sees to it that a notice is read. The answer false changes nothing for the library, which has confirmed it.
func (c *Client) told(l *link, id types.MessageID, message *waE2E.Message) bool {
	err := l.sessions.notices.name(c.life, id, message)
	if err != nil {
		c.log.Warn("the ID of what the phone told could not be noted", "error", clean(err))
	}
	c.log.Debug("the phone has told something")
	c.reader.ring()
	return err == nil
}
