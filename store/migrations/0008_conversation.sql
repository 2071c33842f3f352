-- A question of ours may be open for anybody, on the list or not; so far it was for unfinished registrations only.
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

-- When those of before were asked is not known; the trace of the last text says it as a rule, else they count from now.
INSERT INTO questions SELECT s.id, s.number, s.lid, iif(s.asked = 'consent', 'check', s.asked), s.given_name, s.family_name, s.comune, s.words,
        coalesce((SELECT max(at) FROM handled h WHERE h.lid = s.lid OR h.number = s.number), unixepoch() * 1000), s.due
    FROM signups s;
DROP TABLE signups;

CREATE INDEX questions_by_number ON questions (number);
CREATE INDEX questions_by_lid ON questions (lid);
CREATE INDEX questions_by_time ON questions (due);

-- Answers are of more kinds. A CHECK cannot be changed, so the table is made anew.
CREATE TABLE answers_new (
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

INSERT INTO answers_new SELECT id, number, lid, kind, text, message_id, state, attempts, due, reason, created, replies_to, iif(kind = 'card', 3, 1) FROM answers;
DROP TABLE answers;
ALTER TABLE answers_new RENAME TO answers;

-- Emergencies come first. Privacy notices and contact cards come last: they are no answers that somebody waits for.
CREATE INDEX answers_unfinished ON answers (state, rank, due, id) WHERE state = 'pending' OR state = 'sending';
CREATE INDEX answers_by_time ON answers (created);
CREATE INDEX answers_by_number ON answers (number);
CREATE INDEX answers_by_lid ON answers (lid);

-- Not everybody wants everything.
ALTER TABLE subscribers ADD COLUMN news_from INTEGER NOT NULL DEFAULT 0;    -- from when ordinary news reach them; 0: always
CREATE INDEX subscribers_in_pause ON subscribers (news_from) WHERE news_from > 0;
ALTER TABLE announcements ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;     -- people it was for, and did not go to, because of their mode

-- The code by which somebody can be served whose number WhatsApp hides. Twice as many are drawn as there are people, each of
-- 344 million, and no two people get the same: should the draw ever have too many twins, the index fails, and the next start draws
-- again.
ALTER TABLE subscribers ADD COLUMN code TEXT NOT NULL DEFAULT '';
WITH RECURSIVE draws (n, code) AS (
        SELECT 0, ''
        UNION ALL
        SELECT n + 1, substr('ACDEFGHJKMNPQRTVWXYZ', 1 + abs(random() % 20), 1)
            || substr('23456789ACDEFGHJKMNPQRTVWXYZ', 1 + abs(random() % 28), 1)
            || substr('23456789ACDEFGHJKMNPQRTVWXYZ', 1 + abs(random() % 28), 1)
            || substr('23456789ACDEFGHJKMNPQRTVWXYZ', 1 + abs(random() % 28), 1)
            || substr('23456789ACDEFGHJKMNPQRTVWXYZ', 1 + abs(random() % 28), 1)
            || substr('23456789ACDEFGHJKMNPQRTVWXYZ', 1 + abs(random() % 28), 1)
        FROM draws WHERE n < 10 + 2 * (SELECT count(*) FROM subscribers)),
    codes AS MATERIALIZED (SELECT code, row_number() OVER (ORDER BY random()) AS n FROM (SELECT DISTINCT code FROM draws WHERE n > 0)),
    people AS MATERIALIZED (SELECT id, row_number() OVER (ORDER BY id) AS n FROM subscribers)
UPDATE subscribers SET code = given.code FROM (SELECT id, code FROM people JOIN codes USING (n)) AS given WHERE given.id = subscribers.id;
CREATE UNIQUE INDEX subscribers_by_code ON subscribers (code);
