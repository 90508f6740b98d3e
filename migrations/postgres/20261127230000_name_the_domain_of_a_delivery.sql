-- The domain of the address that a letter is for: a claim passes over receivers of which enough stands by (ADR 44). What has ended needs none.
ALTER TABLE delivery ADD COLUMN domain TEXT NOT NULL DEFAULT '';
UPDATE delivery SET domain = (SELECT split_part(email_key, '@', 2) FROM subscriber WHERE subscriber.id = delivery.subscriber_id)
WHERE ended_at IS NULL;
DROP INDEX delivery_pending;
CREATE INDEX delivery_pending ON delivery (priority, due_at, id, domain)
WHERE state IN ('queued', 'retrying', 'unknown') AND ended_at IS NULL;
