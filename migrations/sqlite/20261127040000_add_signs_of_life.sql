-- alive_at: the last sign of life; renewal_at: when the person was asked whether the alerts are still wanted, none while nobody asked.
ALTER TABLE subscriber ADD COLUMN alive_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscriber ADD COLUMN renewal_at INTEGER;
UPDATE subscriber SET alive_at = COALESCE((SELECT MAX(happened_at) FROM consent WHERE consent.subscriber_id = subscriber.id), since);
CREATE INDEX subscriber_alive ON subscriber (alive_at) WHERE state IN ('active', 'paused') AND renewal_at IS NULL;
CREATE INDEX subscriber_renewal ON subscriber (renewal_at) WHERE renewal_at IS NOT NULL;

-- silence_at: when an alert that brought nothing until then says so; none once it has been said.
ALTER TABLE subscription ADD COLUMN silence_at INTEGER;
UPDATE subscription SET silence_at = 2592000000 + COALESCE(
    (SELECT MAX(delivery.created_at) FROM delivery WHERE delivery.subscription_id = subscription.id), subscription.created_at
) WHERE confirmed_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX subscription_silence ON subscription (silence_at) WHERE silence_at IS NOT NULL;

CREATE INDEX returned_delivery ON returned (delivery_id);

-- New words in its CHECK, so the table is written anew.
CREATE TABLE new_consent (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    event TEXT NOT NULL CHECK (
        event IN (
            'requested', 'confirmed', 'changed', 'paused', 'resumed', 'renewed', 'unsubscribed', 'expired', 'added_by_operator'
        )
    ),
    happened_at INTEGER NOT NULL,
    origin TEXT NOT NULL,
    detail TEXT NOT NULL,
    page TEXT,
    words TEXT,
    client TEXT,
    client_until INTEGER
) STRICT;
INSERT INTO new_consent (id, subscriber_id, event, happened_at, origin, detail, page, words, client, client_until)
SELECT id, subscriber_id, event, happened_at, origin, detail, page, words, client, client_until FROM consent;
DELETE FROM sqlite_sequence WHERE name = 'new_consent';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_consent', seq FROM sqlite_sequence WHERE name = 'consent';
DROP TABLE consent;
ALTER TABLE new_consent RENAME TO consent;
CREATE INDEX consent_subscriber ON consent (subscriber_id, id);
CREATE INDEX consent_client ON consent (client_until) WHERE client_until IS NOT NULL;
