-- What a document tells of its author, where that could not be taken out: staff are shown it. Not a column of attachments: it
-- would stand behind the data.
CREATE TABLE imprints (
    attachment INTEGER PRIMARY KEY REFERENCES attachments (id) ON DELETE CASCADE,
    carries    TEXT NOT NULL CHECK (carries <> '')  -- an Italian sentence
) STRICT;
