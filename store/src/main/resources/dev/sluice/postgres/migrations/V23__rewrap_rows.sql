-- What pages of a rewrap came to that is spread over several hosts, written in the transaction of the page: a host that dies
-- after COMMIT can no longer report it. Deleted when the rewrap ends.
CREATE TABLE sluice.rewrap_rows (
    run uuid NOT NULL,
    rows bigint NOT NULL CHECK (rows > 0),
    at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX rewrap_rows_run ON sluice.rewrap_rows (run);

COMMENT ON TABLE sluice.rewrap_rows IS 'Rows that each page of a running rewrap on several hosts has rewritten';

REVOKE ALL ON TABLE sluice.rewrap_rows FROM PUBLIC;
