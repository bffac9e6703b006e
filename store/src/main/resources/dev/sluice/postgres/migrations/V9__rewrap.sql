-- How far `sluice rewrap` is, so that a call that was killed is taken up where it was. Only saves time: rows that are under
-- the new key already are left as they are, and a rewrap ends after a look at every row.
CREATE TABLE sluice.rewrap (
    pipeline text NOT NULL,
    goal text NOT NULL,
    relation oid NOT NULL,
    next_block bigint NOT NULL CHECK (next_block >= 0),
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (pipeline, goal, relation)
);

COMMENT ON COLUMN sluice.rewrap.goal IS 'Each column and the id of the key it is brought under';
COMMENT ON COLUMN sluice.rewrap.next_block IS 'All blocks before this one have been done once';
