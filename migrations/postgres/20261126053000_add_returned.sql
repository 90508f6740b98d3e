-- What came back: one row a mail and recipient. A mail that is piped in twice counts once, by the digest of its bytes.
-- mail: kept of what was not understood, for a while; nothing else of a mail is.
CREATE TABLE returned (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mail_digest TEXT NOT NULL,
    delivery_id BIGINT REFERENCES delivery (id) ON DELETE SET NULL,
    subscriber_id BIGINT REFERENCES subscriber (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('hard', 'soft', 'complaint', 'auto-reply', 'other')),
    blame TEXT NOT NULL CHECK (blame IN ('recipient', 'relay', 'sender')),
    is_delay BOOLEAN NOT NULL,
    status TEXT,
    diagnostic TEXT NOT NULL,
    effect TEXT NOT NULL CHECK (effect IN ('none', 'counted', 'paused', 'suppressed', 'unsubscribed')),
    returned_at BIGINT NOT NULL,
    mail TEXT
);
CREATE UNIQUE INDEX returned_once ON returned (mail_digest, COALESCE(subscriber_id, 0));
CREATE INDEX returned_subscriber ON returned (subscriber_id, returned_at);
CREATE INDEX returned_time ON returned (returned_at);
