-- From which page a consent came, which version of its words was shown, and who sent it: a keyed digest of the network, until a date.
ALTER TABLE consent ADD COLUMN page TEXT;
ALTER TABLE consent ADD COLUMN words TEXT;
ALTER TABLE consent ADD COLUMN client TEXT;
ALTER TABLE consent ADD COLUMN client_until BIGINT;
CREATE INDEX consent_client ON consent (client_until) WHERE client_until IS NOT NULL;

-- How many confirmation mails went to a mailbox since it last confirmed, by its keyed digest; outlives the sign-ups that are swept.
CREATE TABLE confirmation_count (
    mailbox TEXT NOT NULL PRIMARY KEY,
    mails BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
