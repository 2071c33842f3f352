-- What must be known of the link beside its state.

ALTER TABLE daemon ADD COLUMN link_cause TEXT NOT NULL DEFAULT '';       -- why no connection could be made
ALTER TABLE daemon ADD COLUMN list_number TEXT NOT NULL DEFAULT '';      -- the Comune's number to which the list belongs
ALTER TABLE daemon ADD COLUMN session_mark TEXT NOT NULL DEFAULT '';     -- which session.db was used last
ALTER TABLE daemon ADD COLUMN unpair_asked INTEGER NOT NULL DEFAULT 0;   -- when a command asked the daemon to unlink

-- What a text asked for; see Wish.
ALTER TABLE handled ADD COLUMN wish INTEGER NOT NULL DEFAULT 0;

-- What only the daemon can see of what is wrong, in words that are shown.
CREATE TABLE problems (
    kind     TEXT PRIMARY KEY,
    since    INTEGER NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('notice', 'warning', 'alarm')),
    sentence TEXT NOT NULL,
    advice   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- When somebody on the list wrote to us last, by WhatsApp's clock; 0: never, he was imported.
ALTER TABLE subscribers ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;
UPDATE subscribers SET heard = max(written, since) WHERE source = '';
UPDATE subscribers SET heard = coalesce((SELECT max(at) FROM handled h
    WHERE h.lid = subscribers.lid OR h.number = subscribers.number), 0) WHERE source <> '';

-- How WhatsApp counts the chats that we begin with people who have not written.
ALTER TABLE daemon ADD COLUMN capping TEXT NOT NULL DEFAULT '';          -- '': it has not said
ALTER TABLE daemon ADD COLUMN capping_used INTEGER NOT NULL DEFAULT 0;
ALTER TABLE daemon ADD COLUMN capping_quota INTEGER NOT NULL DEFAULT 0;
ALTER TABLE daemon ADD COLUMN capping_since INTEGER NOT NULL DEFAULT 0;  -- since when it says what it says
ALTER TABLE daemon ADD COLUMN capping_ends INTEGER NOT NULL DEFAULT 0;   -- worth nothing from then on

-- Cancellations under one identity, a number or a LID, while the other was not known: that one may be on the list.
-- A keyed hash says whose, so that a later answer of WhatsApp's can be compared, and nobody is named.
ALTER TABLE daemon ADD COLUMN unmatched_key BLOB CHECK (length(unmatched_key) = 32);
CREATE TABLE unmatched (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    at   INTEGER NOT NULL                -- when they asked
) STRICT, WITHOUT ROWID;
