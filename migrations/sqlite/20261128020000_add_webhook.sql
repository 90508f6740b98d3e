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

-- A new kind of letter in the CHECK, by the way that SQLite gives for changes that leave the rows as they are (its ALTER TABLE page, part 7):
-- to write the table anew takes half a minute for a million letters. The tables above renew the schema's number for other connections.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''silence'', ''goodbye''', '''silence'', ''webhook'', ''goodbye''')
WHERE type = 'table' AND name = 'delivery';
PRAGMA writable_schema = RESET;
