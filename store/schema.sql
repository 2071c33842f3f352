-- The schema as it is: what migrations/ leads to. A test compares the two; nothing reads this file but people.
-- Who changes the schema adds a migration, and changes this file with it.
--
-- Times are Unix milliseconds UTC; 0 means "not yet" or "none". Columns that were added later stand last, where
-- SQLite puts them. A person is known by number, by LID, or by both; the missing one is NULL.

-- The list: who gets the news, and the proof that they asked for it (art. 7 GDPR).
CREATE TABLE subscribers (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    number      TEXT UNIQUE CHECK (number GLOB '+[1-9]*'),
    lid         TEXT UNIQUE CHECK (lid <> ''),
    given_name  TEXT NOT NULL,
    family_name TEXT NOT NULL,
    comune      TEXT NOT NULL,
    since       INTEGER NOT NULL,               -- when the registration was carried out
    words       TEXT NOT NULL DEFAULT '',       -- it, letter by letter
    message_id  TEXT NOT NULL DEFAULT '',       -- WhatsApp's ID of it
    written     INTEGER NOT NULL DEFAULT 0,     -- when WhatsApp's server took it
    wording     TEXT NOT NULL DEFAULT '',       -- the texts and rules that were in force: wordings.version
    confirmed   INTEGER NOT NULL DEFAULT 0,     -- when WhatsApp's server took the confirmation
    source      TEXT NOT NULL DEFAULT '',       -- the consent noted at an import; '' for who wrote
    heard       INTEGER NOT NULL DEFAULT 0,     -- when they wrote to us last; 0: never, they were imported
    news_from   INTEGER NOT NULL DEFAULT 0,     -- from when ordinary news reach them; 0: always. Urgent ones always do
    code        TEXT NOT NULL DEFAULT '',       -- by which they can be served when WhatsApp hides their number
    CHECK (number IS NOT NULL OR lid IS NOT NULL)
) STRICT;

CREATE INDEX subscribers_in_pause ON subscribers (news_from) WHERE news_from > 0;
CREATE UNIQUE INDEX subscribers_by_code ON subscribers (code);

-- The texts and rules that a version stands for.
CREATE TABLE wordings (
    version TEXT PRIMARY KEY,
    text    TEXT NOT NULL,
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The question of ours that is open for somebody, on the list or not: what is missing of their registration, whether
-- it was understood, or whether they want to leave.
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

CREATE INDEX questions_by_number ON questions (number);
CREATE INDEX questions_by_lid ON questions (lid);
CREATE INDEX questions_by_time ON questions (due);

-- What is announced. No personal data in here: it outlives the people it was sent to.
CREATE TABLE announcements (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT NOT NULL,                 -- the file as dropped
    file         TEXT NOT NULL,                 -- its name while it is being sent
    text         TEXT NOT NULL,
    content_hash BLOB NOT NULL CHECK (length(content_hash) = 32),
    urgent       INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    preview      INTEGER NOT NULL CHECK (preview IN (0, 1)),
    held         INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
    filed        INTEGER NOT NULL DEFAULT 0 CHECK (filed IN (0, 1)),        -- the file and its report are in their last place
    accepted_at  INTEGER NOT NULL,
    not_before   INTEGER NOT NULL,
    first_sent   INTEGER NOT NULL DEFAULT 0,
    last_sent    INTEGER NOT NULL DEFAULT 0,
    expires      INTEGER NOT NULL DEFAULT 0,                                -- what has not left by then does not leave; 0: never
    released     INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)),     -- in spite of an election
    kind         TEXT NOT NULL DEFAULT 'news' CHECK (kind IN ('news', 'correction', 'withdrawal')),
    about        INTEGER REFERENCES announcements (id),                     -- what is corrected or withdrawn
    editable     INTEGER NOT NULL DEFAULT 0 CHECK (editable IN (0, 1)),     -- a correction may be an edit
    messages     INTEGER NOT NULL DEFAULT 1 CHECK (messages > 0),           -- that everybody gets
    comuni       TEXT NOT NULL DEFAULT '',                                  -- only their residents, as JSON; '': everybody
    owner        TEXT NOT NULL DEFAULT '',                                  -- the user who owned the file
    folder       TEXT NOT NULL DEFAULT '',                                  -- where the file is when filed; '': inviati
    final        INTEGER NOT NULL DEFAULT 0 CHECK (final IN (0, 1)),        -- its report changes no more
    too_old      INTEGER NOT NULL DEFAULT 0,                                -- of a withdrawal: people whose phones keep it
    state        TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'finished', 'stopped')),
    priority     INTEGER GENERATED ALWAYS AS (iif(urgent OR preview OR kind = 'withdrawal', 2, released)) VIRTUAL,  -- see Priority
    paused       INTEGER NOT NULL DEFAULT 0     -- people it was for, and did not go to, because of their mode
) STRICT;

CREATE UNIQUE INDEX announcements_unfiled ON announcements (file) WHERE filed = 0;
CREATE INDEX announcements_running ON announcements (id) WHERE state = 'running';
CREATE INDEX announcements_by_content ON announcements (content_hash, accepted_at);
CREATE INDEX announcements_by_subject ON announcements (about) WHERE about IS NOT NULL;

-- What is sent with an announcement. data goes when nobody needs it any more.
CREATE TABLE attachments (
    id           INTEGER PRIMARY KEY,
    announcement INTEGER NOT NULL REFERENCES announcements (id),
    position     INTEGER NOT NULL,
    inherited    INTEGER NOT NULL DEFAULT 0 CHECK (inherited IN (0, 1)),    -- a correction has those of what it corrects
    name         TEXT NOT NULL,                 -- the file as dropped
    file         TEXT NOT NULL,                 -- its name while it is being sent
    kind         TEXT NOT NULL CHECK (kind IN ('image', 'video', 'document')),
    mime         TEXT NOT NULL,
    width        INTEGER NOT NULL,
    height       INTEGER NOT NULL,
    seconds      INTEGER NOT NULL,
    pages        INTEGER NOT NULL,
    thumbnail    BLOB,
    hash         BLOB NOT NULL CHECK (length(hash) = 32),
    dropped_hash BLOB NOT NULL CHECK (length(dropped_hash) = 32),
    upload       BLOB,                          -- where WhatsApp keeps it
    uploaded_at  INTEGER NOT NULL DEFAULT 0,
    data         BLOB,                          -- last, so that nobody reads past it
    UNIQUE (announcement, position)
) STRICT;

CREATE INDEX attachments_by_file ON attachments (file);

-- What a document tells of its author, where that could not be taken out: staff are shown it.
CREATE TABLE imprints (
    attachment INTEGER PRIMARY KEY REFERENCES attachments (id) ON DELETE CASCADE,
    carries    TEXT NOT NULL CHECK (carries <> '')  -- an Italian sentence
) STRICT;

-- One message of an announcement to one subscriber, or to one preview number. Its life is drawn in delivery.go.
CREATE TABLE deliveries (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    announcement   INTEGER NOT NULL REFERENCES announcements (id),
    subscriber     INTEGER REFERENCES subscribers (id) ON DELETE CASCADE,
    preview_number TEXT CHECK (preview_number GLOB '+[1-9]*'),
    part           INTEGER NOT NULL DEFAULT 0,                              -- which of their messages, from 0
    form           TEXT NOT NULL DEFAULT 'news' CHECK (form IN ('news', 'edit', 'correction', 'revoke')),
    target         TEXT NOT NULL DEFAULT '',                                -- the message that it changes, deletes or corrects
    target_sent    INTEGER NOT NULL DEFAULT 0,                              -- when that one left
    message_id     TEXT NOT NULL UNIQUE,                                    -- WhatsApp's, for every attempt
    state          TEXT NOT NULL DEFAULT 'pending' CHECK (state IN
        ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'expired', 'cancelled')),
    attempts       INTEGER NOT NULL DEFAULT 0,
    due            INTEGER NOT NULL,            -- not before; the end of time: when the part before it has left
    sent_at        INTEGER NOT NULL DEFAULT 0,
    reason         TEXT NOT NULL DEFAULT '',    -- why it has not left: see Reason
    CHECK ((subscriber IS NULL) <> (preview_number IS NULL)),
    UNIQUE (announcement, subscriber, part),
    UNIQUE (announcement, preview_number, part)
) STRICT;

CREATE INDEX deliveries_by_subscriber ON deliveries (subscriber);
CREATE INDEX deliveries_by_preview_number ON deliveries (preview_number) WHERE preview_number IS NOT NULL;
CREATE INDEX deliveries_unfinished ON deliveries (announcement, state, due, id) WHERE state = 'pending' OR state = 'sending';
CREATE INDEX deliveries_by_target ON deliveries (target) WHERE form = 'revoke';
CREATE INDEX deliveries_to_edit ON deliveries (target_sent) WHERE form = 'edit' AND state = 'pending';

-- How many deliveries of an announcement are in each state. People are counted by their first message; extra counts
-- the further ones. Reports read this instead of counting rows: it is quick, and it outlives the rows.
CREATE TABLE tallies (
    announcement INTEGER NOT NULL REFERENCES announcements (id),
    form         TEXT NOT NULL,
    extra        INTEGER NOT NULL CHECK (extra IN (0, 1)),
    state        TEXT NOT NULL,                 -- a delivery's, or 'unsubscribed': they left the list before it reached them
    count        INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (announcement, extra, state, form)
) STRICT, WITHOUT ROWID;

-- How many first messages of an announcement failed for which reason; it outlives the rows too.
CREATE TABLE failures (
    announcement INTEGER NOT NULL REFERENCES announcements (id),
    reason       TEXT NOT NULL,
    count        INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (announcement, reason)
) STRICT, WITHOUT ROWID;

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

-- When a person leaves the list, what has happened stays counted where it was; what was still to happen counts as unsubscribed.
CREATE TRIGGER deliveries_removed AFTER DELETE ON deliveries WHEN OLD.state IN ('pending', 'sending') BEGIN
    UPDATE tallies SET count = count - 1
        WHERE announcement = OLD.announcement AND form = OLD.form AND extra = (OLD.part > 0) AND state = OLD.state;
    INSERT INTO tallies VALUES (OLD.announcement, OLD.form, OLD.part > 0, 'unsubscribed', 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

-- The next message of a person leaves before anybody else's: it is due when the first was.
CREATE TRIGGER deliveries_next AFTER UPDATE OF state ON deliveries
    WHEN NEW.state IN ('sent', 'delivered', 'read') AND OLD.state NOT IN ('sent', 'delivered', 'read') BEGIN
    UPDATE deliveries SET due = (SELECT not_before FROM announcements WHERE id = NEW.announcement)
        WHERE announcement = NEW.announcement AND part = NEW.part + 1
        AND subscriber IS NEW.subscriber AND +preview_number IS NEW.preview_number AND due = 9223372036854775807;
END;

-- Who does not get the first message does not get the others; a deletion does not depend on another.
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

-- Messages that reply to a citizen.
CREATE TABLE answers (
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

-- Emergencies come first. Privacy notices and contact cards come last: they are no answers that somebody waits for.
CREATE INDEX answers_unfinished ON answers (state, rank, due, id) WHERE state = 'pending' OR state = 'sending';
CREATE INDEX answers_by_time ON answers (created);
CREATE INDEX answers_by_number ON answers (number);
CREATE INDEX answers_by_lid ON answers (lid);

-- Incoming messages that have been carried out, for 30 days; never what was written.
CREATE TABLE handled (
    message_id TEXT NOT NULL,
    number     TEXT,
    lid        TEXT,
    at         INTEGER NOT NULL,
    sent       INTEGER NOT NULL DEFAULT 0,      -- when WhatsApp's server took it: history may bring older texts
    wish       INTEGER NOT NULL DEFAULT 0       -- what it asked for; see Wish
) STRICT;

CREATE INDEX handled_by_message ON handled (message_id);
CREATE INDEX handled_by_number ON handled (number);
CREATE INDEX handled_by_lid ON handled (lid);
CREATE INDEX handled_by_time ON handled (at);

-- People who are to be forgotten when due has come.
CREATE TABLE erasures (
    id              INTEGER PRIMARY KEY,
    number          TEXT,
    lid             TEXT,
    due             INTEGER NOT NULL,
    unsubscribed_at INTEGER NOT NULL DEFAULT 0, -- when they asked to leave the list; 0: they have only written
    CHECK (number IS NOT NULL OR lid IS NOT NULL)
) STRICT;

CREATE INDEX erasures_by_number ON erasures (number);
CREATE INDEX erasures_by_lid ON erasures (lid);
CREATE INDEX erasures_by_time ON erasures (due);

-- Cancellations under one identity while the other was not known: that one may be on the list. A keyed hash says
-- whose, so that a later answer of WhatsApp's can be compared, and nobody is named.
CREATE TABLE unmatched (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    at   INTEGER NOT NULL                       -- when they asked
) STRICT, WITHOUT ROWID;

-- When messages left, for the pace and the daily ceiling; not to whom.
CREATE TABLE departures (
    id           INTEGER PRIMARY KEY,
    at           INTEGER NOT NULL,
    announcement INTEGER NOT NULL CHECK (announcement IN (0, 1))            -- else an answer
) STRICT;

CREATE INDEX departures_by_time ON departures (at);
CREATE INDEX departures_of_announcements ON departures (announcement, at);

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

-- The list at the end of each day, and how many had come and gone until then.
CREATE TABLE days (
    day         TEXT PRIMARY KEY CHECK (day GLOB '????-??-??'),
    subscribers INTEGER NOT NULL,
    joined      INTEGER NOT NULL,
    gone        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER subscribers_joined AFTER INSERT ON subscribers BEGIN
    UPDATE daemon SET joined = joined + 1;
END;

CREATE TRIGGER subscribers_gone AFTER DELETE ON subscribers BEGIN
    UPDATE daemon SET gone = gone + 1;
END;

-- The chain of the minutes: each page holds the hash of the one before.
CREATE TABLE minutes (
    number       INTEGER PRIMARY KEY,
    announcement INTEGER NOT NULL UNIQUE REFERENCES announcements (id),
    hash         BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- What keeps messages from leaving although the link stands. A restart obeys it.
CREATE TABLE red_lights (
    light TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,                             -- nothing is tried before
    told  INTEGER NOT NULL CHECK (told IN (0, 1)),      -- until is WhatsApp's word, not our guess
    code  INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT;

-- What only the daemon can see of what is wrong, in words that are shown.
CREATE TABLE problems (
    kind     TEXT PRIMARY KEY,
    since    INTEGER NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('notice', 'warning', 'alarm')),
    sentence TEXT NOT NULL,
    advice   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The one row of what the daemon notes for other processes and for its next start.
CREATE TABLE daemon (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    link_state      TEXT NOT NULL DEFAULT '',
    link_connected  INTEGER NOT NULL DEFAULT 0 CHECK (link_connected IN (0, 1)),
    link_since      INTEGER NOT NULL DEFAULT 0,
    owes_compaction INTEGER NOT NULL DEFAULT 0 CHECK (owes_compaction IN (0, 1)),   -- an erasure is not complete
    link_until      INTEGER NOT NULL DEFAULT 0,         -- when WhatsApp closed the link: until when (0: it did not say),
    link_code       INTEGER NOT NULL DEFAULT 0,         -- and its code
    heard           INTEGER NOT NULL DEFAULT 0,         -- the newest text that was handled, by WhatsApp's clock
    gap_link        TEXT NOT NULL DEFAULT '',           -- the link whose gap this is
    gap_from        INTEGER NOT NULL DEFAULT 0,         -- heard, when that link began
    gap_read        INTEGER NOT NULL DEFAULT 0,         -- when history was read last; 0: not yet
    gap_closed      INTEGER NOT NULL DEFAULT 0 CHECK (gap_closed IN (0, 1)),
    purged          INTEGER NOT NULL DEFAULT 0,         -- when old rows were deleted last
    joined          INTEGER NOT NULL DEFAULT 0,         -- subscribers since the counting began
    gone            INTEGER NOT NULL DEFAULT 0,
    phone_seen      INTEGER NOT NULL DEFAULT 0,         -- when the Comune's phone was heard last
    link_cause      TEXT NOT NULL DEFAULT '',           -- why no connection could be made
    list_number     TEXT NOT NULL DEFAULT '',           -- the Comune's number to which the list belongs
    session_mark    TEXT NOT NULL DEFAULT '',           -- which session.db was used last
    unpair_asked    INTEGER NOT NULL DEFAULT 0,         -- when a command asked the daemon to unlink
    capping         TEXT NOT NULL DEFAULT '',           -- how WhatsApp counts the chats that we begin; '': it has not said
    capping_used    INTEGER NOT NULL DEFAULT 0,
    capping_quota   INTEGER NOT NULL DEFAULT 0,
    capping_since   INTEGER NOT NULL DEFAULT 0,
    capping_ends    INTEGER NOT NULL DEFAULT 0,         -- worth nothing from then on
    unmatched_key   BLOB CHECK (length(unmatched_key) = 32)                         -- of unmatched.hash
) STRICT;

INSERT INTO daemon (id) VALUES (1);
