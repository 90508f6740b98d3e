-- Sources that the operator lets rest.
CREATE TABLE source_pause (
    source TEXT NOT NULL PRIMARY KEY,
    paused_at BIGINT NOT NULL
);
