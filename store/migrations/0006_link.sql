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
