-- What became of letters on each day (days since 1970, UTC), by who runs the mailbox. Outlives the letters, and names nobody.
CREATE TABLE delivery_day (
    day INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    receiver TEXT NOT NULL,
    letters INTEGER NOT NULL,
    PRIMARY KEY (day, outcome, receiver)
) STRICT;
INSERT INTO delivery_day (day, outcome, receiver, letters)
SELECT ended_at / 86400000, state, 'other', COUNT(*) FROM delivery WHERE ended_at IS NOT NULL GROUP BY ended_at / 86400000, state;

-- How many people there were in each state at the end of a day.
CREATE TABLE subscriber_day (
    day INTEGER NOT NULL,
    state TEXT NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (day, state)
) STRICT;

-- The queue is counted at each look at the figures; what has ended is forgotten by its age.
CREATE INDEX delivery_open ON delivery (created_at, state, kind, due_at, attempts) WHERE ended_at IS NULL;
CREATE INDEX delivery_ended ON delivery (ended_at) WHERE ended_at IS NOT NULL;
-- So that a listing that others are the same job as is found.
CREATE INDEX listing_closed ON listing (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX listing_card ON listing (card_id) WHERE card_id IS NOT NULL;
