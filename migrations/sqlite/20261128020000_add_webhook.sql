-- Where an alert is posted to besides mail. nonce: what its secret is made from, with the key of the service. due_at: when the next call may
-- go out, none while none waits; a call under way has moved it on, so that another is made where nobody says how that one ended.
CREATE TABLE webhook (
    subscription_id INTEGER NOT NULL PRIMARY KEY REFERENCES subscription (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    nonce TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    worked_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    fault TEXT,
    detail TEXT,
    off_at INTEGER,
    due_at INTEGER,
    CHECK ((failures = 0) = (failing_since IS NULL)),
    CHECK ((fault IS NULL) = (detail IS NULL)),
    CHECK (off_at IS NULL OR due_at IS NULL)
) STRICT;
CREATE INDEX webhook_due ON webhook (due_at, subscription_id) WHERE due_at IS NOT NULL;
-- What waits to be posted, oldest first; a call without a selection is a test. It goes when it was taken, or is given up.
CREATE TABLE webhook_call (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subscription_id INTEGER NOT NULL REFERENCES webhook (subscription_id) ON DELETE CASCADE,
    selection TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_call_next ON webhook_call (subscription_id, id);

-- A new kind of letter in the CHECK, so the table is written anew; what came back and what is sent once more keep their delivery meanwhile.
CREATE TABLE kept_return AS SELECT id, delivery_id FROM returned WHERE delivery_id IS NOT NULL;
CREATE TABLE kept_letter AS SELECT delivery_id, letter FROM delivery_letter;
CREATE TABLE new_delivery (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    subscription_id INTEGER REFERENCES subscription (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (
        kind IN ('confirmation', 'link', 'welcome', 'instant', 'digest', 'renewal', 'silence', 'webhook', 'goodbye')
    ),
    state TEXT NOT NULL CHECK (
        state IN ('queued', 'leased', 'sending', 'retrying', 'unknown', 'parked', 'sent', 'failed', 'expired', 'cancelled')
    ),
    priority INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    unanswered INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    lease_until INTEGER,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    window_after INTEGER,
    window_until INTEGER,
    selection TEXT,
    listings INTEGER,
    carried INTEGER NOT NULL DEFAULT 0 CHECK (carried IN (0, 1)),
    secret TEXT,
    detail TEXT,
    domain TEXT NOT NULL DEFAULT '',
    CHECK ((lease_until IS NOT NULL) = (state IN ('leased', 'sending'))),
    CHECK (ended_at IS NOT NULL OR state NOT IN ('sent', 'failed', 'expired', 'cancelled')),
    CHECK (ended_at IS NULL OR state IN ('sent', 'failed', 'expired', 'cancelled', 'unknown')),
    CHECK (unanswered > 0 OR state <> 'unknown'),
    CHECK (NOT carried OR state = 'expired'),
    CHECK (secret IS NULL OR ended_at IS NULL),
    CHECK ((selection IS NULL) = (window_after IS NULL)),
    CHECK ((selection IS NULL) = (window_until IS NULL)),
    CHECK ((selection IS NULL) = (listings IS NULL))
) STRICT;
INSERT INTO new_delivery (
    id, subscriber_id, subscription_id, kind, state, priority, attempts, unanswered, due_at, lease_until, created_at, ended_at,
    window_after, window_until, selection, listings, carried, secret, detail, domain
)
SELECT
    id, subscriber_id, subscription_id, kind, state, priority, attempts, unanswered, due_at, lease_until, created_at, ended_at,
    window_after, window_until, selection, listings, carried, secret, detail, domain
FROM delivery;
-- Ids are never used twice: the counter goes along.
DELETE FROM sqlite_sequence WHERE name = 'new_delivery';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_delivery', seq FROM sqlite_sequence WHERE name = 'delivery';
DROP TABLE delivery;
ALTER TABLE new_delivery RENAME TO delivery;
CREATE INDEX delivery_pending ON delivery (priority, due_at, id, domain)
WHERE state IN ('queued', 'retrying', 'unknown') AND ended_at IS NULL;
CREATE INDEX delivery_due ON delivery (due_at) WHERE state IN ('queued', 'retrying', 'unknown') AND ended_at IS NULL;
CREATE INDEX delivery_leased ON delivery (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX delivery_parked ON delivery (id) WHERE state = 'parked';
CREATE INDEX delivery_expired ON delivery (subscription_id) WHERE state = 'expired' AND NOT carried;
CREATE INDEX delivery_open ON delivery (created_at, state, kind, due_at, attempts) WHERE ended_at IS NULL;
CREATE INDEX delivery_ended ON delivery (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX delivery_subscriber ON delivery (subscriber_id, id);
CREATE INDEX delivery_subscription ON delivery (subscription_id);
-- A belt to the compare-and-set of the cursor: one letter of a kind for one window. An expired one makes room for the next.
CREATE UNIQUE INDEX delivery_window ON delivery (subscription_id, window_until, kind) WHERE window_until IS NOT NULL AND state <> 'expired';
UPDATE returned SET delivery_id = (SELECT kept_return.delivery_id FROM kept_return WHERE kept_return.id = returned.id)
WHERE id IN (SELECT id FROM kept_return);
DROP TABLE kept_return;
INSERT INTO delivery_letter (delivery_id, letter) SELECT delivery_id, letter FROM kept_letter WHERE true ON CONFLICT DO NOTHING;
DROP TABLE kept_letter;
