-- The export of a subject's rows: the values in them are recovered under the policy of unmask, but the entry also says by
-- which column the rows were found and how many there were. It never says whom: that is clear text.

-- Why something is recovered: the two texts that every entry of recovery holds.
CREATE FUNCTION sluice.recovery_demand_purpose(reason text, ticket text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF reason IS NULL OR reason NOT IN ('FRAUD_INVESTIGATION', 'DSAR', 'LEGAL_REQUEST', 'INCIDENT') THEN
        RAISE EXCEPTION 'the reason is not one of the known ones' USING ERRCODE = '22023';
    END IF;
    PERFORM sluice.audit_demand_ticket(ticket);
END
$body$;

CREATE OR REPLACE FUNCTION sluice.recovery_demand(reason text, ticket text, tokens text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM sluice.recovery_demand_purpose(reason, ticket);
    PERFORM sluice.recovery_demand_tokens(tokens);
    IF cardinality(tokens) = 0 THEN
        RAISE EXCEPTION 'nothing is asked for' USING ERRCODE = '22023';
    END IF;
END
$body$;

-- The same as before, and an export's values count too.
CREATE OR REPLACE FUNCTION sluice.recovery_left_today() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    spent bigint;
BEGIN
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    SELECT coalesce(sum(known.value_count), 0) INTO spent FROM sluice.audit AS known
    WHERE known.actor = session_user::text
        AND known.at >= date_trunc('day', clock_timestamp(), 'UTC')
        AND known.action IN ('unmask', 'fetch', 'find', 'erase', 'export');
    RETURN policy.daily_values - spent;
END
$body$;

-- May the session's user open these tokens of one subject's rows now? There may be none: the rows are personal data all the
-- same, so that an entry is written. subject_column: by which the rows were found.
CREATE FUNCTION sluice.recovery_export(
    os_user text, reason text, ticket text, pipeline text, subject_column text, row_count bigint, columns text[],
    tokens text[]
) RETURNS sluice.recovery_decision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    denied text;
    bound bigint;
BEGIN
    PERFORM sluice.recovery_demand_purpose(reason, ticket);
    PERFORM sluice.recovery_demand_tokens(tokens);
    PERFORM sluice.audit_demand_names(pipeline, ARRAY[subject_column]);
    PERFORM sluice.audit_demand_names(pipeline, columns);
    IF row_count IS NULL OR row_count < 0 THEN
        RAISE EXCEPTION 'the number of rows is negative or missing' USING ERRCODE = '22023';
    END IF;
    denied := sluice.recovery_begin();
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    IF denied IS NOT NULL THEN
        bound := policy.daily_calls;
    ELSIF cardinality(tokens) > policy.dual_control_above THEN
        denied := 'APPROVAL_REQUIRED';
        bound := policy.dual_control_above;
    ELSIF cardinality(tokens) > sluice.recovery_left_today() THEN
        denied := 'DAILY_VALUES';
        bound := policy.daily_values;
    END IF;
    RETURN sluice.recovery_decide(denied, bound, 'export', os_user, reason, ticket, pipeline, cardinality(tokens),
        jsonb_build_object('by', subject_column, 'rows', row_count, 'columns', columns,
            'tokens', sluice.recovery_shortened(tokens)));
END
$body$;

-- What became of the values of a granted entry, an export's too. Otherwise as before.
CREATE OR REPLACE FUNCTION sluice.recovery_result(
    os_user text, granted bigint, opened integer, refused text[], why text[], malformed integer
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    entry sluice.audit;
    shortened text[];
BEGIN
    PERFORM sluice.recovery_demand_tokens(refused);
    IF cardinality(refused) IS DISTINCT FROM cardinality(why) OR EXISTS (
        SELECT FROM unnest(why) AS given (code) WHERE given.code IS NULL OR given.code !~ '^[A-Z_]{1,40}$'
    ) THEN
        RAISE EXCEPTION 'the reasons are not of their form' USING ERRCODE = '22023';
    END IF;
    PERFORM sluice.audit_lock();
    SELECT known.* INTO entry FROM sluice.audit AS known
    WHERE known.seq = granted AND known.actor = session_user::text AND known.action IN ('unmask', 'fetch', 'export')
        AND known.at > clock_timestamp() - interval '1 day';
    IF NOT FOUND OR EXISTS (
        SELECT FROM sluice.audit AS known
        WHERE known.actor = session_user::text AND known.at >= entry.at AND known.seq > granted
            AND known.action = 'unmask-result' AND (known.details::jsonb ->> 'of')::bigint = granted
    ) THEN
        RAISE EXCEPTION 'the entry is not one of this user that granted values and has no result' USING ERRCODE = '42501';
    END IF;
    shortened := sluice.recovery_shortened(refused);
    IF opened IS NULL OR opened < 0 OR opened + cardinality(refused) <> entry.value_count
        OR malformed IS NULL OR malformed NOT BETWEEN 0 AND 10000
        OR NOT (entry.details::jsonb -> 'tokens') @> to_jsonb(shortened)
    THEN
        RAISE EXCEPTION 'the result is not one of the values that were granted' USING ERRCODE = '22023';
    END IF;
    RETURN QUERY SELECT result.seq, result.hash FROM sluice.audit_append(
        'unmask-result', os_user, entry.reason, entry.ticket, entry.pipeline, 0,
        jsonb_build_object('of', granted, 'opened', opened, 'malformed', malformed, 'refused', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('token', given.token, 'why', given.code)), '[]')
            FROM unnest(shortened, why) AS given (token, code)))::text) AS result;
END
$body$;

REVOKE ALL ON FUNCTION sluice.recovery_demand_purpose(text, text),
    sluice.recovery_export(text, text, text, text, text, bigint, text[], text[]) FROM PUBLIC;
