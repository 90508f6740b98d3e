-- row_hash: what the list said when the listing's own page was read; read_at: when that was.
ALTER TABLE listing ADD COLUMN row_hash TEXT;
ALTER TABLE listing ADD COLUMN read_at INTEGER NOT NULL DEFAULT 0;

-- detail: the differences of a change, as JSON.
CREATE TABLE listing_event (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    listing_id INTEGER NOT NULL REFERENCES listing (id) ON DELETE CASCADE,
    event TEXT NOT NULL CHECK (event IN ('changed', 'closed', 'relisted')),
    happened_at INTEGER NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX listing_event_listing ON listing_event (listing_id, happened_at);
CREATE INDEX listing_event_time ON listing_event (happened_at);

-- One row a source and day (days since 1970, UTC).
CREATE TABLE source_day (
    source TEXT NOT NULL,
    day INTEGER NOT NULL,
    fetches INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    fault TEXT,
    least INTEGER,
    most INTEGER,
    new_listings INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    relisted INTEGER NOT NULL,
    PRIMARY KEY (source, day)
) STRICT;
CREATE INDEX source_day_day ON source_day (day);

-- When the operator was last told what is wrong.
INSERT INTO counter (name, value) VALUES ('operator_told_at', 0);
