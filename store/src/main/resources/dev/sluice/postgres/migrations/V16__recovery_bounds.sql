-- The same for the functions of recovery: bounded, empty requests refused, every call counted. What an approver is shown
-- comes from the tokens; and the database says which one it is, so that a keyset can be bound to it.

-- Which database this is. A copy made by restoring a dump has the same id.
CREATE TABLE sluice.installation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id uuid NOT NULL DEFAULT gen_random_uuid()
);

INSERT INTO sluice.installation DEFAULT VALUES;

CREATE FUNCTION sluice.installation_id() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    SELECT known.id FROM sluice.installation AS known
$body$;

REVOKE ALL ON TABLE sluice.installation FROM PUBLIC;
REVOKE ALL ON FUNCTION sluice.installation_id() FROM PUBLIC;

DROP FUNCTION sluice.recovery_lock();

-- How many tokens each key made, by the key's id in hex, which every token begins with after its version: 40 bits.
CREATE FUNCTION sluice.recovery_keys(tokens text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $body$
    SELECT coalesce(jsonb_object_agg(counted.key, counted.tokens), '{}') FROM (
        SELECT encode(substr(decode(translate(left(given.token, 8), '-_', '+/'), 'base64'), 2, 4), 'hex') AS key,
            count(*) AS tokens
        FROM unnest(recovery_keys.tokens) AS given (token) GROUP BY 1
    ) AS counted
$body$;

ALTER TABLE sluice.recovery_request ADD COLUMN keys jsonb;
UPDATE sluice.recovery_request AS known SET keys = sluice.recovery_keys(known.tokens);
ALTER TABLE sluice.recovery_request ALTER keys SET NOT NULL;

COMMENT ON COLUMN sluice.recovery_request.keys IS 'From the tokens: how many each key made, by its id';
COMMENT ON COLUMN sluice.recovery_request.columns IS 'As the requester says';
COMMENT ON COLUMN sluice.recovery_request.pipeline IS 'As the requester says';

CREATE INDEX recovery_request_day ON sluice.recovery_request (requester, requested_at);

-- Older versions took requests of any size: those are over.
UPDATE sluice.recovery_request AS known SET expires_at = known.requested_at
WHERE known.fetched_at IS NULL AND (cardinality(known.tokens) > 10000 OR cardinality(known.columns) > 100
    OR known.pipeline !~ '^[a-z][a-z0-9-]{0,62}$' OR length(known.columns::text) > 6500);

-- Sluice's own client has seen to all of this. From any other it keeps out of the audit what is no token and may be a clear
-- value: version byte 1, and no mask makes less than 37 bytes, nor more than of 8 MiB of text, the largest body unpacked.
CREATE OR REPLACE FUNCTION sluice.recovery_demand_tokens(tokens text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF tokens IS NULL OR cardinality(tokens) > 10000 OR EXISTS (
        SELECT FROM unnest(tokens) AS given (token)
        WHERE given.token IS NULL OR length(given.token) > 12000000
            OR given.token !~ '^A[Q-Za-f][A-Za-z0-9_-]{48,}$'
    ) THEN
        RAISE EXCEPTION 'what is asked for is not a list of tokens' USING ERRCODE = '22023';
    END IF;
END
$body$;

CREATE OR REPLACE FUNCTION sluice.recovery_demand(reason text, ticket text, tokens text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF reason IS NULL OR reason NOT IN ('FRAUD_INVESTIGATION', 'DSAR', 'LEGAL_REQUEST', 'INCIDENT') THEN
        RAISE EXCEPTION 'the reason is none of those known' USING ERRCODE = '22023';
    END IF;
    PERFORM sluice.audit_demand_ticket(ticket);
    PERFORM sluice.recovery_demand_tokens(tokens);
    IF cardinality(tokens) = 0 THEN
        RAISE EXCEPTION 'nothing is asked for' USING ERRCODE = '22023';
    END IF;
END
$body$;

-- What stands in the audit for a token: itself, or of a long one the beginning and its SHA-256.
CREATE FUNCTION sluice.recovery_shortened(tokens text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $body$
    SELECT coalesce(array_agg(CASE WHEN length(given.token) <= 512 THEN given.token
        ELSE left(given.token, 50) || '..' || encode(sha256(convert_to(given.token, 'UTF8')), 'hex') END
        ORDER BY given.place), '{}')
    FROM unnest(tokens) WITH ORDINALITY AS given (token, place)
$body$;

-- Takes the lock, and says whether this is the call at which the day's are used up: its denial is the last entry, and calls
-- after it are errors. Without a policy nothing is granted.
CREATE FUNCTION sluice.recovery_begin() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    calls_left bigint;
BEGIN
    PERFORM sluice.audit_lock();
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    calls_left := sluice.audit_calls_left();
    IF calls_left < 0 THEN
        PERFORM sluice.audit_demand_call();
    END IF;
    RETURN CASE WHEN calls_left = 0 THEN 'DAILY_CALLS' END;
END
$body$;

-- How many values the session's user may still ask for on this UTC day; less than none after the policy was narrowed.
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
        AND known.action IN ('unmask', 'fetch', 'find', 'erase');
    RETURN policy.daily_values - spent;
END
$body$;

-- Writes the entry of what was decided: the action itself, or that it was denied and why, with counts only.
CREATE OR REPLACE FUNCTION sluice.recovery_decide(
    denied text, bound bigint,
    action text, os_user text, reason text, ticket text, pipeline text, asked integer, details jsonb
) RETURNS sluice.recovery_decision
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    decision sluice.recovery_decision;
BEGIN
    IF denied IS NOT NULL THEN
        details := (details - ARRAY['columns', 'tokens', 'malformed', 'keys'])
            || jsonb_build_object('asked', action, 'why', denied);
        action := 'denied';
    END IF;
    decision.denied := denied;
    decision.bound := bound;
    SELECT entry.seq, entry.hash INTO decision.seq, decision.hash FROM sluice.audit_append(
        action, os_user, reason, ticket, pipeline, asked, jsonb_strip_nulls(details)::text) AS entry;
    RETURN decision;
END
$body$;

-- May the session's user open these tokens now? malformed: places of what was asked for and is no token.
CREATE OR REPLACE FUNCTION sluice.recovery_unmask(
    os_user text, reason text, ticket text, pipeline text, columns text[], tokens text[], malformed integer[]
) RETURNS sluice.recovery_decision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    denied text;
    bound bigint;
BEGIN
    PERFORM sluice.recovery_demand(reason, ticket, tokens);
    PERFORM sluice.audit_demand_names(pipeline, columns);
    IF cardinality(malformed) > 10000 OR array_ndims(malformed) > 1 OR EXISTS (
        SELECT FROM unnest(malformed) AS given (place) WHERE given.place IS NULL OR given.place NOT BETWEEN 1 AND 20000
    ) THEN
        RAISE EXCEPTION 'the places are not of their form' USING ERRCODE = '22023';
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
    RETURN sluice.recovery_decide(denied, bound, 'unmask', os_user, reason, ticket, pipeline, cardinality(tokens),
        jsonb_build_object('columns', columns, 'tokens', sluice.recovery_shortened(tokens),
            'malformed', nullif(malformed[1:100], '{}'), 'malformed_count', nullif(cardinality(malformed), 0)));
END
$body$;

-- May the session's user look for these tokens, all of them one clear value's: under each key, in each column?
CREATE OR REPLACE FUNCTION sluice.recovery_find(
    os_user text, reason text, ticket text, pipeline text, columns text[], tokens text[]
) RETURNS sluice.recovery_decision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    denied text;
    bound bigint;
BEGIN
    PERFORM sluice.recovery_demand(reason, ticket, tokens);
    PERFORM sluice.audit_demand_names(pipeline, columns);
    IF cardinality(tokens) > 100 THEN
        RAISE EXCEPTION 'those are the tokens of more than one value' USING ERRCODE = '22023';
    END IF;
    denied := sluice.recovery_begin();
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    bound := policy.daily_calls;
    IF denied IS NULL THEN
        bound := policy.daily_values;
        denied := CASE WHEN sluice.recovery_left_today() < 1 THEN 'DAILY_VALUES' END;
    END IF;
    RETURN sluice.recovery_decide(denied, bound, 'find', os_user, reason, ticket, pipeline, 1,
        jsonb_build_object('columns', columns, 'tokens', sluice.recovery_shortened(tokens)));
END
$body$;

-- What became of the values of a granted entry, which must be the session user's own and without a result.
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
    WHERE known.seq = granted AND known.actor = session_user::text AND known.action IN ('unmask', 'fetch')
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

-- Asks for values that somebody else must approve. In a day for no more than could be fetched in one, nor for more than 16
-- million characters, which is more than the longest token.
CREATE OR REPLACE FUNCTION sluice.recovery_submit(
    os_user text, reason text, ticket text, pipeline text, columns text[], tokens text[], approver text
) RETURNS TABLE (denied text, bound bigint, seq bigint, hash bytea, id bigint, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    request sluice.recovery_request;
    why text;
    asked bigint;
    characters bigint;
    decision sluice.recovery_decision;
BEGIN
    PERFORM sluice.recovery_demand(reason, ticket, tokens);
    PERFORM sluice.audit_demand_names(pipeline, columns);
    why := sluice.recovery_begin();
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    SELECT coalesce(sum(cardinality(known.tokens)), 0) + cardinality(recovery_submit.tokens),
        coalesce(sum(length(array_to_string(known.tokens, ''))), 0) + length(array_to_string(recovery_submit.tokens, ''))
    INTO asked, characters
    FROM sluice.recovery_request AS known
    WHERE known.requester = session_user::text
        AND known.requested_at >= date_trunc('day', clock_timestamp(), 'UTC');
    IF why IS NOT NULL OR approver = session_user::text THEN
        why := coalesce(why, 'OWN_REQUEST');
    ELSIF NOT EXISTS (SELECT FROM pg_roles AS known WHERE approver IS NULL OR known.rolname = approver) THEN
        why := 'UNKNOWN_APPROVER';
    ELSIF asked > policy.daily_values OR characters > 16000000 THEN
        why := 'DAILY_VALUES';
    ELSE
        INSERT INTO sluice.recovery_request AS made
            (requester, reason, ticket, pipeline, columns, tokens, keys, approver, requested_at, expires_at)
        VALUES (session_user, reason, ticket, pipeline, columns, tokens, sluice.recovery_keys(recovery_submit.tokens),
            approver, clock_timestamp(), clock_timestamp() + policy.request_lifetime)
        RETURNING made.* INTO request;
    END IF;
    decision := sluice.recovery_decide(
        why, CASE why WHEN 'DAILY_CALLS' THEN policy.daily_calls ELSE policy.daily_values END,
        'request', os_user, reason, ticket, pipeline, cardinality(tokens), jsonb_build_object(
            'request', request.id, 'approver', request.approver, 'columns', columns, 'keys', request.keys,
            'tokens', sluice.recovery_shortened(tokens)));
    RETURN QUERY SELECT decision.denied, decision.bound, decision.seq, decision.hash, request.id, request.expires_at;
END
$body$;

-- Approves what another user asked for. pipeline: for the entry about a request that there is not.
CREATE OR REPLACE FUNCTION sluice.recovery_approve(
    os_user text, pipeline text, request_id bigint
) RETURNS sluice.recovery_decision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    request sluice.recovery_request;
    denied text;
BEGIN
    PERFORM sluice.audit_demand_names(pipeline, '{}');
    denied := sluice.recovery_begin();
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    SELECT known.* INTO request FROM sluice.recovery_request AS known WHERE known.id = request_id;
    denied := coalesce(denied, CASE
        WHEN request.id IS NULL THEN 'NO_REQUEST'
        WHEN request.requester = session_user::text THEN 'OWN_REQUEST'
        WHEN request.approver <> session_user::text THEN 'OTHER_APPROVER'
        WHEN request.fetched_at IS NOT NULL THEN 'FETCHED'
        WHEN request.approved_by IS NOT NULL THEN 'APPROVED'
        WHEN request.expires_at <= clock_timestamp() THEN 'EXPIRED'
    END);
    IF denied IS NULL THEN
        UPDATE sluice.recovery_request AS known SET approved_by = session_user, approved_at = clock_timestamp()
        WHERE known.id = request_id;
        pipeline := request.pipeline;
    END IF;
    RETURN sluice.recovery_decide(denied, policy.daily_calls, 'approve', os_user, request.reason, request.ticket, pipeline,
        coalesce(cardinality(request.tokens), 0), jsonb_build_object(
            'request', request_id, 'requester', request.requester, 'keys', request.keys, 'columns', request.columns));
END
$body$;

-- Takes up what was approved, once. The tokens come from the request, not from who asks.
CREATE OR REPLACE FUNCTION sluice.recovery_fetch(os_user text, pipeline text, request_id bigint)
RETURNS TABLE (denied text, bound bigint, seq bigint, hash bytea, tokens text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    request sluice.recovery_request;
    why text;
    decision sluice.recovery_decision;
BEGIN
    PERFORM sluice.audit_demand_names(pipeline, '{}');
    why := sluice.recovery_begin();
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    SELECT known.* INTO request FROM sluice.recovery_request AS known WHERE known.id = request_id;
    why := coalesce(why, CASE
        WHEN request.id IS NULL THEN 'NO_REQUEST'
        WHEN request.requester <> session_user::text THEN 'OTHER_REQUESTER'
        WHEN request.pipeline IS DISTINCT FROM pipeline THEN 'OTHER_PIPELINE'
        WHEN request.fetched_at IS NOT NULL THEN 'FETCHED'
        WHEN request.expires_at <= clock_timestamp() THEN 'EXPIRED'
        WHEN request.approved_by IS NULL THEN 'NOT_APPROVED'
        WHEN cardinality(request.tokens) > sluice.recovery_left_today() THEN 'DAILY_VALUES'
    END);
    IF why IS NULL THEN
        UPDATE sluice.recovery_request AS known SET fetched_at = clock_timestamp() WHERE known.id = request_id;
    END IF;
    decision := sluice.recovery_decide(
        why, CASE why WHEN 'DAILY_CALLS' THEN policy.daily_calls ELSE policy.daily_values END,
        'fetch', os_user, request.reason, request.ticket, pipeline, coalesce(cardinality(request.tokens), 0),
        jsonb_build_object('request', request_id, 'approved_by', request.approved_by, 'columns', request.columns,
            'tokens', CASE WHEN why IS NULL THEN sluice.recovery_shortened(request.tokens) END));
    RETURN QUERY SELECT decision.denied, decision.bound, decision.seq, decision.hash,
        CASE WHEN why IS NULL THEN request.tokens END;
END
$body$;

REVOKE ALL ON FUNCTION sluice.recovery_keys(text[]),
    sluice.recovery_shortened(text[]),
    sluice.recovery_begin() FROM PUBLIC;
