-- What the worker had to read tables for, as functions that run as their owner: its role needs SELECT nowhere.

-- The newest migration that was applied; 0 for none.
CREATE FUNCTION sluice.schema_version() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    SELECT coalesce(max(version::integer), 0) FROM sluice.schema_history WHERE success AND version ~ '^[0-9]+$'
$body$;

REVOKE ALL ON FUNCTION sluice.schema_version() FROM PUBLIC;

-- Claims the keys that are free, and says by their places in the arrays, from 1, which those are. Should a key come twice,
-- only its first place is told. The order of the arrays is the order of the locks: callers sort them all alike.
CREATE FUNCTION sluice.ledger_claim(sent_ats timestamptz[], message_ids uuid[], record_indexes integer[])
RETURNS SETOF bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    WITH incoming AS (
        SELECT * FROM unnest(sent_ats, message_ids, record_indexes)
            WITH ORDINALITY AS key (sent_at, message_id, record_index, place)
    ), claimed AS (
        INSERT INTO sluice.ledger (sent_at, message_id, record_index)
        SELECT sent_at, message_id, record_index FROM incoming ORDER BY place
        ON CONFLICT DO NOTHING
        RETURNING sent_at, message_id, record_index
    )
    SELECT min(place) FROM incoming JOIN claimed USING (sent_at, message_id, record_index)
    GROUP BY sent_at, message_id, record_index
$body$;

REVOKE ALL ON FUNCTION sluice.ledger_claim(timestamptz[], uuid[], integer[]) FROM PUBLIC;

-- The same for the ledger by key.
CREATE FUNCTION sluice.ledger_claim_keys(keys bytea[]) RETURNS SETOF bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    WITH incoming AS (
        SELECT * FROM unnest(keys) WITH ORDINALITY AS given (key, place)
    ), claimed AS (
        INSERT INTO sluice.ledger_by_key (key) SELECT key FROM incoming ORDER BY place
        ON CONFLICT DO NOTHING
        RETURNING key
    )
    SELECT min(place) FROM incoming JOIN claimed USING (key) GROUP BY key
$body$;

REVOKE ALL ON FUNCTION sluice.ledger_claim_keys(bytea[]) FROM PUBLIC;

-- Target tables that `sluice migrate --partition-by` made. The functions below touch no other table, whatever they are
-- given: they run as the owner, and their callers must not make or drop tables of his.
CREATE TABLE sluice.partitioned (
    target regclass PRIMARY KEY
);

COMMENT ON TABLE sluice.partitioned IS 'Target tables whose monthly partitions Sluice makes and drops';

-- Makes the months (UTC) that have no partition: those of the last 14 days, the longest that SQS keeps a message, and of
-- the next three months. Says how many it made; 0 too for a table that is not registered. A month of which the DEFAULT
-- partition holds rows stays there, as in ledger_ensure; so does a name that something else bears. A lock that is not
-- to be had is left for the next day.
CREATE FUNCTION sluice.partitions_ensure(target regclass) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s'
SET timezone = 'UTC' SET datestyle = 'ISO' AS $body$
DECLARE
    home text;
    parent text;
    today date := now()::date;
    month date;
    name text;
    made integer := 0;
BEGIN
    SELECT nspname, relname INTO home, parent
    FROM sluice.partitioned AS known
        JOIN pg_class ON pg_class.oid = known.target
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE known.target = partitions_ensure.target AND relkind = 'p' AND pg_get_userbyid(relowner) = current_user;
    IF NOT FOUND THEN
        RETURN 0;
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
                name, month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
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
                RETURN made;
        END;
    END LOOP;
    RETURN made;
END
$body$;

REVOKE ALL ON FUNCTION sluice.partitions_ensure(regclass) FROM PUBLIC;

-- Drops the oldest partition of a registered table of which every row is of a day before a day (UTC), and says which and
-- how many rows it held; no row when there is none. Nobody may write to the partition while it is counted; the lock on
-- the table, which keeps everybody out, is taken for the drop only, and given up (55P03) when it is not to be had at
-- once: sooner than a deadlock is looked for (deadlock_timeout, 1 s), so that no writer is its victim.
CREATE FUNCTION sluice.partition_drop(target regclass, before date) RETURNS TABLE (partition text, row_count bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms'
SET timezone = 'UTC' SET datestyle = 'ISO' AS $body$
DECLARE
    oldest regclass;
BEGIN
    IF before > now()::date - 1 THEN
        RAISE EXCEPTION 'rows of today and yesterday are never dropped' USING ERRCODE = '22023';
    END IF;
    WITH children AS MATERIALIZED (
        SELECT child.oid::regclass AS child,
            substring(pg_get_expr(child.relpartbound, child.oid) FROM $re$ TO \('([^']+)'\)$re$) AS bound
        FROM sluice.partitioned AS known
            JOIN pg_class AS parent ON parent.oid = known.target
            JOIN pg_inherits ON inhparent = parent.oid
            JOIN pg_class AS child ON child.oid = inhrelid
        WHERE known.target = partition_drop.target AND pg_get_userbyid(parent.relowner) = current_user
    )
    SELECT child INTO oldest FROM children
    WHERE bound::timestamptz <= before ORDER BY bound::timestamptz LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', oldest);
    EXECUTE format('SELECT %L, count(*) FROM %s', oldest, oldest) INTO partition, row_count;
    EXECUTE format('DROP TABLE %s', oldest);
    RETURN NEXT;
END
$body$;

REVOKE ALL ON FUNCTION sluice.partition_drop(regclass, date) FROM PUBLIC;
