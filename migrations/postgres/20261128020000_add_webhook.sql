-- Where an alert is posted to besides mail. nonce: what its secret is made from, with the key of the service. due_at: when the next call may
-- go out, none while none waits; a call under way has moved it on, so that another is made where nobody says how that one ended.
CREATE TABLE webhook (
    subscription_id BIGINT NOT NULL PRIMARY KEY REFERENCES subscription (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    nonce TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    worked_at BIGINT,
    failures BIGINT NOT NULL DEFAULT 0,
    failing_since BIGINT,
    fault TEXT,
    detail TEXT,
    off_at BIGINT,
    due_at BIGINT,
    CHECK ((failures = 0) = (failing_since IS NULL)),
    CHECK ((fault IS NULL) = (detail IS NULL)),
    CHECK (off_at IS NULL OR due_at IS NULL)
);
CREATE INDEX webhook_due ON webhook (due_at, subscription_id) WHERE due_at IS NOT NULL;
-- What waits to be posted, oldest first; a call without a selection is a test. It goes when it was taken, or is given up.
CREATE TABLE webhook_call (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id BIGINT NOT NULL REFERENCES webhook (subscription_id) ON DELETE CASCADE,
    selection TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_call_next ON webhook_call (subscription_id, id);

-- A new kind of letter.
DO $$
DECLARE
    old TEXT;
BEGIN
    FOR old IN
        SELECT conname FROM pg_constraint
        WHERE conrelid = 'delivery'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%kind%'
    LOOP
        EXECUTE format('ALTER TABLE delivery DROP CONSTRAINT %I', old);
    END LOOP;
END $$;
ALTER TABLE delivery ADD CHECK (
    kind IN ('confirmation', 'link', 'welcome', 'instant', 'digest', 'renewal', 'silence', 'webhook', 'goodbye')
);
