-- The ledger of pipelines whose records have an id of their producer's (source.idempotency-key: field or content). An event
-- that is sent again bears another time, so the key comes alone. It is a keyed hash: ids and bodies are personal data.
CREATE TABLE sluice.ledger_by_key (
    key bytea PRIMARY KEY,
    seen_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE sluice.ledger_by_key IS 'Records stored or quarantined, by a keyed hash of the producer''s id or of the record';

-- Forgets keys seen before that time, and says how many. Runs as the owner, as ledger_prune does. Reads the whole table,
-- once a day: an index on the time would cost every insert.
CREATE FUNCTION sluice.ledger_by_key_prune(before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    deleted bigint;
BEGIN
    IF before > now() - interval '1 day' THEN
        RAISE EXCEPTION 'keys of the last day are never pruned' USING ERRCODE = '22023';
    END IF;
    DELETE FROM sluice.ledger_by_key WHERE seen_at < before;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$body$;

REVOKE ALL ON FUNCTION sluice.ledger_by_key_prune(timestamptz) FROM PUBLIC;

-- Which key a quarantined record claimed, so that its replay knows it for its own.
ALTER TABLE sluice.quarantine ADD COLUMN idempotency_key bytea;
