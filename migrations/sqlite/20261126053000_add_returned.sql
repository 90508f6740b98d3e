-- What came back: one row a mail and recipient. A mail that is piped in twice counts once, by the digest of its bytes.
-- mail: kept of what was not understood, for a while; nothing else of a mail is.
CREATE TABLE returned (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    mail_digest TEXT NOT NULL,
    delivery_id INTEGER REFERENCES delivery (id) ON DELETE SET NULL,
    subscriber_id INTEGER REFERENCES subscriber (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('hard', 'soft', 'complaint', 'auto-reply', 'other')),
    blame TEXT NOT NULL CHECK (blame IN ('recipient', 'relay', 'sender')),
    is_delay INTEGER NOT NULL CHECK (is_delay IN (0, 1)),
    status TEXT,
    diagnostic TEXT NOT NULL,
    effect TEXT NOT NULL CHECK (effect IN ('none', 'counted', 'paused', 'suppressed', 'unsubscribed')),
    returned_at INTEGER NOT NULL,
    mail TEXT
) STRICT;
CREATE UNIQUE INDEX returned_once ON returned (mail_digest, COALESCE(subscriber_id, 0));
CREATE INDEX returned_subscriber ON returned (subscriber_id, returned_at);
CREATE INDEX returned_time ON returned (returned_at);
