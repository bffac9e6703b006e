-- Advisory locks go: anyone who may log in could hold them, and stop every worker. What they were for is done under rows of
-- sluice.mutex (V12). And what the writer's login can ask for is bounded: an absurd argument is an error, not a thousand
-- tables, nor keys that are kept for ever. Whoever has taken over that login still may insert into the ledgers what he
-- likes; that is what the login is for.

INSERT INTO sluice.mutex VALUES ('target');

-- As in V12, and for a mutex that was taken in a subtransaction (SAVEPOINT, EXCEPTION) which has ended: the row bears the
-- number of that, on which nobody has a lock any more. Who took it still has his lock on the table, waits for nothing, and
-- holds none of the other mutexes under his own number.
CREATE OR REPLACE FUNCTION sluice.mutex_holder(mutex text) RETURNS TABLE (pid integer, login text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    WITH own_number AS (
        SELECT known.name, held.pid FROM sluice.mutex AS known
            JOIN pg_locks AS held ON held.locktype = 'transactionid' AND held.transactionid = known.xmax AND held.granted
    ), holder AS (
        SELECT 1 AS choice, own_number.pid FROM own_number WHERE own_number.name = mutex_holder.mutex
        UNION ALL
        SELECT 2, held.pid FROM pg_locks AS held
        WHERE held.relation = 'sluice.mutex'::regclass AND held.mode = 'RowShareLock' AND held.granted
            AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND held.pid <> pg_backend_pid()
            AND NOT EXISTS (SELECT FROM pg_locks AS waiting WHERE waiting.pid = held.pid AND NOT waiting.granted)
            AND held.pid NOT IN (SELECT own_number.pid FROM own_number)
    )
    SELECT holder.pid, activity.usename::text
    FROM holder LEFT JOIN pg_stat_activity AS activity ON activity.pid = holder.pid
    ORDER BY choice, holder.pid LIMIT 1
$body$;

-- As in V10. A worker asks for the days that its queue keeps messages for, 14 at the most, and two more; and for a week ahead.
CREATE OR REPLACE FUNCTION sluice.ledger_ensure(days_back integer, days_ahead integer)
RETURNS TABLE (made integer, complete boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s'
SET timezone = 'UTC' SET datestyle = 'ISO' AS $body$
DECLARE
    today date := now()::date;
    day date;
    name text;
BEGIN
    IF (days_back BETWEEN 0 AND 30 AND days_ahead BETWEEN 0 AND 14) IS NOT TRUE THEN
        RAISE EXCEPTION 'ledger partitions are made for 0 to 30 days back and 0 to 14 ahead' USING ERRCODE = '22023';
    END IF;
    made := 0;
    complete := true;
    PERFORM sluice.mutex_take('ledger');
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

-- As in V10. A pipeline remembers its producers' keys for 999 days at the most (source.idempotency-window).
CREATE OR REPLACE FUNCTION sluice.ledger_prune(days integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' SET timezone = 'UTC'
AS $body$
DECLARE
    before date;
    name text;
BEGIN
    IF (days BETWEEN 3 AND 1000) IS NOT TRUE THEN
        RAISE EXCEPTION 'keys are kept for 3 days at least and 1000 at most' USING ERRCODE = '22023';
    END IF;
    before := now()::date - greatest(days, (SELECT max(noted.days) FROM sluice.ledger_horizon AS noted
        WHERE ledger = 'message' AND told_at > now() - noted.days * interval '1 day'));
    PERFORM sluice.mutex_take('ledger');
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

-- As in V10. A block number has 32 bits.
CREATE OR REPLACE FUNCTION sluice.ledger_by_key_prune(days integer, first_block bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' SET timezone = 'UTC'
AS $body$
DECLARE
    before date;
    blocks bigint := pg_relation_size('sluice.ledger_by_key') / current_setting('block_size')::bigint;
    start bigint;
    next_block bigint;
BEGIN
    IF (days BETWEEN 3 AND 1000 AND first_block BETWEEN 0 AND 4294966000) IS NOT TRUE THEN
        RAISE EXCEPTION 'keys are kept for 3 days at least and 1000 at most' USING ERRCODE = '22023';
    END IF;
    PERFORM FROM sluice.mutex AS known WHERE known.name = 'ledger-by-key' FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    next_block := first_block + 512;
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

-- As in V6. Messages live for 14 days at the most, keys of producers for 999; a word that exceeds that keeps everybody's keys.
CREATE OR REPLACE FUNCTION sluice.ledger_horizon(of_ledger text, wanted integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF (of_ledger = 'message' AND wanted BETWEEN 3 AND 30 OR of_ledger = 'key' AND wanted BETWEEN 3 AND 1000)
        IS NOT TRUE THEN
        RAISE EXCEPTION 'keys of messages are needed for 3 to 30 days, of producers for 3 to 1000'
            USING ERRCODE = '22023';
    END IF;
    INSERT INTO sluice.ledger_horizon VALUES (of_ledger, wanted, now())
    ON CONFLICT ON CONSTRAINT ledger_horizon_pkey DO UPDATE SET told_at = excluded.told_at;
    RETURN (SELECT max(days) FROM sluice.ledger_horizon
        WHERE ledger = of_ledger AND told_at > now() - days * interval '1 day');
END
$body$;

-- What was noted beyond those bounds came from no worker.
DELETE FROM sluice.ledger_horizon WHERE days > CASE ledger WHEN 'message' THEN 30 ELSE 1000 END;

-- As in V8; a batch has fewer records by far.
CREATE OR REPLACE FUNCTION sluice.ledger_claim(
    sent_ats timestamptz[], message_ids uuid[], record_indexes integer[])
RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
BEGIN
    IF (cardinality(sent_ats) <= 1000000 AND cardinality(message_ids) = cardinality(sent_ats)
        AND cardinality(record_indexes) = cardinality(sent_ats)) IS NOT TRUE THEN
        RAISE EXCEPTION 'up to 1,000,000 keys are claimed at once, each of three parts' USING ERRCODE = '22023';
    END IF;
    RETURN QUERY WITH incoming AS (
        SELECT * FROM unnest(sent_ats, message_ids, record_indexes)
            WITH ORDINALITY AS key (sent_at, message_id, record_index, place)
    ), claimed AS (
        INSERT INTO sluice.ledger (sent_at, message_id, record_index)
        SELECT sent_at, message_id, record_index FROM incoming ORDER BY place
        ON CONFLICT DO NOTHING
        RETURNING sent_at, message_id, record_index
    )
    SELECT min(place) FROM incoming JOIN claimed USING (sent_at, message_id, record_index)
    GROUP BY sent_at, message_id, record_index;
END
$body$;

-- As in V8; a key is 16 bytes of a hash.
CREATE OR REPLACE FUNCTION sluice.ledger_claim_keys(keys bytea[]) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
BEGIN
    IF (cardinality(keys) <= 1000000) IS NOT TRUE
        OR EXISTS (SELECT FROM unnest(keys) AS given WHERE (octet_length(given) <= 64) IS NOT TRUE) THEN
        RAISE EXCEPTION 'up to 1,000,000 keys of 64 bytes are claimed at once' USING ERRCODE = '22023';
    END IF;
    RETURN QUERY WITH incoming AS (
        SELECT * FROM unnest(keys) WITH ORDINALITY AS given (key, place)
    ), claimed AS (
        INSERT INTO sluice.ledger_by_key (key) SELECT key FROM incoming ORDER BY place
        ON CONFLICT DO NOTHING
        RETURNING key
    )
    SELECT min(place) FROM incoming JOIN claimed USING (key) GROUP BY key;
END
$body$;

-- As in V10.
CREATE OR REPLACE FUNCTION sluice.partitions_ensure(target regclass) RETURNS TABLE (made integer, complete boolean)
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
    PERFORM sluice.mutex_take('partitions');
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

-- Whether these are the ids of a call's messages: no worker has more in flight. For the three functions of V11.
CREATE FUNCTION sluice.demand_attempts(ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF (cardinality(ids) <= 100000 AND array_position(ids, NULL) IS NULL) IS NOT TRUE THEN
        RAISE EXCEPTION 'no ids, or more than 100,000 messages' USING ERRCODE = '22023';
    END IF;
END
$body$;

REVOKE ALL ON FUNCTION sluice.demand_attempts(uuid[]) FROM PUBLIC;

CREATE OR REPLACE FUNCTION sluice.attempts_begin(ids uuid[]) RETURNS TABLE (message_id uuid, alone boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
BEGIN
    PERFORM sluice.demand_attempts(ids);
    PERFORM set_config('synchronous_commit', 'off', true);
    RETURN QUERY SELECT known.message_id, known.alone FROM sluice.attempt AS known WHERE known.message_id = ANY (ids);
    INSERT INTO sluice.attempt (message_id)
    SELECT DISTINCT id FROM unnest(ids) AS id ORDER BY id
    ON CONFLICT DO NOTHING;
END
$body$;

CREATE OR REPLACE FUNCTION sluice.attempts_begin_alone(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM sluice.demand_attempts(ids);
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO sluice.attempt (message_id, alone)
    SELECT DISTINCT id, true FROM unnest(ids) AS id ORDER BY id
    ON CONFLICT ON CONSTRAINT attempt_pkey DO UPDATE SET alone = true, began_at = now();
END
$body$;

CREATE OR REPLACE FUNCTION sluice.attempts_end(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM sluice.demand_attempts(ids);
    PERFORM set_config('synchronous_commit', 'off', true);
    DELETE FROM sluice.attempt WHERE message_id = ANY (ids) OR began_at < now() - interval '15 days';
END
$body$;

-- An id of the quarantine that somebody inserted before its turn refused the record whose turn it was, and the worker held
-- its batch until it was past. Roles insert every column but the id from now on (Roles, `sluice migrate --roles`); past the
-- ids that stand there now goes the sequence, but for those that it will not reach in years.
SELECT setval('sluice.quarantine_id_seq', newest)
FROM sluice.quarantine_id_seq, (SELECT max(id) FROM sluice.quarantine WHERE id < 1000000000000) AS known (newest)
WHERE newest > last_value;
