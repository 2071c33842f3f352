-- One word, one meaning: an announcement that is over is finished ('sent' is said of a message), and who has
-- left the list is unsubscribed. A CHECK cannot be changed, so the column is made anew.
DROP INDEX announcements_running;
DROP TRIGGER deliveries_mended;
DROP TRIGGER deliveries_removed;

ALTER TABLE announcements ADD COLUMN progress TEXT NOT NULL DEFAULT 'running' CHECK (progress IN ('running', 'finished', 'stopped'));
UPDATE announcements SET progress = iif(state = 'sent', 'finished', state);
ALTER TABLE announcements DROP COLUMN state;
ALTER TABLE announcements RENAME COLUMN progress TO state;
CREATE INDEX announcements_running ON announcements (id) WHERE state = 'running';

UPDATE tallies SET state = 'unsubscribed' WHERE state = 'left';
ALTER TABLE erasures RENAME COLUMN left_at TO unsubscribed_at;

-- What an announcement's messages are excused from, reckoned in one place; see Priority.
ALTER TABLE announcements ADD COLUMN priority INTEGER
    GENERATED ALWAYS AS (iif(urgent OR preview OR kind = 'withdrawal', 2, released)) VIRTUAL;

CREATE TRIGGER deliveries_removed AFTER DELETE ON deliveries WHEN OLD.state IN ('pending', 'sending') BEGIN
    UPDATE tallies SET count = count - 1
        WHERE announcement = OLD.announcement AND form = OLD.form AND extra = (OLD.part > 0) AND state = OLD.state;
    INSERT INTO tallies VALUES (OLD.announcement, OLD.form, OLD.part > 0, 'unsubscribed', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER deliveries_mended AFTER UPDATE OF state ON deliveries WHEN OLD.state = 'failed' AND NEW.state <> 'failed' BEGIN
    UPDATE failures SET count = count - 1 WHERE announcement = OLD.announcement AND reason = OLD.reason AND OLD.part = 0;
    UPDATE deliveries SET state = 'pending',
            due = iif(part = NEW.part + 1 AND NEW.state IN ('sent', 'delivered', 'read'), 1, 9223372036854775807)
        WHERE announcement = NEW.announcement AND part > NEW.part
        AND subscriber IS NEW.subscriber AND +preview_number IS NEW.preview_number AND state = 'cancelled'
        AND NEW.state <> 'cancelled' AND EXISTS (SELECT 1 FROM announcements WHERE id = NEW.announcement AND state = 'running');
END;
