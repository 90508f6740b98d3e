-- likeness: what tells whether another listing is the same job, as JSON; null for listings read before this step.
-- job_id: the listing that this one is the same job as; null for the first of them. card_id: the first listing of a job that is open
-- in several places, on that one too.
ALTER TABLE listing ADD COLUMN likeness TEXT;
ALTER TABLE listing ADD COLUMN job_id INTEGER;
ALTER TABLE listing ADD COLUMN card_id INTEGER;
CREATE INDEX listing_job ON listing (job_id) WHERE job_id IS NOT NULL;

-- Any two listings that are one job share a key.
CREATE TABLE listing_key (
    listing_key INTEGER NOT NULL,
    listing_id INTEGER NOT NULL REFERENCES listing (id) ON DELETE CASCADE,
    PRIMARY KEY (listing_key, listing_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX listing_key_listing ON listing_key (listing_id);
