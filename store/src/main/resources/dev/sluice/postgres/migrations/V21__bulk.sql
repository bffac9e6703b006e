-- Archives that `sluice backfill` loads. A unit is a part of a file, and one transaction; the list is kept, so that a unit
-- is the same lines whenever and wherever it is loaded.
CREATE TABLE sluice.bulk_dataset (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pipeline text NOT NULL,
    name text NOT NULL,
    split_bytes bigint NOT NULL CHECK (split_bytes > 0),
    sent_at timestamptz,
    planned_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (pipeline, name)
);

COMMENT ON TABLE sluice.bulk_dataset IS 'Archives that sluice backfill loads';
COMMENT ON COLUMN sluice.bulk_dataset.sent_at IS 'Stands for the time at which each message was sent; NULL: when its file was modified';

CREATE TABLE sluice.bulk_unit (
    dataset bigint NOT NULL REFERENCES sluice.bulk_dataset,
    unit integer NOT NULL,
    path text NOT NULL,
    bytes bigint NOT NULL,
    version text NOT NULL,
    modified timestamptz NOT NULL,
    start bigint NOT NULL CHECK (start >= 0),
    length bigint NOT NULL CHECK (length > 0),
    PRIMARY KEY (dataset, unit)
);

CREATE INDEX bulk_unit_path ON sluice.bulk_unit (dataset, path, start);

COMMENT ON TABLE sluice.bulk_unit IS 'Parts of files: the lines that begin in one are loaded in one transaction';

-- Written last in a unit's transaction. The key decides between two that load the same unit at once.
CREATE TABLE sluice.bulk_ledger (
    dataset bigint NOT NULL,
    unit integer NOT NULL,
    lines bigint NOT NULL,
    records bigint NOT NULL,
    stored bigint NOT NULL,
    quarantined bigint NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (dataset, unit),
    CHECK (records = stored + quarantined)
);

COMMENT ON TABLE sluice.bulk_ledger IS 'Units that are loaded, and what they came to';

ALTER TABLE sluice.quarantine
    ADD COLUMN bulk_dataset bigint,
    ADD COLUMN bulk_unit integer,
    ADD COLUMN unit_line bigint;

COMMENT ON COLUMN sluice.quarantine.unit_line IS 'Of a line of a file: its number in its unit, from 1';

-- Finds or makes a dataset, and locks it until the transaction ends: one plans at a time. Runs as the owner, so that the
-- worker's role needs no UPDATE.
CREATE FUNCTION sluice.bulk_dataset_take(pipeline text, name text, split_bytes bigint, sent_at timestamptz)
RETURNS TABLE (id bigint, planned_split_bytes bigint, planned_sent_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
BEGIN
    INSERT INTO sluice.bulk_dataset (pipeline, name, split_bytes, sent_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT known.id, known.split_bytes, known.sent_at FROM sluice.bulk_dataset AS known
    WHERE known.pipeline = $1 AND known.name = $2 FOR UPDATE;
END
$body$;

-- The number of a line in its file, from 1: known once all units before it are loaded, else NULL.
CREATE FUNCTION sluice.bulk_line(dataset bigint, unit integer, unit_line bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    SELECT CASE WHEN count(*) = count(done.unit) THEN coalesce(sum(done.lines), 0)::bigint + bulk_line.unit_line END
    FROM sluice.bulk_unit AS this
        JOIN sluice.bulk_unit AS before
            ON before.dataset = this.dataset AND before.path = this.path AND before.start < this.start
        LEFT JOIN sluice.bulk_ledger AS done ON done.dataset = before.dataset AND done.unit = before.unit
    WHERE this.dataset = bulk_line.dataset AND this.unit = bulk_line.unit
$body$;

REVOKE ALL ON TABLE sluice.bulk_dataset, sluice.bulk_unit, sluice.bulk_ledger FROM PUBLIC;
REVOKE ALL ON FUNCTION sluice.bulk_dataset_take(text, text, bigint, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION sluice.bulk_line(bigint, integer, bigint) FROM PUBLIC;
