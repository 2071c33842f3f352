-- What WhatsApp said when it closed the link: until when (0: it did not say),
-- and its code. A restart must not knock before that time.
ALTER TABLE daemon ADD COLUMN link_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE daemon ADD COLUMN link_code INTEGER NOT NULL DEFAULT 0;
