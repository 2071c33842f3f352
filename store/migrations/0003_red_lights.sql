-- When an announcement has become pointless (0: never), and whether staff let it
-- leave though there is an election.
ALTER TABLE announcements ADD COLUMN expires INTEGER NOT NULL DEFAULT 0;
ALTER TABLE announcements ADD COLUMN released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1));

-- How many deliveries of an announcement failed for which reason. Like the
-- tallies it outlives the rows.
CREATE TABLE failures (
    announcement INTEGER NOT NULL REFERENCES announcements (id),
    reason       TEXT NOT NULL,
    count        INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (announcement, reason)
) STRICT, WITHOUT ROWID;

INSERT INTO failures SELECT announcement, reason, count(*) FROM deliveries WHERE state = 'failed' GROUP BY announcement, reason;

CREATE TRIGGER deliveries_failed AFTER UPDATE OF state ON deliveries WHEN NEW.state = 'failed' AND OLD.state <> 'failed' BEGIN
    INSERT INTO failures VALUES (NEW.announcement, NEW.reason, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

-- A phone's word, or a red light that came to be known later, can prove that it had not failed.
CREATE TRIGGER deliveries_mended AFTER UPDATE OF state ON deliveries WHEN OLD.state = 'failed' AND NEW.state <> 'failed' BEGIN
    UPDATE failures SET count = count - 1 WHERE announcement = OLD.announcement AND reason = OLD.reason;
END;

-- What keeps messages from leaving although the link stands. A restart obeys it.
CREATE TABLE red_lights (
    light TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL, -- nothing is tried before
    told  INTEGER NOT NULL CHECK (told IN (0, 1)), -- until is WhatsApp's word, not our guess
    code  INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT;
