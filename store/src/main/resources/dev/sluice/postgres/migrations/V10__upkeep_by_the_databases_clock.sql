-- Upkeep goes by the database's clock: callers pass a number of days, never a date. A worker whose clock was days ahead
-- dropped keys that were still needed. No statement waits longer than a second for a lock: a reader such as pg_dump holds
-- ACCESS SHARE on the ledger and its DEFAULT partition for hours, and attaching a partition needs ACCESS EXCLUSIVE on the
-- latter. What cannot be had is left, and the caller is told.

DROP FUNCTION sluice.ledger_ensure(date, date);

-- Makes the partitions of the days (UTC) around today that have none, today's first. Keeps what it made when a lock is
-- missing, and says that it is not complete; the days that are left go to DEFAULT. A day of which DEFAULT already holds rows
-- stays there: attaching would fail, and the rows are as safe where they are. The literals are written in ISO form
-- whatever DateStyle says. Everything else is as in V1.
CREATE FUNCTION sluice.ledger_ensure(days_back integer, days_ahead integer)
RETURNS TABLE (made integer, complete boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s'
SET timezone = 'UTC' SET datestyle = 'ISO' AS $body$
DECLARE
    today date := now()::date;
    day date;
    name text;
BEGIN
    IF (days_back BETWEEN 0 AND 400 AND days_ahead BETWEEN 0 AND 400) IS NOT TRUE THEN
        RAISE EXCEPTION 'ledger partitions are made for 0 to 400 days back and ahead' USING ERRCODE = '22023';
    END IF;
    made := 0;
    complete := true;
    PERFORM pg_advisory_xact_lock(hashtextextended('sluice.ledger', 0));
    FOR day IN
        SELECT today + i FROM generate_series(0, days_ahead) AS i
        UNION ALL
        SELECT today - i FROM generate_series(1, days_back) AS i
    LOOP
        name := 'ledger_' || to_char(day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass('sluice.' || name) IS NOT NULL;
        CONTINUE WHEN EXISTS (
            SELECT FROM sluice.ledger_default WHERE sent_at >= day::timestamptz AND sent_at < (day + 1)::timestamptz);
        BEGIN
            EXECUTE format('CREATE TABLE sluice.%I (LIKE sluice.ledger INCLUDING ALL)', name);
            EXECUTE format('ALTER TABLE sluice.ledger ATTACH PARTITION sluice.%I FOR VALUES FROM (%L) TO (%L)', name,
                to_char(day, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(day + 1, 'YYYY-MM-DD') || ' 00:00:00+00');
            made := made + 1;
        EXCEPTION
            WHEN check_violation THEN
                NULL; -- a row of that day has just come to DEFAULT
            WHEN lock_not_available THEN
                complete := false;
                EXIT; -- the next day needs the same lock, and writers to DEFAULT wait behind us
        END;
    END LOOP;
    RETURN NEXT;
END
$body$;

REVOKE ALL ON FUNCTION sluice.ledger_ensure(integer, integer) FROM PUBLIC;

DROP FUNCTION sluice.ledger_prune(date);

-- Forgets keys that are older than so many days (UTC), or than the longest that any worker has asked for: see
-- ledger_horizon. The guard keeps a caller from forgetting keys whose messages SQS may still deliver: no queue keeps them
-- for less than a minute, which counts as a day, and two days are the margin. Answers 'more' when rows of DEFAULT were
-- deleted, 50,000 at the most, and there may be others: these are transactions of their own, so that none runs into the
-- statement timeout, and none that holds deleted keys waits for the locks of a DROP. Then it drops partitions, and answers
-- 'done', or 'in use' when one could not be locked.
CREATE FUNCTION sluice.ledger_prune(days integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' SET timezone = 'UTC'
AS $body$
DECLARE
    before date;
    name text;
BEGIN
    IF (days >= 3) IS NOT TRUE THEN
        RAISE EXCEPTION 'keys are kept for 3 days at least' USING ERRCODE = '22023';
    END IF;
    before := now()::date - greatest(days, (SELECT max(noted.days) FROM sluice.ledger_horizon AS noted
        WHERE ledger = 'message' AND told_at > now() - noted.days * interval '1 day'));
    PERFORM pg_advisory_xact_lock(hashtextextended('sluice.ledger', 0));
    DELETE FROM sluice.ledger_default WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM sluice.ledger_default WHERE sent_at < before::timestamptz LIMIT 50000));
    IF FOUND THEN
        RETURN 'more';
    END IF;
    FOR name IN
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'sluice.ledger'::regclass AND relname ~ '^ledger_[0-9]{8}$'
            AND relname < 'ledger_' || to_char(before, 'YYYYMMDD')
        ORDER BY relname
    LOOP
        BEGIN
            EXECUTE format('DROP TABLE sluice.%I', name);
        EXCEPTION WHEN lock_not_available THEN
            RETURN 'in use';
        END;
    END LOOP;
    RETURN 'done';
END
$body$;

REVOKE ALL ON FUNCTION sluice.ledger_prune(integer) FROM PUBLIC;

DROP FUNCTION sluice.ledger_by_key_prune(timestamptz, bigint);

-- The same for the ledger by key, a stretch of the table at a time as in V6. With the first stretch goes one drawn at random:
-- workers that end within seconds never get further, and their runs together reach all of the table.
CREATE FUNCTION sluice.ledger_by_key_prune(days integer, first_block bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' SET timezone = 'UTC'
AS $body$
DECLARE
    before date;
    blocks bigint := pg_relation_size('sluice.ledger_by_key') / current_setting('block_size')::bigint;
    start bigint;
    next_block bigint := first_block + 512;
BEGIN
    IF (days >= 3 AND first_block >= 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'keys are kept for 3 days at least' USING ERRCODE = '22023';
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtextextended('sluice.ledger_by_key', 0)) THEN
        RETURN NULL;
    END IF;
    before := now()::date - greatest(days, (SELECT max(noted.days) FROM sluice.ledger_horizon AS noted
        WHERE ledger = 'key' AND told_at > now() - noted.days * interval '1 day'));
    FOREACH start IN ARRAY ARRAY[first_block,
        CASE WHEN first_block = 0 THEN 512 * (floor(random() * blocks)::bigint / 512) END]
    LOOP
        CONTINUE WHEN start IS NULL;
        DELETE FROM sluice.ledger_by_key
        WHERE ctid >= format('(%s,0)', start)::tid AND ctid < format('(%s,0)', start + 512)::tid
            AND seen_at < before::timestamptz;
    END LOOP;
    RETURN CASE WHEN next_block < blocks THEN next_block END;
END
$body$;

REVOKE ALL ON FUNCTION sluice.ledger_by_key_prune(integer, bigint) FROM PUBLIC;

DROP FUNCTION sluice.partitions_ensure(regclass);

-- As in V8, and says whether a lock was missing.
CREATE FUNCTION sluice.partitions_ensure(target regclass) RETURNS TABLE (made integer, complete boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s'
SET timezone = 'UTC' SET datestyle = 'ISO' AS $body$
DECLARE
    home text;
    parent text;
    today date := now()::date;
    month date;
    name text;
BEGIN
    made := 0;
    complete := true;
    SELECT nspname, relname INTO home, parent
    FROM sluice.partitioned AS known
        JOIN pg_class ON pg_class.oid = known.target
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE known.target = partitions_ensure.target AND relkind = 'p' AND pg_get_userbyid(relowner) = current_user;
    IF NOT FOUND THEN
        RETURN NEXT;
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('sluice.partitioned', 0));
    FOR month IN
        SELECT * FROM generate_series(
            date_trunc('month', today - 14), date_trunc('month', today) + interval '3 months', interval '1 month')
    LOOP
        name := parent || '_' || to_char(month, 'YYYYMM');
        CONTINUE WHEN to_regclass(format('%I.%I', home, name)) IS NOT NULL;
        BEGIN
            EXECUTE format('CREATE TABLE %I.%I (LIKE %I.%I INCLUDING ALL EXCLUDING IDENTITY)', home, name, home,
                parent); -- an identity comes with ATTACH
            EXECUTE format('ALTER TABLE %I.%I ATTACH PARTITION %I.%I FOR VALUES FROM (%L) TO (%L)', home, parent, home,
                name, to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
                to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
            -- What rewraps goes over partitions one by one.
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'sluice_operator')
                AND has_table_privilege('sluice_operator', target, 'UPDATE') THEN
                EXECUTE format('GRANT SELECT, UPDATE ON TABLE %I.%I TO sluice_operator', home, name);
            END IF;
            made := made + 1;
        EXCEPTION
            WHEN check_violation THEN
                NULL; -- DEFAULT holds rows of that month
            WHEN lock_not_available THEN
                complete := false;
                EXIT;
        END;
    END LOOP;
    RETURN NEXT;
END
$body$;

REVOKE ALL ON FUNCTION sluice.partitions_ensure(regclass) FROM PUBLIC;
