-- What an announcement may carry beside its words, to whom it goes, and what it
-- is about when it corrects or withdraws another.
ALTER TABLE announcements ADD COLUMN kind TEXT NOT NULL DEFAULT 'news' CHECK (kind IN ('news', 'correction', 'withdrawal'));
ALTER TABLE announcements ADD COLUMN about INTEGER REFERENCES announcements (id);
ALTER TABLE announcements ADD COLUMN editable INTEGER NOT NULL DEFAULT 0 CHECK (editable IN (0, 1)); -- a correction may be an edit
ALTER TABLE announcements ADD COLUMN messages INTEGER NOT NULL DEFAULT 1 CHECK (messages > 0);       -- that everybody gets
ALTER TABLE announcements ADD COLUMN comuni TEXT NOT NULL DEFAULT '';   -- only their residents, as JSON; '': everybody
ALTER TABLE announcements ADD COLUMN owner TEXT NOT NULL DEFAULT '';    -- the user who owned the file
ALTER TABLE announcements ADD COLUMN folder TEXT NOT NULL DEFAULT '';   -- where the file is when filed; '': inviati
ALTER TABLE announcements ADD COLUMN final INTEGER NOT NULL DEFAULT 0 CHECK (final IN (0, 1));       -- its report is
ALTER TABLE announcements ADD COLUMN too_old INTEGER NOT NULL DEFAULT 0; -- of a withdrawal: people whose phones keep it

CREATE INDEX announcements_by_subject ON announcements (about) WHERE about IS NOT NULL;

-- What is sent with an announcement. data goes when nobody needs it any more.
CREATE TABLE attachments (
    id           INTEGER PRIMARY KEY,
    announcement INTEGER NOT NULL REFERENCES announcements (id),
    position     INTEGER NOT NULL,
    inherited    INTEGER NOT NULL DEFAULT 0 CHECK (inherited IN (0, 1)), -- a correction has those of what it corrects
    name         TEXT NOT NULL,       -- the file as dropped
    file         TEXT NOT NULL,       -- its name while it is being sent
    kind         TEXT NOT NULL CHECK (kind IN ('image', 'video', 'document')),
    mime         TEXT NOT NULL,
    width        INTEGER NOT NULL,
    height       INTEGER NOT NULL,
    seconds      INTEGER NOT NULL,
    pages        INTEGER NOT NULL,
    thumbnail    BLOB,
    hash         BLOB NOT NULL CHECK (length(hash) = 32),
    dropped_hash BLOB NOT NULL CHECK (length(dropped_hash) = 32),
    upload       BLOB,                -- where WhatsApp keeps it
    uploaded_at  INTEGER NOT NULL DEFAULT 0,
    data         BLOB,                -- last, so that nobody reads past it
    UNIQUE (announcement, position)
) STRICT;

CREATE INDEX attachments_by_file ON attachments (file);

-- One message of an announcement to one subscriber, or to one preview number.
-- Message part + 1 is parked, due at the end of time, until message part has left.
CREATE TABLE deliveries_new (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    announcement   INTEGER NOT NULL REFERENCES announcements (id),
    subscriber     INTEGER REFERENCES subscribers (id) ON DELETE CASCADE,
    preview_number TEXT CHECK (preview_number GLOB '+[1-9]*'),
    part           INTEGER NOT NULL DEFAULT 0,
    form           TEXT NOT NULL DEFAULT 'news' CHECK (form IN ('news', 'edit', 'correction', 'revoke')),
    target         TEXT NOT NULL DEFAULT '',   -- the message that it changes or deletes
    target_sent    INTEGER NOT NULL DEFAULT 0, -- when that one left
    message_id     TEXT NOT NULL UNIQUE,
    state          TEXT NOT NULL DEFAULT 'pending' CHECK (state IN
        ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'expired', 'cancelled')),
    attempts       INTEGER NOT NULL DEFAULT 0,
    due            INTEGER NOT NULL,
    sent_at        INTEGER NOT NULL DEFAULT 0,
    reason         TEXT NOT NULL DEFAULT '',
    CHECK ((subscriber IS NULL) <> (preview_number IS NULL)),
    UNIQUE (announcement, subscriber, part),
    UNIQUE (announcement, preview_number, part)
) STRICT;

INSERT INTO deliveries_new (id, announcement, subscriber, preview_number, message_id, state, attempts, due, sent_at, reason)
    SELECT d.id, announcement, subscriber, preview_number, message_id, d.state, attempts, due,
        iif(d.state IN ('sent', 'delivered', 'read'), a.last_sent, 0), reason
    FROM deliveries d JOIN announcements a ON a.id = d.announcement;
DROP TABLE deliveries;
ALTER TABLE deliveries_new RENAME TO deliveries;

CREATE INDEX deliveries_by_subscriber ON deliveries (subscriber);
CREATE INDEX deliveries_by_preview_number ON deliveries (preview_number) WHERE preview_number IS NOT NULL;
CREATE INDEX deliveries_unfinished ON deliveries (announcement, state, due, id)
    WHERE state = 'pending' OR state = 'sending';

CREATE INDEX deliveries_by_target ON deliveries (target) WHERE form = 'revoke';
CREATE INDEX deliveries_to_edit ON deliveries (target_sent) WHERE form = 'edit' AND state = 'pending';

-- People are counted by their first message; extra counts the further ones.
CREATE TABLE tallies_new (
    announcement INTEGER NOT NULL REFERENCES announcements (id),
    form         TEXT NOT NULL,
    extra        INTEGER NOT NULL CHECK (extra IN (0, 1)),
    state        TEXT NOT NULL,       -- a delivery's, or 'left': the person has
    count        INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (announcement, extra, state, form)
) STRICT, WITHOUT ROWID;

INSERT INTO tallies_new SELECT announcement, 'news', 0, state, count FROM tallies;
DROP TABLE tallies;
ALTER TABLE tallies_new RENAME TO tallies;

CREATE TRIGGER deliveries_added AFTER INSERT ON deliveries BEGIN
    INSERT INTO tallies VALUES (NEW.announcement, NEW.form, NEW.part > 0, NEW.state, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER deliveries_changed AFTER UPDATE OF state, form ON deliveries WHEN NEW.state <> OLD.state OR NEW.form <> OLD.form BEGIN
    UPDATE tallies SET count = count - 1
        WHERE announcement = OLD.announcement AND form = OLD.form AND extra = (OLD.part > 0) AND state = OLD.state;
    INSERT INTO tallies VALUES (NEW.announcement, NEW.form, NEW.part > 0, NEW.state, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

CREATE TRIGGER deliveries_removed AFTER DELETE ON deliveries WHEN OLD.state IN ('pending', 'sending') BEGIN
    UPDATE tallies SET count = count - 1
        WHERE announcement = OLD.announcement AND form = OLD.form AND extra = (OLD.part > 0) AND state = OLD.state;
    INSERT INTO tallies VALUES (OLD.announcement, OLD.form, OLD.part > 0, 'left', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

-- The next message of a person leaves before anybody else's: it is due when the first was.
CREATE TRIGGER deliveries_next AFTER UPDATE OF state ON deliveries
    WHEN NEW.state IN ('sent', 'delivered', 'read') AND OLD.state NOT IN ('sent', 'delivered', 'read') BEGIN
    UPDATE deliveries SET due = (SELECT not_before FROM announcements WHERE id = NEW.announcement)
        WHERE announcement = NEW.announcement AND part = NEW.part + 1
        AND subscriber IS NEW.subscriber AND +preview_number IS NEW.preview_number AND due = 9223372036854775807;
END;

CREATE TRIGGER deliveries_failed AFTER UPDATE OF state ON deliveries WHEN NEW.state = 'failed' AND OLD.state <> 'failed' BEGIN
    INSERT INTO failures SELECT NEW.announcement, NEW.reason, 1 WHERE NEW.part = 0
        ON CONFLICT DO UPDATE SET count = count + 1;
    UPDATE deliveries SET state = 'cancelled'
        WHERE announcement = NEW.announcement AND part > NEW.part
        AND subscriber IS NEW.subscriber AND +preview_number IS NEW.preview_number AND state = 'pending' AND form <> 'revoke';
END;

-- A phone's word, or a red light that came to be known later, can prove that it had not failed.
CREATE TRIGGER deliveries_mended AFTER UPDATE OF state ON deliveries WHEN OLD.state = 'failed' AND NEW.state <> 'failed' BEGIN
    UPDATE failures SET count = count - 1 WHERE announcement = OLD.announcement AND reason = OLD.reason AND OLD.part = 0;
    UPDATE deliveries SET state = 'pending',
            due = iif(part = NEW.part + 1 AND NEW.state IN ('sent', 'delivered', 'read'), 1, 9223372036854775807)
        WHERE announcement = NEW.announcement AND part > NEW.part
        AND subscriber IS NEW.subscriber AND +preview_number IS NEW.preview_number AND state = 'cancelled'
        AND NEW.state <> 'cancelled' AND EXISTS (SELECT 1 FROM announcements WHERE id = NEW.announcement AND state = 'running');
END;

-- The chain of the minutes: each holds the hash of the one before.
CREATE TABLE minutes (
    number       INTEGER PRIMARY KEY,
    announcement INTEGER NOT NULL UNIQUE REFERENCES announcements (id),
    hash         BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- The list at the end of each day, and how many had come and gone until then.
CREATE TABLE days (
    day         TEXT PRIMARY KEY CHECK (day GLOB '????-??-??'),
    subscribers INTEGER NOT NULL,
    joined      INTEGER NOT NULL,
    gone        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE daemon ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;     -- subscribers since the counting began
ALTER TABLE daemon ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE daemon ADD COLUMN phone_seen INTEGER NOT NULL DEFAULT 0; -- when the Comune's phone was heard last

CREATE TRIGGER subscribers_joined AFTER INSERT ON subscribers BEGIN
    UPDATE daemon SET joined = joined + 1;
END;

CREATE TRIGGER subscribers_gone AFTER DELETE ON subscribers BEGIN
    UPDATE daemon SET gone = gone + 1;
END;
