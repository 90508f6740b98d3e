-- likeness: what tells whether another listing is the same job, as JSON; null for listings read before this step.
-- job_id: the listing that this one is the same job as; null for the first of them. card_id: the first listing of a job that is open
-- in several places, on that one too.
ALTER TABLE listing ADD COLUMN likeness TEXT;
ALTER TABLE listing ADD COLUMN job_id BIGINT;
ALTER TABLE listing ADD COLUMN card_id BIGINT;
CREATE INDEX listing_job ON listing (job_id) WHERE job_id IS NOT NULL;

-- Any two listings that are one job share a key.
CREATE TABLE listing_key (
    listing_key BIGINT NOT NULL,
    listing_id BIGINT NOT NULL REFERENCES listing (id) ON DELETE CASCADE,
    PRIMARY KEY (listing_key, listing_id)
);
CREATE INDEX listing_key_listing ON listing_key (listing_id);
