-- alive_at: the last sign of life; renewal_at: when the person was asked whether the alerts are still wanted, none while nobody asked.
ALTER TABLE subscriber ADD COLUMN alive_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriber ADD COLUMN renewal_at BIGINT;
UPDATE subscriber SET alive_at = COALESCE((SELECT MAX(happened_at) FROM consent WHERE consent.subscriber_id = subscriber.id), since);
CREATE INDEX subscriber_alive ON subscriber (alive_at) WHERE state IN ('active', 'paused') AND renewal_at IS NULL;
CREATE INDEX subscriber_renewal ON subscriber (renewal_at) WHERE renewal_at IS NOT NULL;

-- silence_at: when an alert that brought nothing until then says so; none once it has been said.
ALTER TABLE subscription ADD COLUMN silence_at BIGINT;
UPDATE subscription SET silence_at = 2592000000 + COALESCE(
    (SELECT MAX(delivery.created_at) FROM delivery WHERE delivery.subscription_id = subscription.id), subscription.created_at
) WHERE confirmed_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX subscription_silence ON subscription (silence_at) WHERE silence_at IS NOT NULL;

CREATE INDEX returned_delivery ON returned (delivery_id);

ALTER TABLE consent DROP CONSTRAINT consent_event_check;
ALTER TABLE consent ADD CONSTRAINT consent_event_check CHECK (
    event IN ('requested', 'confirmed', 'changed', 'paused', 'resumed', 'renewed', 'unsubscribed', 'expired', 'added_by_operator')
);
