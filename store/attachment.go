package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// UploadLife is how long an upload is good for. WhatsApp keeps files for some
// days (nobody says how many); what leaves later is uploaded again.
const UploadLife = 48 * time.Hour

// AttachedFile is a picture, a video or a document that is sent with an
// announcement.
type AttachedFile struct {
	Name                          string // as dropped
	File                          string // in the spool; empty: it belongs to the announcement that is corrected
	Kind, MIME                    string // Kind is image, video or document
	Width, Height, Seconds, Pages int    // 0: unknown, or there is none
	Thumbnail                     []byte
	DroppedHash                   [32]byte // SHA-256 of the file as it was dropped
	// Carries is what a document tells of its author, an Italian sentence that staff
	// are shown; empty: nothing. It may name somebody: it stands in no log.
	Carries string
}

// NewAttachment is one that is to be sent.
type NewAttachment struct {
	AttachedFile
	Data []byte // what is sent
}

// Attachment is one of an announcement, without its data.
type Attachment struct {
	ID, Announcement int64
	Position         int
	AttachedFile
	Hash       [32]byte  // SHA-256 of what is sent
	Upload     []byte    // where it is, as given to [Store.Uploaded]; nil: not uploaded
	UploadedAt time.Time // zero: not uploaded
	Binds      bool      // the words of an urgent announcement wait for it; see [Store.WordsFirst]
}

func addAttachments(ctx context.Context, tx *sql.Tx, announcement int64, a NewAnnouncement) error {
	for i, x := range a.Attachments {
		hash := sha256.Sum256(x.Data)
		var id int64
		err := tx.QueryRowContext(ctx, `INSERT INTO attachments
			(announcement, position, name, file, kind, mime, width, height, seconds, pages, thumbnail, hash, dropped_hash, data)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			announcement, i, x.Name, x.File, x.Kind, x.MIME, x.Width, x.Height, x.Seconds, x.Pages, x.Thumbnail, hash[:], x.DroppedHash[:], x.Data).Scan(&id)
		if err == nil && x.Carries != "" {
			_, err = tx.ExecContext(ctx, `INSERT INTO imprints (attachment, carries) VALUES (?, ?)`, id, x.Carries)
		}
		if err != nil {
			return err
		}
	}
	if a.Corrects == 0 || len(a.Attachments) > 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO attachments
		(announcement, position, inherited, name, file, kind, mime, width, height, seconds, pages, thumbnail, hash, dropped_hash, upload, uploaded_at, data)
		SELECT ?, position, 1, name, file, kind, mime, width, height, seconds, pages, thumbnail, hash, dropped_hash, upload, uploaded_at, data
		FROM attachments WHERE announcement = ?`, announcement, a.Corrects)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO imprints (attachment, carries)
		SELECT x.id, i.carries FROM attachments x JOIN attachments o ON o.announcement = ? AND o.position = x.position
			JOIN imprints i ON i.attachment = o.id
		WHERE x.announcement = ?`, a.Corrects, announcement)
	return err
}

// Attachments lists those of an announcement in the order in which they are
// sent. Those of a correction without its own are what it corrects has.
func (s *Store) Attachments(ctx context.Context, announcement int64) ([]Attachment, error) {
	return s.attachments(ctx, `SELECT x.id, x.announcement, x.position, x.name, iif(x.inherited, '', x.file), x.kind, x.mime,
			x.width, x.height, x.seconds, x.pages, x.thumbnail, x.hash, x.dropped_hash, x.upload, x.uploaded_at,
			x.uploaded_at = 0 AND a.urgent = 1 AND a.preview = 0 AND a.text <> ''
				AND a.messages = (SELECT count(*) FROM attachments WHERE announcement = a.id),
			coalesce((SELECT carries FROM imprints WHERE attachment = x.id), '')
		FROM attachments x JOIN announcements a ON a.id = x.announcement
		WHERE x.announcement = ? ORDER BY x.position`, announcement)
}

// DueUploads lists the attachments that something waits for, and that are not
// uploaded or not lately: those of urgent announcements first. What leaves in some
// days has time.
func (s *Store) DueUploads(ctx context.Context, now time.Time) ([]Attachment, error) {
	return s.attachments(ctx, `SELECT x.id, x.announcement, x.position, x.name, iif(x.inherited, '', x.file), x.kind, x.mime,
			x.width, x.height, x.seconds, x.pages, x.thumbnail, x.hash, x.dropped_hash, x.upload, x.uploaded_at,
			x.uploaded_at = 0 AND a.urgent = 1 AND a.preview = 0 AND a.text <> ''
				AND a.messages = (SELECT count(*) FROM attachments WHERE announcement = a.id),
			coalesce((SELECT carries FROM imprints WHERE attachment = x.id), '')
		FROM attachments x JOIN announcements a ON a.id = x.announcement
		WHERE x.data IS NOT NULL AND (x.uploaded_at <= @old OR x.uploaded_at > @now) AND a.state = 'running' AND a.held = 0
			AND EXISTS (SELECT 1 FROM deliveries d WHERE d.announcement = a.id AND d.state = 'pending' AND d.due <= @soon)
		ORDER BY a.priority DESC, a.id, x.position`,
		sql.Named("old", stamp{now.Add(-UploadLife / 2)}), sql.Named("soon", stamp{now.Add(UploadLife / 2)}), sql.Named("now", stamp{now}))
}

// AttachmentData is what is sent of an attachment; nil when it is kept no more.
func (s *Store) AttachmentData(ctx context.Context, id int64) (data []byte, err error) {
	_, err = s.scan(ctx, `SELECT data FROM attachments WHERE id = ?`, []any{id}, &data)
	return data, err
}

// Uploaded notes where an attachment is. The store does not look into upload.
func (s *Store) Uploaded(ctx context.Context, id int64, upload []byte, at time.Time) error {
	return s.exec(ctx, "note an upload", `UPDATE attachments SET upload = ?, uploaded_at = ? WHERE id = ?`, upload, stamp{at}, id)
}

// stale is when an upload was made that is just no good any more.
func stale(now time.Time) sql.NamedArg { return sql.Named("stale", stamp{now.Add(-UploadLife)}) }

func (s *Store) attachments(ctx context.Context, query string, args ...any) (list []Attachment, err error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fault(s.path, fmt.Errorf("list the attachments: %w", err))
	}
	defer rows.Close()
	for rows.Next() {
		var a Attachment
		var uploaded stamp
		var hash, dropped []byte
		err := rows.Scan(&a.ID, &a.Announcement, &a.Position, &a.Name, &a.File, &a.Kind, &a.MIME, &a.Width, &a.Height, &a.Seconds, &a.Pages,
			&a.Thumbnail, &hash, &dropped, &a.Upload, &uploaded, &a.Binds, &a.Carries)
		if err != nil {
			return nil, fmt.Errorf("read an attachment: %w", err)
		}
		a.Hash, a.DroppedHash, a.UploadedAt = [32]byte(hash), [32]byte(dropped), uploaded.Time // the schema checks their length
		list = append(list, a)
	}
	return list, fault(s.path, rows.Err())
}

// WordsFirst makes the words of an urgent announcement or correction a message of
// their own, which leaves before the attachments and does not wait for them; who
// was to get an attachment gets one message more. It does so once, and only while
// an attachment has never been uploaded, so that nothing can have left; done tells
// whether it has.
func (s *Store) WordsFirst(ctx context.Context, announcement int64, idPrefix string) (done bool, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		var last int
		err := tx.QueryRowContext(ctx, `UPDATE announcements AS a SET messages = messages + 1
			WHERE id = ? AND state = 'running' AND urgent = 1 AND preview = 0 AND text <> ''
				AND messages = (SELECT count(*) FROM attachments WHERE announcement = a.id)
				AND EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = a.id AND x.uploaded_at = 0)
			RETURNING messages - 1`, announcement).Scan(&last)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		done = true
		_, err = tx.ExecContext(ctx, `INSERT INTO deliveries (announcement, subscriber, message_id, part, form, target, target_sent, due)
			SELECT announcement, subscriber, @prefix || hex(randomblob(9)), @last, form, target, target_sent, @afterPrevious FROM deliveries
			WHERE announcement = @announcement AND part = 0 AND state = 'pending'
				AND (form = 'news' OR form = 'correction' AND EXISTS (SELECT 1 FROM attachments x WHERE x.announcement = @announcement AND x.inherited = 0))
			ORDER BY due, id`,
			sql.Named("announcement", announcement), sql.Named("prefix", idPrefix), sql.Named("last", last), sql.Named("afterPrevious", afterPrevious))
		return err
	})
	if err != nil {
		return false, fmt.Errorf("let the words go ahead: %w", err)
	}
	return done, nil
}
