-- feedback: what was said of listings of this alert's letters, as JSON.
ALTER TABLE subscription ADD COLUMN feedback TEXT NOT NULL DEFAULT '[]';
