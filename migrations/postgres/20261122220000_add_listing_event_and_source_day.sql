-- row_hash: what the list said when the listing's own page was read; read_at: when that was.
ALTER TABLE listing ADD COLUMN row_hash TEXT;
ALTER TABLE listing ADD COLUMN read_at BIGINT NOT NULL DEFAULT 0;

-- detail: the differences of a change, as JSON.
CREATE TABLE listing_event (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    listing_id BIGINT NOT NULL REFERENCES listing (id) ON DELETE CASCADE,
    event TEXT NOT NULL CHECK (event IN ('changed', 'closed', 'relisted')),
    happened_at BIGINT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX listing_event_listing ON listing_event (listing_id, happened_at);
CREATE INDEX listing_event_time ON listing_event (happened_at);

-- One row a source and day (days since 1970, UTC).
CREATE TABLE source_day (
    source TEXT NOT NULL,
    day BIGINT NOT NULL,
    fetches BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    fault TEXT,
    least BIGINT,
    most BIGINT,
    new_listings BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    relisted BIGINT NOT NULL,
    PRIMARY KEY (source, day)
);
CREATE INDEX source_day_day ON source_day (day);

-- When the operator was last told what is wrong.
INSERT INTO counter (name, value) VALUES ('operator_told_at', 0);
