-- The audit takes nothing from outside that is not of a known form and length, and from nobody more than so many entries a
-- day: what is in it stays for ever, so a login that may write to it must not be able to fill or foul it. Each action has a
-- function of its own; the one that takes any action is granted to nobody.

ALTER TABLE sluice.recovery_policy ADD COLUMN daily_calls integer NOT NULL DEFAULT 500 CHECK (daily_calls >= 0);

COMMENT ON COLUMN sluice.recovery_policy.daily_calls IS 'Calls that one login may make in a UTC day, denied ones too';

-- To the end of the transaction. The row cannot be held by anybody who has no function of ours, and a caller waits for five
-- seconds at most (55P03). Who holds it and does nothing is disconnected; that, and a COMMIT that waits for the disk, are
-- settings of the caller's session, so they protect the honest only.
CREATE FUNCTION sluice.audit_lock() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $body$
BEGIN
    PERFORM sluice.mutex_take('audit');
    IF current_setting('synchronous_commit') = 'off' THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    IF current_setting('idle_in_transaction_session_timeout') = '0' THEN
        PERFORM set_config('idle_in_transaction_session_timeout', '10s', true);
    END IF;
END
$body$;

-- Names as pipeline files have them. Columns: of the table, without its name.
CREATE FUNCTION sluice.audit_demand_names(pipeline text, columns text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF pipeline IS NULL OR pipeline !~ '^[a-z][a-z0-9-]{0,62}$' THEN
        RAISE EXCEPTION 'the pipeline is not of its form' USING ERRCODE = '22023';
    END IF;
    IF columns IS NULL OR cardinality(columns) > 100 OR EXISTS (
        SELECT FROM unnest(columns) AS given (name)
        WHERE given.name IS NULL OR given.name !~ '^[a-z_][a-z0-9_]{0,62}$'
    ) THEN
        RAISE EXCEPTION 'the columns are not of their form' USING ERRCODE = '22023';
    END IF;
END
$body$;

-- A ticket has neither dots nor colons: no address is one.
CREATE FUNCTION sluice.audit_demand_ticket(ticket text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF ticket IS NULL OR ticket !~ '^[A-Za-z0-9][A-Za-z0-9_/#-]{0,63}$' THEN
        RAISE EXCEPTION 'the ticket is not of its form' USING ERRCODE = '22023';
    END IF;
END
$body$;

-- The one way to write an entry, for functions of ours: they have checked what they put into it. Sets what a caller must not
-- choose: number, time, actor, hashes. The lock, held to the end of the transaction, makes entries one line. The operating
-- system's user is a hint: an odd one locks nobody out, so a fixed text stands in its place.
CREATE OR REPLACE FUNCTION sluice.audit_append(
    action text, os_user text, reason text, ticket text, pipeline text, value_count integer, details text
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    head sluice.audit;
    entry sluice.audit;
BEGIN
    IF action IS NULL OR action !~ '^[a-z][a-z-]{0,39}$' THEN
        RAISE EXCEPTION 'the action is not of its form' USING ERRCODE = '22023';
    END IF;
    IF ticket IS NOT NULL THEN
        PERFORM sluice.audit_demand_ticket(ticket);
    END IF;
    IF pipeline IS DISTINCT FROM '' THEN
        PERFORM sluice.audit_demand_names(pipeline, '{}');
    END IF;
    IF value_count IS NULL OR details IS NULL OR octet_length(details) > 8000000 OR length(reason) > 40 THEN
        RAISE EXCEPTION 'the entry is not of its form' USING ERRCODE = '22023';
    END IF;
    PERFORM sluice.audit_lock();
    SELECT * INTO head FROM sluice.audit AS known ORDER BY known.seq DESC LIMIT 1;
    entry.seq := coalesce(head.seq, 0) + 1;
    entry.at := clock_timestamp();
    entry.actor := session_user;
    entry.os_user := CASE WHEN os_user ~ '^[A-Za-z0-9._@+$\\ -]{0,64}$' THEN os_user ELSE '(not of the form)' END;
    entry.action := action;
    entry.reason := reason;
    entry.ticket := ticket;
    entry.pipeline := pipeline;
    entry.value_count := value_count;
    entry.details := details;
    entry.previous_hash := coalesce(head.hash, decode(repeat('00', 32), 'hex'));
    entry.hash := sha256(entry.previous_hash || sluice.audit_canonical(entry));
    INSERT INTO sluice.audit SELECT entry.*;
    RETURN QUERY SELECT entry.seq, entry.hash;
END
$body$;

-- How many calls the session's user may still make on this UTC day; below 0 once it was told so. Ends and results do not
-- count: each belongs to one call that did. Under the audit's lock.
CREATE FUNCTION sluice.audit_calls_left() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    made bigint;
BEGIN
    SELECT count(*) INTO made FROM sluice.audit AS known
    WHERE known.actor = session_user::text
        AND known.at >= date_trunc('day', clock_timestamp(), 'UTC')
        AND known.action NOT IN ('unmask-result', 'rewrap-end', 'retain-end', 'replay-end', 'policy');
    RETURN coalesce((SELECT policy.daily_calls FROM sluice.recovery_policy AS policy), 500) - made;
END
$body$;

CREATE FUNCTION sluice.audit_demand_call() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM sluice.audit_lock();
    IF sluice.audit_calls_left() < 1 THEN
        RAISE EXCEPTION 'this login has made the calls of its day (UTC), see sluice.recovery_policy'
            USING ERRCODE = 'SL001';
    END IF;
END
$body$;

-- The session user's own entry that something ends, which nothing has ended. One that began long ago has been given up.
CREATE FUNCTION sluice.audit_begun(begun bigint, begin_action text, end_action text) RETURNS sluice.audit
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    entry sluice.audit;
BEGIN
    PERFORM sluice.audit_lock();
    SELECT known.* INTO entry FROM sluice.audit AS known
    WHERE known.seq = begun AND known.actor = session_user::text AND known.action = begin_action
        AND known.at > clock_timestamp() - interval '60 days';
    IF NOT FOUND OR EXISTS (
        SELECT FROM sluice.audit AS known
        WHERE known.actor = session_user::text AND known.at >= entry.at AND known.seq > begun
            AND known.action = end_action AND (known.details::jsonb ->> 'of')::bigint = begun
    ) THEN
        RAISE EXCEPTION 'the entry is not one of this user that is still to end' USING ERRCODE = '22023';
    END IF;
    RETURN entry;
END
$body$;

CREATE FUNCTION sluice.audit_demand_table(target text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF target IS NULL OR target !~ '^([a-z_][a-z0-9_]{0,62}[.])?[a-z_][a-z0-9_]{0,62}$' THEN
        RAISE EXCEPTION 'the table is not of its form' USING ERRCODE = '22023';
    END IF;
END
$body$;

-- Rows of a subject were deleted, or columns of them made NULL; in the transaction that did it. By a masked column the
-- number of rows answers whether a value is there, so it counts as a look-up (SL002 when the day has none left).
CREATE FUNCTION sluice.audit_erase(
    os_user text, ticket text, pipeline text, target text, target_column text, masked boolean, nulled text[],
    row_count bigint
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM sluice.audit_demand_ticket(ticket);
    PERFORM sluice.audit_demand_names(pipeline, nulled || target_column);
    PERFORM sluice.audit_demand_table(target);
    IF masked IS NULL OR row_count IS NULL OR row_count < 0 THEN
        RAISE EXCEPTION 'the number of rows is not of its form' USING ERRCODE = '22023';
    END IF;
    PERFORM sluice.audit_demand_call();
    IF masked AND sluice.recovery_left_today() < 1 THEN
        RAISE EXCEPTION 'this login has looked up the values of its day (UTC), see sluice.recovery_policy'
            USING ERRCODE = 'SL002';
    END IF;
    RETURN QUERY SELECT entry.seq, entry.hash FROM sluice.audit_append(
        'erase', os_user, NULL, ticket, pipeline, masked::integer, jsonb_strip_nulls(jsonb_build_object(
            'table', target, 'column', target_column, 'nulled', nullif(nulled, '{}'), 'rows', row_count))::text) AS entry;
END
$body$;

CREATE FUNCTION sluice.audit_retain_begin(
    os_user text, pipeline text, target text, target_column text, before date
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM sluice.audit_demand_names(pipeline, ARRAY[target_column]);
    PERFORM sluice.audit_demand_table(target);
    IF before IS NULL OR NOT isfinite(before) THEN
        RAISE EXCEPTION 'the day is not of its form' USING ERRCODE = '22023';
    END IF;
    PERFORM sluice.audit_demand_call();
    RETURN QUERY SELECT entry.seq, entry.hash FROM sluice.audit_append(
        'retain-begin', os_user, NULL, NULL, pipeline, 0,
        jsonb_build_object('table', target, 'column', target_column, 'before', before)::text) AS entry;
END
$body$;

CREATE FUNCTION sluice.audit_retain_end(
    os_user text, begun bigint, row_count bigint, partitions bigint, undated bigint
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    entry sluice.audit;
BEGIN
    entry := sluice.audit_begun(begun, 'retain-begin', 'retain-end');
    RETURN QUERY SELECT made.seq, made.hash FROM sluice.audit_append(
        'retain-end', os_user, NULL, NULL, entry.pipeline, 0, jsonb_build_object(
            'of', begun, 'rows', row_count, 'partitions', partitions, 'undated', undated)::text) AS made;
END
$body$;

-- hash_columns: whose plain hashes become tokens; or goals: fields, each with the id of the key that it comes under.
CREATE FUNCTION sluice.audit_rewrap_begin(
    os_user text, pipeline text, hash_columns text[], goals text[]
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM sluice.audit_demand_names(pipeline, hash_columns);
    IF goals IS NULL OR cardinality(goals) + cardinality(hash_columns) NOT BETWEEN 1 AND 100 OR EXISTS (
        SELECT FROM unnest(goals) AS given (goal)
        WHERE given.goal IS NULL OR given.goal !~ '^[a-z][a-z0-9-]{0,62}([.][a-z_][a-z0-9_]{0,62})?:[0-9a-f]{8}$'
    ) THEN
        RAISE EXCEPTION 'the goals are not of their form' USING ERRCODE = '22023';
    END IF;
    PERFORM sluice.audit_demand_call();
    RETURN QUERY SELECT entry.seq, entry.hash FROM sluice.audit_append(
        'rewrap-begin', os_user, NULL, NULL, pipeline, 0, CASE cardinality(hash_columns)
            WHEN 0 THEN jsonb_build_object('to', goals)
            ELSE jsonb_build_object('from', 'sha256', 'columns', hash_columns) END::text) AS entry;
END
$body$;

-- left_columns, left_why, left_values: side by side, what stayed as it is. remaining: rows, NULL when it was completed.
CREATE FUNCTION sluice.audit_rewrap_end(
    os_user text, begun bigint, row_count bigint, originals bigint, passes bigint, remaining bigint,
    left_columns text[], left_why text[], left_values bigint[]
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    entry sluice.audit;
BEGIN
    IF cardinality(left_columns) > 1000 OR cardinality(left_why) IS DISTINCT FROM cardinality(left_columns)
        OR cardinality(left_values) IS DISTINCT FROM cardinality(left_columns)
        OR EXISTS (
            SELECT FROM unnest(left_columns, left_why) AS given (name, why)
            WHERE given.name IS NULL OR given.name !~ '^[a-z_][a-z0-9_]{0,62}$'
                OR given.why IS NULL OR given.why !~ '^[a-z0-9 ,./-]{1,80}$')
    THEN
        RAISE EXCEPTION 'what was left is not of its form' USING ERRCODE = '22023';
    END IF;
    entry := sluice.audit_begun(begun, 'rewrap-begin', 'rewrap-end');
    RETURN QUERY SELECT made.seq, made.hash FROM sluice.audit_append(
        'rewrap-end', os_user, NULL, NULL, entry.pipeline, 0, jsonb_strip_nulls(jsonb_build_object(
            'of', begun, 'complete', remaining IS NULL, 'rows', row_count, 'originals', originals, 'passes', passes,
            'remaining', remaining, 'left', (
                SELECT jsonb_agg(jsonb_build_object('column', given.name, 'why', given.why, 'values', given.count))
                FROM unnest(left_columns, left_why, left_values) AS given (name, why, count))))::text) AS made;
END
$body$;

REVOKE ALL ON FUNCTION sluice.audit_lock(),
    sluice.audit_demand_names(text, text[]),
    sluice.audit_demand_ticket(text),
    sluice.audit_calls_left(),
    sluice.audit_demand_call(),
    sluice.audit_begun(bigint, text, text),
    sluice.audit_demand_table(text),
    sluice.audit_erase(text, text, text, text, text, boolean, text[], bigint),
    sluice.audit_retain_begin(text, text, text, text, date),
    sluice.audit_retain_end(text, bigint, bigint, bigint, bigint),
    sluice.audit_rewrap_begin(text, text, text[], text[]),
    sluice.audit_rewrap_end(text, bigint, bigint, bigint, bigint, bigint, text[], text[], bigint[]) FROM PUBLIC;

-- Whoever was given the right to write any entry, operators among them, loses it with this version.
DO $body$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT CASE granted.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(granted.grantee)) END
        FROM pg_proc AS known, aclexplode(known.proacl) AS granted
        WHERE known.oid = 'sluice.audit_append(text, text, text, text, text, integer, text)'::regprocedure
            AND granted.grantee <> known.proowner
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION sluice.audit_append(text, text, text, text, text, integer, text) FROM %s CASCADE',
            grantee);
    END LOOP;
END
$body$;
