-- Times are Unix milliseconds, flags 0 or 1, JSON is text that no statement looks into. Ids are never used twice.

-- One row per number that only grows; its row lock keeps numbers becoming visible in order.
CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;
-- seq: the newest published listing. instant_scanned: how far the sleeping instant subscriptions have been looked at.
-- probe: written to learn whether a write commits.
INSERT INTO counter (name, value) VALUES ('seq', 0), ('instant_scanned', 0), ('probe', 0);

CREATE TABLE source_state (
    name TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL
) STRICT;

-- The long texts stand last: matching reads the columns before them only.
CREATE TABLE listing (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    seq INTEGER NOT NULL UNIQUE,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    quiet INTEGER NOT NULL CHECK (quiet IN (0, 1)),
    fingerprint TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    posting_hash TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    posted_at INTEGER,
    valid_through INTEGER,
    closed_at INTEGER,
    company TEXT,
    facts TEXT NOT NULL,
    words BLOB NOT NULL,
    posting TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (source, external_id)
) STRICT;
CREATE INDEX listing_open ON listing (seq) WHERE closed_at IS NULL;
CREATE INDEX listing_fingerprint ON listing (fingerprint) WHERE closed_at IS NULL;

CREATE TABLE subscriber (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE CHECK (email_key = lower(email)),
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'paused', 'ended')),
    since INTEGER NOT NULL,
    paused_until INTEGER,
    created_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    CHECK (paused_until IS NULL OR state = 'paused'),
    CHECK (confirmed_at IS NOT NULL OR state = 'pending')
) STRICT;
CREATE INDEX subscriber_pause_end ON subscriber (paused_until) WHERE paused_until IS NOT NULL;
CREATE INDEX subscriber_pending ON subscriber (created_at) WHERE state = 'pending';

CREATE TABLE suppression (
    email_digest TEXT NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL CHECK (reason IN ('hard_bounce', 'complaint', 'asked', 'operator')),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE consent (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    event TEXT NOT NULL CHECK (
        event IN ('requested', 'confirmed', 'changed', 'paused', 'resumed', 'unsubscribed', 'added_by_operator')
    ),
    happened_at INTEGER NOT NULL,
    origin TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX consent_subscriber ON consent (subscriber_id, id);

-- decided_seq is the cursor: everything published up to there has been decided.
CREATE TABLE subscription (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    preferences TEXT NOT NULL,
    cadence TEXT NOT NULL,
    instant INTEGER NOT NULL CHECK (instant IN (0, 1)),
    decided_seq INTEGER NOT NULL,
    due_at INTEGER,
    welcomed INTEGER NOT NULL CHECK (welcomed IN (0, 1)),
    created_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    ended_at INTEGER,
    token_digest TEXT UNIQUE,
    token_until INTEGER,
    CHECK ((token_digest IS NULL) = (token_until IS NULL)),
    CHECK (token_digest IS NULL OR (confirmed_at IS NULL AND ended_at IS NULL)),
    CHECK (due_at IS NULL OR (confirmed_at IS NOT NULL AND ended_at IS NULL))
) STRICT;
CREATE INDEX subscription_subscriber ON subscription (subscriber_id, id);
CREATE INDEX subscription_due ON subscription (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX subscription_sleeping ON subscription (id) WHERE instant AND welcomed AND due_at IS NULL;
CREATE INDEX subscription_unwelcomed ON subscription (id)
WHERE confirmed_at IS NOT NULL AND ended_at IS NULL AND NOT welcomed;
CREATE UNIQUE INDEX subscription_unconfirmed ON subscription (subscriber_id) WHERE confirmed_at IS NULL AND ended_at IS NULL;

CREATE TABLE delivery (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    subscription_id INTEGER REFERENCES subscription (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('confirmation', 'link', 'welcome', 'instant', 'digest')),
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'retrying', 'sent', 'failed', 'cancelled')),
    priority INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease_until INTEGER,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    window_after INTEGER,
    window_until INTEGER,
    selection TEXT,
    listings INTEGER,
    secret TEXT,
    detail TEXT,
    CHECK ((lease_until IS NOT NULL) = (state = 'sending')),
    CHECK ((ended_at IS NOT NULL) = (state IN ('sent', 'failed', 'cancelled'))),
    CHECK (secret IS NULL OR ended_at IS NULL),
    CHECK ((selection IS NULL) = (window_after IS NULL)),
    CHECK ((selection IS NULL) = (window_until IS NULL)),
    CHECK ((selection IS NULL) = (listings IS NULL))
) STRICT;
CREATE INDEX delivery_pending ON delivery (priority, due_at, id) WHERE state IN ('queued', 'retrying');
CREATE INDEX delivery_sending ON delivery (lease_until) WHERE state = 'sending';
CREATE INDEX delivery_subscriber ON delivery (subscriber_id, id);
CREATE INDEX delivery_subscription ON delivery (subscription_id);
-- A belt to the compare-and-set of the cursor: one letter of a kind for one window.
CREATE UNIQUE INDEX delivery_window ON delivery (subscription_id, window_until, kind) WHERE window_until IS NOT NULL;
