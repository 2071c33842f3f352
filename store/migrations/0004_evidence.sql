-- The proof of consent (art. 7 GDPR), as long as somebody is on the list.
ALTER TABLE subscribers ADD COLUMN words TEXT NOT NULL DEFAULT '';         -- the registration, letter by letter
ALTER TABLE subscribers ADD COLUMN message_id TEXT NOT NULL DEFAULT '';    -- WhatsApp's ID of it
ALTER TABLE subscribers ADD COLUMN written INTEGER NOT NULL DEFAULT 0;     -- when WhatsApp's server took it
ALTER TABLE subscribers ADD COLUMN wording TEXT NOT NULL DEFAULT '';       -- the texts and rules in force (wordings)
ALTER TABLE subscribers ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0;   -- when WhatsApp's server took the confirmation
ALTER TABLE subscribers ADD COLUMN source TEXT NOT NULL DEFAULT '';        -- the consent noted at an import; '' for who wrote

-- What the versions stand for. No personal data.
CREATE TABLE wordings (
    version TEXT PRIMARY KEY,
    text    TEXT NOT NULL,
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Registrations that wait for their missing details or for a yes.
CREATE TABLE signups (
    id          INTEGER PRIMARY KEY,
    number      TEXT CHECK (number GLOB '+[1-9]*'),
    lid         TEXT CHECK (lid <> ''),
    asked       TEXT NOT NULL CHECK (asked IN ('details', 'consent')),
    given_name  TEXT NOT NULL,
    family_name TEXT NOT NULL,
    comune      TEXT NOT NULL,
    words       TEXT NOT NULL,
    due         INTEGER NOT NULL,            -- worth nothing from then on
    CHECK (number IS NOT NULL OR lid IS NOT NULL)
) STRICT;

CREATE INDEX signups_by_number ON signups (number);
CREATE INDEX signups_by_lid ON signups (lid);

-- Answers know what they answer, and when they were written. A table's CHECK
-- cannot be changed, so it is made anew.
CREATE TABLE answers_new (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    number     TEXT CHECK (number GLOB '+[1-9]*'),
    lid        TEXT CHECK (lid <> ''),
    kind       TEXT NOT NULL CHECK (kind IN ('confirmation', 'already', 'incomplete', 'opt_in', 'goodbye', 'not_registered',
        'help', 'my_data', 'other', 'call', 'unreadable', 'card')),
    text       TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    state      TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'failed')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    due        INTEGER NOT NULL,
    reason     TEXT NOT NULL DEFAULT '',
    created    INTEGER NOT NULL,
    replies_to TEXT NOT NULL DEFAULT '',     -- the citizen's message
    CHECK (number IS NOT NULL OR lid IS NOT NULL)
) STRICT;

INSERT INTO answers_new SELECT id, number, lid, kind, text, message_id, state, attempts, due, reason, due, '' FROM answers;
DROP TABLE answers;
ALTER TABLE answers_new RENAME TO answers;

-- Contact cards come last: they are no answer that somebody waits for.
CREATE INDEX answers_unfinished ON answers (state, kind = 'card', due, id) WHERE state = 'pending' OR state = 'sending';
CREATE INDEX answers_by_time ON answers (created);
CREATE INDEX answers_by_number ON answers (number);
CREATE INDEX answers_by_lid ON answers (lid);

-- When WhatsApp's server took what was handled: history may bring older texts of the same person.
ALTER TABLE handled ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;

-- When somebody who is to be forgotten left the list; 0: he has only written.
ALTER TABLE erasures ADD COLUMN left_at INTEGER NOT NULL DEFAULT 0;

-- The gap between two links: what citizens wrote in it comes with the phone's history.
ALTER TABLE daemon ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;          -- the newest text that was handled, by WhatsApp's clock
ALTER TABLE daemon ADD COLUMN gap_link TEXT NOT NULL DEFAULT '';         -- the link whose gap this is
ALTER TABLE daemon ADD COLUMN gap_from INTEGER NOT NULL DEFAULT 0;       -- heard, when that link began
ALTER TABLE daemon ADD COLUMN gap_read INTEGER NOT NULL DEFAULT 0;       -- when history was read last; 0: not yet
ALTER TABLE daemon ADD COLUMN gap_closed INTEGER NOT NULL DEFAULT 0 CHECK (gap_closed IN (0, 1));
ALTER TABLE daemon ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;         -- when old rows were deleted last

UPDATE daemon SET heard = coalesce((SELECT max(at) FROM handled), 0);
