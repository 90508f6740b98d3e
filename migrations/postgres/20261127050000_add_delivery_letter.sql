-- The bytes of a letter that may have arrived, for its one more attempt.
CREATE TABLE delivery_letter (
    delivery_id BIGINT NOT NULL PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
    letter BYTEA NOT NULL
);
-- slips: whose record of letters under way can be believed after a crash.
INSERT INTO counter (name, value) VALUES ('slips', 0);
