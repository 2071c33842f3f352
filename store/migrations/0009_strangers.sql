-- What a document tells of its author, where that could not be taken out: staff are shown it. Not a column of attachments: it
-- would stand behind the data.
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
