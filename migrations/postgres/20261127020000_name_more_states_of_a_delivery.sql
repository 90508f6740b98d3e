-- leased: a worker has it, nothing can have left. sending: recorded before the final dot. unknown: the dot was sent and no answer came.
-- parked: waits for the operator. expired: its listings go into the next letter. unanswered: how often the dot was sent without an answer.
-- carried: the listings of an expired letter stand in a later one.
ALTER TABLE delivery ADD COLUMN unanswered BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN carried BOOLEAN NOT NULL DEFAULT FALSE;
DO $$
DECLARE
    old TEXT;
BEGIN
    FOR old IN
        SELECT conname FROM pg_constraint
        WHERE conrelid = 'delivery'::regclass AND contype = 'c'
        AND (pg_get_constraintdef(oid) LIKE '%state%' OR pg_get_constraintdef(oid) LIKE '%kind%')
    LOOP
        EXECUTE format('ALTER TABLE delivery DROP CONSTRAINT %I', old);
    END LOOP;
END $$;
ALTER TABLE delivery
    ADD CHECK (kind IN ('confirmation', 'link', 'welcome', 'instant', 'digest', 'renewal', 'silence', 'goodbye')),
    ADD CHECK (
        state IN ('queued', 'leased', 'sending', 'retrying', 'unknown', 'parked', 'sent', 'failed', 'expired', 'cancelled')
    ),
    ADD CHECK ((lease_until IS NOT NULL) = (state IN ('leased', 'sending'))),
    ADD CHECK (ended_at IS NOT NULL OR state NOT IN ('sent', 'failed', 'expired', 'cancelled')),
    ADD CHECK (ended_at IS NULL OR state IN ('sent', 'failed', 'expired', 'cancelled', 'unknown')),
    ADD CHECK (unanswered > 0 OR state <> 'unknown'),
    ADD CHECK (NOT carried OR state = 'expired');
DROP INDEX delivery_pending;
DROP INDEX delivery_due;
DROP INDEX delivery_sending;
DROP INDEX delivery_window;
CREATE INDEX delivery_pending ON delivery (priority, due_at, id) WHERE state IN ('queued', 'retrying', 'unknown') AND ended_at IS NULL;
CREATE INDEX delivery_due ON delivery (due_at) WHERE state IN ('queued', 'retrying', 'unknown') AND ended_at IS NULL;
CREATE INDEX delivery_leased ON delivery (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX delivery_parked ON delivery (id) WHERE state = 'parked';
CREATE INDEX delivery_expired ON delivery (subscription_id) WHERE state = 'expired' AND NOT carried;
-- A belt to the compare-and-set of the cursor: one letter of a kind for one window. An expired one makes room for the next.
CREATE UNIQUE INDEX delivery_window ON delivery (subscription_id, window_until, kind) WHERE window_until IS NOT NULL AND state <> 'expired';
