-- Which records were stored or quarantined. Written in the transaction of the rows, so that a redelivery finds its key.
-- Time first in the key: new keys go to the right edge of the index, which stays as fast as it grows.
CREATE TABLE sluice.ledger (
    sent_at timestamptz NOT NULL,
    message_id uuid NOT NULL,
    record_index integer NOT NULL,
    PRIMARY KEY (sent_at, message_id, record_index)
) PARTITION BY RANGE (sent_at);

COMMENT ON TABLE sluice.ledger IS 'Records stored or quarantined, by the SQS SentTimestamp, message id and place in the message';

-- Takes what no day's partition takes: a message older or newer than all of them must still be stored.
CREATE TABLE sluice.ledger_default PARTITION OF sluice.ledger DEFAULT;

-- Makes the partitions of the days (UTC) that have none, and says how many it made. Runs as the owner, so that the
-- worker's role needs no right to create tables. The advisory lock lets two workers call at once. A day of which the
-- DEFAULT partition already holds rows stays there: attaching would fail, and the rows are as safe where they are.
-- Built first and attached then: ATTACH lets others go on inserting, CREATE .. PARTITION OF does not.
CREATE FUNCTION sluice.ledger_ensure(first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    day date;
    name text;
    made integer := 0;
BEGIN
    IF last_day - first_day > 400 THEN
        RAISE EXCEPTION 'more than 400 days of ledger partitions asked for' USING ERRCODE = '22023';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('sluice.ledger', 0));
    FOR day IN SELECT first_day + i FROM generate_series(0, last_day - first_day) AS i LOOP
        name := 'ledger_' || to_char(day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass('sluice.' || name) IS NOT NULL;
        BEGIN
            EXECUTE format('CREATE TABLE sluice.%I (LIKE sluice.ledger INCLUDING ALL)', name);
            EXECUTE format('ALTER TABLE sluice.ledger ATTACH PARTITION sluice.%I FOR VALUES FROM (%L) TO (%L)',
                name, day || ' 00:00:00+00', (day + 1) || ' 00:00:00+00');
            made := made + 1;
        EXCEPTION WHEN check_violation THEN
            NULL; -- DEFAULT holds rows of that day
        END;
    END LOOP;
    RETURN made;
END
$body$;

REVOKE ALL ON FUNCTION sluice.ledger_ensure(date, date) FROM PUBLIC;

-- Records that became no row, with the reason and the sealed original. No clear value but ids, times and names.
CREATE TABLE sluice.quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pipeline text NOT NULL,
    pipeline_version text NOT NULL,
    reason text NOT NULL,
    column_name text,
    sent_at timestamptz NOT NULL,
    message_id text NOT NULL,
    record_index integer NOT NULL,
    receive_count integer NOT NULL,
    quarantined_at timestamptz NOT NULL DEFAULT now(),
    original bytea NOT NULL,
    original_form text NOT NULL CHECK (original_form IN ('body', 'record'))
);

COMMENT ON COLUMN sluice.quarantine.original IS 'Sealed under the keyset quarantine, bound to pipeline and message id';
