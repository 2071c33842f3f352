package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Receipt notes what a phone says of messages, by their IDs: [Delivered] or
// [Read]. A phone's word outdoes what we believed, so that an attempt of
// unknown outcome is not repeated; but nothing that was read goes back to
// delivered. Unknown IDs are ignored, answers' among them.
func (s *Store) Receipt(ctx context.Context, ids []string, state DeliveryState, at time.Time) error {
	if state != Delivered && state != Read {
		return fmt.Errorf("a receipt cannot say %q", state)
	}
	return s.update(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			if err := receipt(ctx, tx, id, state, at); err != nil {
				return err
			}
		}
		return nil
	})
}

func receipt(ctx context.Context, tx *sql.Tx, id string, state DeliveryState, at time.Time) error {
	args := []any{sql.Named("id", id), sql.Named("state", state), sql.Named("at", stamp{at})}
	// Only a message whose ack we missed can be the first that is known to have left.
	_, err := tx.ExecContext(ctx, `UPDATE announcements SET first_sent = @at, last_sent = @at WHERE first_sent = 0
		AND id = (SELECT announcement FROM deliveries WHERE message_id = @id)`, args...)
	if err != nil {
		return err
	}
	// What was tried before may have left then: no phone takes an edit or a deletion for
	// longer because it was switched off.
	_, err = tx.ExecContext(ctx, `UPDATE deliveries SET state = @state, reason = '', sent_at = CASE WHEN sent_at > 0 THEN sent_at
			WHEN state = 'sending' AND attempts = 0 THEN @at
			ELSE (SELECT max(accepted_at, not_before) FROM announcements WHERE id = announcement) END
		WHERE message_id = @id
		AND state <> 'read' AND state <> @state`, args...)
	return err
}

// ForRetry gives a message that has left and whose recipient has not: what a
// phone needs that could not decrypt it. There is none of an announcement that
// was stopped, withdrawn or has become pointless by now; of one that was
// corrected there is, because the correction may change just that message.
func (s *Store) ForRetry(ctx context.Context, messageID string, now time.Time) (o Outgoing, ok bool, err error) {
	into := []any{&o.Text, &o.To.Number, &o.To.LID, &o.Answer}
	ok, err = s.scan(ctx, forRetry, []any{sql.Named("id", messageID), sql.Named("now", stamp{now})}, append(into, o.formed()...)...)
	return o, ok, err
}

const forRetry = `SELECT a.text, coalesce(preview_number, s.number, ''), coalesce(s.lid, ''), '', ` + formed + `
	FROM deliveries JOIN announcements a ON a.id = deliveries.announcement LEFT JOIN subscribers s ON s.id = deliveries.subscriber
	WHERE deliveries.message_id = @id AND deliveries.state IN ('sending', 'sent', 'delivered', 'read')
	AND (a.state <> 'stopped' OR EXISTS (SELECT 1 FROM announcements c WHERE c.about = a.id AND c.kind = 'correction'))
	AND NOT EXISTS (SELECT 1 FROM announcements w WHERE w.about = a.id AND w.kind = 'withdrawal')
	AND (a.expires = 0 OR a.expires > @now)
	UNION ALL SELECT text, coalesce(number, ''), coalesce(lid, ''), kind, '', 0, '', 0, 0 FROM answers
	WHERE message_id = @id AND state IN ('sending', 'sent')`

// Wanted tells whether a message that was claimed is still to leave: neither
// has its recipient left nor was its announcement stopped, corrected or
// withdrawn, nor has it become pointless by now, nor does a phone say that it
// has it.
func (s *Store) Wanted(ctx context.Context, messageID string, now time.Time) (wanted bool, err error) {
	_, err = s.scan(ctx, `SELECT EXISTS (SELECT 1 FROM deliveries d JOIN announcements a ON a.id = d.announcement
			WHERE d.message_id = @id AND d.state = 'sending' AND a.state = 'running' AND (a.expires = 0 OR a.expires > @now)
			AND (d.part > 0 OR NOT EXISTS (SELECT 1 FROM announcements c WHERE c.about = a.id)))
		OR EXISTS (SELECT 1 FROM answers WHERE message_id = @id AND state = 'sending')`,
		[]any{sql.Named("id", messageID), sql.Named("now", stamp{now})}, &wanted)
	return wanted, err
}
