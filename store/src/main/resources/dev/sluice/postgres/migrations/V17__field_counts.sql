-- Per pipeline and day (UTC): how many records workers read, in how many a column's field was absent, and how often fields
-- appeared that no column reads. Shows that a producer has renamed a field. Names and counts, no value.
CREATE TABLE sluice.field_count (
    pipeline text NOT NULL,
    day date NOT NULL,
    kind text NOT NULL CHECK (kind IN ('records', 'absent', 'unread')),
    name text NOT NULL,
    count bigint NOT NULL CHECK (count >= 0),
    PRIMARY KEY (pipeline, day, kind, name)
);

COMMENT ON TABLE sluice.field_count IS 'Absent and unread fields per pipeline and day; kept for 35 days';
COMMENT ON COLUMN sluice.field_count.name IS 'A column, or a field that no column reads; empty for the records';

-- Adds to the counts of today. At most 2,000 rows per pipeline and day (PostgreSQL has at most 1,600 columns per table) and
-- 100,000 in all: what is new beyond that is left out, and rows of earlier days are deleted after 35 days.
CREATE FUNCTION sluice.fields_record(pipeline text, kinds text[], names text[], counts bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
    room bigint;
BEGIN
    IF pipeline IS NULL OR pipeline !~ '^[a-z][a-z0-9-]{0,62}$' THEN
        RAISE EXCEPTION 'the name of a pipeline was expected' USING ERRCODE = '22023';
    END IF;
    IF kinds IS NULL OR cardinality(kinds) > 2000 OR cardinality(kinds) IS DISTINCT FROM cardinality(names)
        OR cardinality(kinds) IS DISTINCT FROM cardinality(counts)
        OR EXISTS (
            SELECT FROM unnest(kinds, names, counts) AS given (kind, name, count)
            WHERE given.kind IS NULL OR given.kind NOT IN ('records', 'absent', 'unread')
                OR given.name IS NULL OR length(given.name) > 1000 OR given.name ~ '[[:cntrl:]]'
                OR given.count IS NULL OR given.count NOT BETWEEN 0 AND 1000000000000)
    THEN
        RAISE EXCEPTION 'at most 2,000 counts of fields were expected' USING ERRCODE = '22023';
    END IF;
    PERFORM set_config('synchronous_commit', 'off', true);
    DELETE FROM sluice.field_count AS known WHERE known.day < today - 35;
    SELECT least(100000 - count(*), 2000 - count(*) FILTER (
            WHERE known.pipeline = fields_record.pipeline AND known.day = today)) INTO room
    FROM sluice.field_count AS known;
    INSERT INTO sluice.field_count AS known (pipeline, day, kind, name, count)
    SELECT fields_record.pipeline, today, summed.kind, summed.name, summed.count FROM (
        SELECT given.kind, given.name, sum(given.count)::bigint AS count,
            row_number() OVER (ORDER BY given.kind, given.name) AS place
        FROM unnest(kinds, names, counts) AS given (kind, name, count) GROUP BY given.kind, given.name
    ) AS summed
    WHERE summed.place <= room OR EXISTS (
        SELECT FROM sluice.field_count AS there WHERE there.pipeline = fields_record.pipeline AND there.day = today
            AND there.kind = summed.kind AND there.name = summed.name)
    ORDER BY summed.kind, summed.name
    ON CONFLICT ON CONSTRAINT field_count_pkey DO UPDATE
    SET count = least(known.count::numeric + excluded.count, 9000000000000000000)::bigint;
END
$body$;

-- The counts of today and the seven days before.
CREATE FUNCTION sluice.fields_recent(pipeline text) RETURNS TABLE (day date, kind text, name text, count bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    SELECT known.day, known.kind, known.name, known.count FROM sluice.field_count AS known
    WHERE known.pipeline = fields_recent.pipeline AND known.day >= (now() AT TIME ZONE 'UTC')::date - 7
    ORDER BY known.day, known.kind, known.name
$body$;

REVOKE ALL ON TABLE sluice.field_count FROM PUBLIC;
REVOKE ALL ON FUNCTION sluice.fields_record(text, text[], text[], bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION sluice.fields_recent(text) FROM PUBLIC;
