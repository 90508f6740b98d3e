-- "When is the next delivery due?" is asked after every pass, whatever the priority.
CREATE INDEX delivery_due ON delivery (due_at) WHERE state IN ('queued', 'retrying');
