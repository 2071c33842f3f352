-- The database of version 8 as it was released, with rows of every kind. It is
-- never changed: it stands for the files that exist.
CREATE TABLE subscribers (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    number      TEXT UNIQUE CHECK (number GLOB '+[1-9]*'),
    lid         TEXT UNIQUE CHECK (lid <> ''),
    given_name  TEXT NOT NULL,
    family_name TEXT NOT NULL,
    comune      TEXT NOT NULL,
    since       INTEGER NOT NULL, words TEXT NOT NULL DEFAULT '', message_id TEXT NOT NULL DEFAULT '', written INTEGER NOT NULL DEFAULT 0, wording TEXT NOT NULL DEFAULT '', confirmed INTEGER NOT NULL DEFAULT 0, source TEXT NOT NULL DEFAULT '', heard INTEGER NOT NULL DEFAULT 0, news_from INTEGER NOT NULL DEFAULT 0, code TEXT NOT NULL DEFAULT '',
    CHECK (number IS NOT NULL OR lid IS NOT NULL)
) STRICT;

CREATE TABLE announcements (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL,          -- the file as dropped
    file         TEXT NOT NULL,          -- its name while it is being sent
    text         TEXT NOT NULL,
    content_hash BLOB NOT NULL CHECK (length(content_hash) = 32),
    urgent       INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    preview      INTEGER NOT NULL CHECK (preview IN (0, 1)),
    held         INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
    filed        INTEGER NOT NULL DEFAULT 0 CHECK (filed IN (0, 1)),
    accepted_at  INTEGER NOT NULL,
    not_before   INTEGER NOT NULL,
    first_sent   INTEGER NOT NULL DEFAULT 0,
    last_sent    INTEGER NOT NULL DEFAULT 0
, expires INTEGER NOT NULL DEFAULT 0, released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)), kind TEXT NOT NULL DEFAULT 'news' CHECK (kind IN ('news', 'correction', 'withdrawal')), about INTEGER REFERENCES announcements (id), editable INTEGER NOT NULL DEFAULT 0 CHECK (editable IN (0, 1)), messages INTEGER NOT NULL DEFAULT 1 CHECK (messages > 0), comuni TEXT NOT NULL DEFAULT '', owner TEXT NOT NULL DEFAULT '', folder TEXT NOT NULL DEFAULT '', final INTEGER NOT NULL DEFAULT 0 CHECK (final IN (0, 1)), too_old INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'finished', 'stopped')), priority INTEGER
    GENERATED ALWAYS AS (iif(urgent OR preview OR kind = 'withdrawal', 2, released)) VIRTUAL, paused INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE handled (
    message_id TEXT NOT NULL,
    number     TEXT,
    lid        TEXT,
    at         INTEGER NOT NULL
, sent INTEGER NOT NULL DEFAULT 0, wish INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE erasures (
    id     INTEGER PRIMARY KEY,
    number TEXT,
    lid    TEXT,
    due    INTEGER NOT NULL, unsubscribed_at INTEGER NOT NULL DEFAULT 0,
    CHECK (number IS NOT NULL OR lid IS NOT NULL)
) STRICT;

CREATE TABLE departures (
    id           INTEGER PRIMARY KEY,
    at           INTEGER NOT NULL,
    announcement INTEGER NOT NULL CHECK (announcement IN (0, 1)) -- else an answer
) STRICT;

CREATE TABLE daemon (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    link_state      TEXT NOT NULL DEFAULT '',
    link_connected  INTEGER NOT NULL DEFAULT 0 CHECK (link_connected IN (0, 1)),
    link_since      INTEGER NOT NULL DEFAULT 0,
    owes_compaction INTEGER NOT NULL DEFAULT 0 CHECK (owes_compaction IN (0, 1))
, link_until INTEGER NOT NULL DEFAULT 0, link_code INTEGER NOT NULL DEFAULT 0, heard INTEGER NOT NULL DEFAULT 0, gap_link TEXT NOT NULL DEFAULT '', gap_from INTEGER NOT NULL DEFAULT 0, gap_read INTEGER NOT NULL DEFAULT 0, gap_closed INTEGER NOT NULL DEFAULT 0 CHECK (gap_closed IN (0, 1)), purged INTEGER NOT NULL DEFAULT 0, joined INTEGER NOT NULL DEFAULT 0, gone INTEGER NOT NULL DEFAULT 0, phone_seen INTEGER NOT NULL DEFAULT 0, link_cause TEXT NOT NULL DEFAULT '', list_number TEXT NOT NULL DEFAULT '', session_mark TEXT NOT NULL DEFAULT '', unpair_asked INTEGER NOT NULL DEFAULT 0, capping TEXT NOT NULL DEFAULT '', capping_used INTEGER NOT NULL DEFAULT 0, capping_quota INTEGER NOT NULL DEFAULT 0, capping_since INTEGER NOT NULL DEFAULT 0, capping_ends INTEGER NOT NULL DEFAULT 0, unmatched_key BLOB CHECK (length(unmatched_key) = 32)) STRICT;

CREATE TABLE failures (
    announcement INTEGER NOT NULL REFERENCES announcements (id),
    reason       TEXT NOT NULL,
    count        INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (announcement, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE red_lights (
    light TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL, -- nothing is tried before
    told  INTEGER NOT NULL CHECK (told IN (0, 1)), -- until is WhatsApp's word, not our guess
    code  INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT;

CREATE TABLE wordings (
    version TEXT PRIMARY KEY,
    text    TEXT NOT NULL,
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE "deliveries" (
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

CREATE TABLE "tallies" (
    announcement INTEGER NOT NULL REFERENCES announcements (id),
    form         TEXT NOT NULL,
    extra        INTEGER NOT NULL CHECK (extra IN (0, 1)),
    state        TEXT NOT NULL,       -- a delivery's, or 'left': the person has
    count        INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (announcement, extra, state, form)
) STRICT, WITHOUT ROWID;

CREATE TABLE minutes (
    number       INTEGER PRIMARY KEY,
    announcement INTEGER NOT NULL UNIQUE REFERENCES announcements (id),
    hash         BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE days (
    day         TEXT PRIMARY KEY CHECK (day GLOB '????-??-??'),
    subscribers INTEGER NOT NULL,
    joined      INTEGER NOT NULL,
    gone        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE problems (
    kind     TEXT PRIMARY KEY,
    since    INTEGER NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('notice', 'warning', 'alarm')),
    sentence TEXT NOT NULL,
    advice   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE unmatched (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    at   INTEGER NOT NULL                -- when they asked
) STRICT, WITHOUT ROWID;

CREATE TABLE questions (
    id          INTEGER PRIMARY KEY,
    number      TEXT CHECK (number GLOB '+[1-9]*'),
    lid         TEXT CHECK (lid <> ''),
    asked       TEXT NOT NULL CHECK (asked IN ('details', 'check', 'leave')),
    given_name  TEXT NOT NULL,
    family_name TEXT NOT NULL,
    comune      TEXT NOT NULL,
    words       TEXT NOT NULL,                  -- what they have written so far
    since       INTEGER NOT NULL,               -- when it was asked first
    due         INTEGER NOT NULL,               -- worth nothing from then on
    CHECK (number IS NOT NULL OR lid IS NOT NULL)
) STRICT;

CREATE TABLE "answers" (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    number     TEXT CHECK (number GLOB '+[1-9]*'),
    lid        TEXT CHECK (lid <> ''),
    kind       TEXT NOT NULL CHECK (kind IN ('confirmation', 'already', 'incomplete', 'opt_in', 'goodbye', 'not_registered',
        'help', 'my_data', 'other', 'again', 'office', 'emergency', 'leaving', 'call', 'unreadable', 'privacy', 'card')),
    text       TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    state      TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'failed')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    due        INTEGER NOT NULL,
    reason     TEXT NOT NULL DEFAULT '',
    created    INTEGER NOT NULL,
    replies_to TEXT NOT NULL DEFAULT '',        -- the citizen's message
    rank       INTEGER NOT NULL DEFAULT 1,      -- of two that are due the lower leaves first: see AnswerKind
    CHECK (number IS NOT NULL OR lid IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX announcements_unfiled ON announcements (file) WHERE filed = 0;

CREATE INDEX announcements_running ON announcements (id) WHERE state = 'running';

CREATE INDEX announcements_by_content ON announcements (content_hash, accepted_at);

CREATE INDEX handled_by_message ON handled (message_id);

CREATE INDEX handled_by_number ON handled (number);

CREATE INDEX handled_by_lid ON handled (lid);

CREATE INDEX handled_by_time ON handled (at);

CREATE INDEX erasures_by_number ON erasures (number);

CREATE INDEX erasures_by_lid ON erasures (lid);

CREATE INDEX erasures_by_time ON erasures (due);

CREATE INDEX departures_by_time ON departures (at);

CREATE INDEX departures_of_announcements ON departures (announcement, at);

CREATE INDEX announcements_by_subject ON announcements (about) WHERE about IS NOT NULL;

CREATE INDEX attachments_by_file ON attachments (file);

CREATE INDEX deliveries_by_subscriber ON deliveries (subscriber);

CREATE INDEX deliveries_by_preview_number ON deliveries (preview_number) WHERE preview_number IS NOT NULL;

CREATE INDEX deliveries_by_target ON deliveries (target) WHERE form = 'revoke';

CREATE INDEX deliveries_to_edit ON deliveries (target_sent) WHERE form = 'edit' AND state = 'pending';

CREATE INDEX deliveries_unfinished ON deliveries (announcement, state, due, id)
    WHERE state = 'pending' OR state = 'sending';

CREATE INDEX questions_by_number ON questions (number);

CREATE INDEX questions_by_lid ON questions (lid);

CREATE INDEX questions_by_time ON questions (due);

CREATE INDEX answers_unfinished ON answers (state, rank, due, id) WHERE state = 'pending' OR state = 'sending';

CREATE INDEX answers_by_time ON answers (created);

CREATE INDEX answers_by_number ON answers (number);

CREATE INDEX answers_by_lid ON answers (lid);

CREATE INDEX subscribers_in_pause ON subscribers (news_from) WHERE news_from > 0;

CREATE UNIQUE INDEX subscribers_by_code ON subscribers (code);

INSERT INTO announcements VALUES (1, 'fiera.txt', 'fiera.txt', 'La fiera', zeroblob(32), 0, 0, 0, 0, 1795435200000, 1795435200000, 1795435200000, 1795435200000, 0, 0, 'news', NULL, 0, 1, '', '', '', 0, 0, 'running', 1);
INSERT INTO announcements VALUES (2, 'prova.txt', 'prova.txt', 'La prova', zeroblob(32), 1, 1, 0, 1, 1795435200000, 1795435200000, 0, 0, 0, 0, 'news', NULL, 0, 1, '', '', '', 0, 0, 'stopped', 0);
INSERT INTO subscribers VALUES (1, '+393331234567', '123456789012345', 'Mario', 'Rossi', 'Saronno', 1795435200000, 'Attiva Notizie Mario Rossi Saronno', 'IN0', 1795435199000, '0123456789ab', 1795435201000, '', 1795435200000, 0, 'K7QW3N');
INSERT INTO subscribers VALUES (2, '+393337654321', NULL, 'Ilaria', 'Borghi', 'Caronno Pertusella', 1795435200001, '', '', 0, '', 0, '', 1795435200001, 253402214400000, 'A2C4E6');
INSERT INTO subscribers VALUES (3, NULL, '987654321098765', 'Ada', 'De Carli', 'Uboldo', 1795435200002, '', '', 0, '', 0, '', 1795435200002, 1798761600000, 'ZZZZZZ');
INSERT INTO handled VALUES ('IN1', NULL, '987654321098765', 1795435200002, 0, 0);
INSERT INTO erasures VALUES (1, '+393330000000', '111111111111111', 1795435260000, 0);
INSERT INTO departures VALUES (1, 1795435200000, 1);
INSERT INTO daemon VALUES (1, 'connected', 1, 1795435200000, 0, 0, 0, 1795435200002, '', 0, 0, 0, 0, 3, 0, 1795435200000, '', '', '', 0, '', 0, 0, 0, 0, NULL);
INSERT INTO red_lights VALUES ('limited', 1795435200000, 1795435255000, 0, 429, 1);
INSERT INTO wordings VALUES ('0123456789ab', 'Iscrizione attiva.', 1795435100000);
INSERT INTO questions VALUES (1, '+393335550000', NULL, 'details', 'Eva', '', '', 'Attiva Notizie Eva', 1795435200000, 1795521600000);
INSERT INTO questions VALUES (2, '+393337654321', NULL, 'leave', '', '', '', 'Non mi interessa più', 1795435200000, 1795521600000);
INSERT INTO answers VALUES (1, NULL, '987654321098765', 'confirmation', 'Benvenuta', 'ID5', 'pending', 0, 1795435200000, '', 1795435200000, '', 1);
INSERT INTO answers VALUES (2, NULL, '987654321098765', 'card', '', 'ID6', 'pending', 0, 1795435200000, '', 1795435200000, 'IN1', 3);
INSERT INTO deliveries VALUES (1, 1, 1, NULL, 0, 'news', '', 0, 'ID1', 'read', 0, 1795435200000, 1795435200000, '');
INSERT INTO deliveries VALUES (2, 1, 2, NULL, 0, 'news', '', 0, 'ID2', 'sending', 0, 1795435200000, 0, '');
INSERT INTO deliveries VALUES (3, 1, 3, NULL, 0, 'news', '', 0, 'ID3', 'pending', 0, 1795435200000, 0, '');
INSERT INTO deliveries VALUES (4, 2, NULL, '+393339999999', 0, 'news', '', 0, 'ID4', 'cancelled', 0, 1795435200000, 0, '');
INSERT INTO tallies VALUES (1, 'news', 0, 'pending', 1);
INSERT INTO tallies VALUES (1, 'news', 0, 'read', 1);
INSERT INTO tallies VALUES (1, 'news', 0, 'sending', 1);
INSERT INTO tallies VALUES (2, 'news', 0, 'cancelled', 1);
INSERT INTO attachments VALUES (1, 1, 0, 0, 'fiera.jpg', 'fiera.jpg', 'image', 'image/jpeg', 10, 10, 0, 0, NULL, zeroblob(32), zeroblob(32), NULL, 0, NULL);
INSERT INTO minutes VALUES (1, 2, zeroblob(32));
INSERT INTO days VALUES ('2026-11-24', 3, 3, 0);
INSERT INTO problems VALUES ('folder', 1795435200000, 'warning', 'La cartella non si può usare.', 'Avvisa chi gestisce il server.');

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
    INSERT INTO tallies VALUES (OLD.announcement, OLD.form, OLD.part > 0, 'unsubscribed', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

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

CREATE TRIGGER deliveries_mended AFTER UPDATE OF state ON deliveries WHEN OLD.state = 'failed' AND NEW.state <> 'failed' BEGIN
    UPDATE failures SET count = count - 1 WHERE announcement = OLD.announcement AND reason = OLD.reason AND OLD.part = 0;
    UPDATE deliveries SET state = 'pending',
            due = iif(part = NEW.part + 1 AND NEW.state IN ('sent', 'delivered', 'read'), 1, 9223372036854775807)
        WHERE announcement = NEW.announcement AND part > NEW.part
        AND subscriber IS NEW.subscriber AND +preview_number IS NEW.preview_number AND state = 'cancelled'
        AND NEW.state <> 'cancelled' AND EXISTS (SELECT 1 FROM announcements WHERE id = NEW.announcement AND state = 'running');
END;

CREATE TRIGGER subscribers_joined AFTER INSERT ON subscribers BEGIN
    UPDATE daemon SET joined = joined + 1;
END;

CREATE TRIGGER subscribers_gone AFTER DELETE ON subscribers BEGIN
    UPDATE daemon SET gone = gone + 1;
END;

CREATE TABLE imprints (
    attachment INTEGER PRIMARY KEY REFERENCES attachments (id) ON DELETE CASCADE,
    carries    TEXT NOT NULL CHECK (carries <> '')  -- an Italian sentence
) STRICT;

-- What phones could not decrypt and asked for once more: one row for a message and a device of its recipient, or of our own
-- account. It is a trace of how often we have repeated ourselves, and while it waits the order to do so.
CREATE TABLE repeats (
    id       INTEGER PRIMARY KEY,
    delivery INTEGER REFERENCES deliveries (id) ON DELETE CASCADE,
    answer   INTEGER REFERENCES answers (id) ON DELETE CASCADE,
    device   INTEGER NOT NULL CHECK (device BETWEEN -1 AND 65535), -- -1: whatever device has not got it
    space    TEXT NOT NULL,                                        -- the server of the address that asked; '': our own account's
    count    INTEGER NOT NULL,                                     -- which time the device asks
    stamped  INTEGER NOT NULL,                                     -- when the message was, as the device says
    waiting  INTEGER NOT NULL CHECK (waiting IN (0, 1)),
    due      INTEGER NOT NULL,                                     -- not before then
    served   INTEGER NOT NULL DEFAULT 0,
    at       INTEGER NOT NULL,                                     -- when it was asked for, or served last
    CHECK ((delivery IS NULL) <> (answer IS NULL))
) STRICT;

CREATE UNIQUE INDEX repeats_of_deliveries ON repeats (delivery, device, space) WHERE delivery IS NOT NULL;
CREATE UNIQUE INDEX repeats_of_answers ON repeats (answer, device, space) WHERE answer IS NOT NULL;
CREATE INDEX repeats_by_time ON repeats (at);
CREATE INDEX repeats_waiting ON repeats (due) WHERE waiting = 1;

-- How often somebody spoke of a message that is another's: a receipt, or the wish for a repeat.
CREATE TABLE strays (
    kind  TEXT PRIMARY KEY CHECK (kind IN ('receipt', 'repeat')),
    count INTEGER NOT NULL,
    last  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 9;
