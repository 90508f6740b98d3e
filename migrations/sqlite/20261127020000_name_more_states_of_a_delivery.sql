-- leased: a worker has it, nothing can have left. sending: recorded before the final dot. unknown: the dot was sent and no answer came.
-- parked: waits for the operator. expired: its listings go into the next letter. unanswered: how often the dot was sent without an answer.
-- carried: the listings of an expired letter stand in a later one.
-- SQLite changes no CHECK in place, so the table is written anew; what came back keeps its delivery meanwhile.
CREATE TABLE kept_return AS SELECT id, delivery_id FROM returned WHERE delivery_id IS NOT NULL;
CREATE TABLE new_delivery (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    subscription_id INTEGER REFERENCES subscription (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (
        kind IN ('confirmation', 'link', 'welcome', 'instant', 'digest', 'renewal', 'silence', 'goodbye')
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
    id, subscriber_id, subscription_id, kind, state, priority, attempts, due_at, lease_until, created_at, ended_at, window_after,
    window_until, selection, listings, secret, detail
)
SELECT
    id, subscriber_id, subscription_id, kind, state, priority, attempts, due_at, lease_until, created_at, ended_at, window_after,
    window_until, selection, listings, secret, detail
FROM delivery;
-- Ids are never used twice: the counter goes along.
DELETE FROM sqlite_sequence WHERE name = 'new_delivery';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_delivery', seq FROM sqlite_sequence WHERE name = 'delivery';
DROP TABLE delivery;
ALTER TABLE new_delivery RENAME TO delivery;
CREATE INDEX delivery_pending ON delivery (priority, due_at, id) WHERE state IN ('queued', 'retrying', 'unknown') AND ended_at IS NULL;
CREATE INDEX delivery_due ON delivery (due_at) WHERE state IN ('queued', 'retrying', 'unknown') AND ended_at IS NULL;
CREATE INDEX delivery_leased ON delivery (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX delivery_parked ON delivery (id) WHERE state = 'parked';
CREATE INDEX delivery_expired ON delivery (subscription_id) WHERE state = 'expired' AND NOT carried;
CREATE INDEX delivery_subscriber ON delivery (subscriber_id, id);
CREATE INDEX delivery_subscription ON delivery (subscription_id);
-- A belt to the compare-and-set of the cursor: one letter of a kind for one window. An expired one makes room for the next.
CREATE UNIQUE INDEX delivery_window ON delivery (subscription_id, window_until, kind) WHERE window_until IS NOT NULL AND state <> 'expired';
UPDATE returned SET delivery_id = (SELECT kept_return.delivery_id FROM kept_return WHERE kept_return.id = returned.id)
WHERE id IN (SELECT id FROM kept_return);
DROP TABLE kept_return;
