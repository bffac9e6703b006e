-- Forgets keys of days before a day: whole partitions are dropped, of the DEFAULT partition rows are deleted. Says how
-- many partitions and rows went. Runs as the owner, like ledger_ensure, so that the worker's role may neither delete
-- keys nor drop tables; the guard keeps it from forgetting keys whose messages SQS may still deliver (14 days at most).
-- A partition that is in use is left for the next time: waiting for its lock would hold up every batch behind us.
CREATE FUNCTION sluice.ledger_prune(before date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $body$
DECLARE
    name text;
    pruned bigint := 0;
    deleted bigint;
BEGIN
    IF before > (now() AT TIME ZONE 'UTC')::date - 1 THEN
        RAISE EXCEPTION 'keys of today and yesterday are never pruned' USING ERRCODE = '22023';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('sluice.ledger', 0));
    FOR name IN
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'sluice.ledger'::regclass AND relname ~ '^ledger_[0-9]{8}$'
            AND relname < 'ledger_' || to_char(before, 'YYYYMMDD')
        ORDER BY relname
    LOOP
        BEGIN
            EXECUTE format('DROP TABLE sluice.%I', name);
            pruned := pruned + 1;
        EXCEPTION WHEN lock_not_available THEN
            RETURN pruned;
        END;
    END LOOP;
    DELETE FROM sluice.ledger_default WHERE sent_at < before::timestamp AT TIME ZONE 'UTC';
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN pruned + deleted;
END
$body$;

REVOKE ALL ON FUNCTION sluice.ledger_prune(date) FROM PUBLIC;
