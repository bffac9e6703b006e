-- What one person may recover alone and what needs a second one, decided by the database. Each function below decides and
-- writes the audit in one, under the audit's lock: neither a client nor two clients at once get past the policy. A refusal
-- is an answer and not an error, since an error would take its own entry back.

-- One row, the owner's to change; without it nothing is granted.
CREATE TABLE sluice.recovery_policy (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    daily_values integer NOT NULL DEFAULT 100 CHECK (daily_values >= 0),
    dual_control_above integer NOT NULL DEFAULT 10 CHECK (dual_control_above >= 0),
    request_lifetime interval NOT NULL DEFAULT interval '24 hours' CHECK (request_lifetime > interval '0')
);

COMMENT ON COLUMN sluice.recovery_policy.daily_values IS 'Values that one actor may recover or look up in a UTC day';
COMMENT ON COLUMN sluice.recovery_policy.dual_control_above IS 'More values at once need the approval of somebody else';
COMMENT ON COLUMN sluice.recovery_policy.request_lifetime IS 'How long a request may be approved and fetched';

INSERT INTO sluice.recovery_policy DEFAULT VALUES;

-- A wider policy is part of the trail: what was granted under it is not understood without it.
CREATE FUNCTION sluice.recovery_policy_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM sluice.audit_append('policy', '', NULL, NULL, '', 0,
        jsonb_build_object('change', TG_OP, 'policy', to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END))::text);
    RETURN NULL;
END
$body$;

CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON sluice.recovery_policy
    FOR EACH ROW EXECUTE FUNCTION sluice.recovery_policy_audit();

CREATE TABLE sluice.recovery_request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    requester text NOT NULL,
    reason text NOT NULL,
    ticket text NOT NULL,
    pipeline text NOT NULL,
    columns text[] NOT NULL,
    tokens text[] NOT NULL CHECK (cardinality(tokens) > 0),
    approver text,
    requested_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    approved_by text CHECK (approved_by <> requester),
    approved_at timestamptz,
    fetched_at timestamptz CHECK (fetched_at IS NULL OR approved_by IS NOT NULL)
);

COMMENT ON TABLE sluice.recovery_request IS 'Values that need the approval of a second person; written by functions only';
COMMENT ON COLUMN sluice.recovery_request.approver IS 'Who alone may approve; NULL for anybody else who may';

-- For the sum over an actor's day.
CREATE INDEX audit_actor_at ON sluice.audit (actor, at);

CREATE TYPE sluice.recovery_decision AS (denied text, bound bigint, seq bigint, hash bytea);

-- Sluice's own client has seen to all of this. From any other it keeps out of the audit what is no token and may be a clear
-- value: version byte 1, and no mask makes less than 37 bytes. A ticket has neither dots nor colons: no address is one.
CREATE FUNCTION sluice.recovery_demand_tokens(tokens text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF tokens IS NULL OR EXISTS (
        SELECT FROM unnest(tokens) AS given (token)
        WHERE given.token IS NULL OR given.token !~ '^A[Q-Za-f][A-Za-z0-9_-]{48,}$'
    ) THEN
        RAISE EXCEPTION 'what is asked for is not a list of tokens' USING ERRCODE = '22023';
    END IF;
END
$body$;

CREATE FUNCTION sluice.recovery_demand(reason text, ticket text, tokens text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF reason IS NULL OR reason NOT IN ('FRAUD_INVESTIGATION', 'DSAR', 'LEGAL_REQUEST', 'INCIDENT') THEN
        RAISE EXCEPTION 'the reason is none of those known' USING ERRCODE = '22023';
    END IF;
    IF ticket IS NULL OR ticket !~ '^[A-Za-z0-9][A-Za-z0-9_/#-]{0,63}$' THEN
        RAISE EXCEPTION 'the ticket is not of its form' USING ERRCODE = '22023';
    END IF;
    PERFORM sluice.recovery_demand_tokens(tokens);
END
$body$;

CREATE FUNCTION sluice.recovery_lock() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $body$
    SELECT pg_advisory_xact_lock(hashtextextended('sluice.audit', 0))
$body$;

-- How many values the session's user may still ask for on this UTC day; less than none after the policy was narrowed.
CREATE FUNCTION sluice.recovery_left_today() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    spent bigint;
BEGIN
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    SELECT coalesce(sum(known.value_count), 0) INTO spent FROM sluice.audit AS known
    WHERE known.actor = session_user::text
        AND known.at >= date_trunc('day', clock_timestamp(), 'UTC')
        AND known.action IN ('unmask', 'fetch', 'find');
    RETURN policy.daily_values - spent;
END
$body$;

-- Writes the entry of what was decided: the action itself, or that it was denied and why.
CREATE FUNCTION sluice.recovery_decide(
    denied text, bound bigint,
    action text, os_user text, reason text, ticket text, pipeline text, asked integer, details jsonb
) RETURNS sluice.recovery_decision
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    decision sluice.recovery_decision;
BEGIN
    IF denied IS NOT NULL THEN
        details := details || jsonb_build_object('asked', action, 'why', denied);
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
CREATE FUNCTION sluice.recovery_unmask(
    os_user text, reason text, ticket text, pipeline text, columns text[], tokens text[], malformed integer[]
) RETURNS sluice.recovery_decision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    denied text;
    bound bigint;
BEGIN
    PERFORM sluice.recovery_demand(reason, ticket, tokens);
    PERFORM sluice.recovery_lock();
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    IF cardinality(tokens) > policy.dual_control_above THEN
        denied := 'APPROVAL_REQUIRED';
        bound := policy.dual_control_above;
    ELSIF cardinality(tokens) > sluice.recovery_left_today() THEN
        denied := 'DAILY_VALUES';
        bound := policy.daily_values;
    END IF;
    RETURN sluice.recovery_decide(denied, bound, 'unmask', os_user, reason, ticket, pipeline, cardinality(tokens),
        jsonb_build_object('columns', columns, 'tokens', tokens, 'malformed', nullif(malformed, '{}')));
END
$body$;

-- May the session's user look for these tokens, all of them one clear value's?
CREATE FUNCTION sluice.recovery_find(
    os_user text, reason text, ticket text, pipeline text, columns text[], tokens text[]
) RETURNS sluice.recovery_decision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    denied text;
BEGIN
    PERFORM sluice.recovery_demand(reason, ticket, tokens);
    PERFORM sluice.recovery_lock();
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    IF sluice.recovery_left_today() < 1 THEN
        denied := 'DAILY_VALUES';
    END IF;
    RETURN sluice.recovery_decide(denied, policy.daily_values, 'find', os_user, reason, ticket, pipeline, 1,
        jsonb_build_object('columns', columns, 'tokens', tokens));
END
$body$;

-- What became of the values of a granted entry, which must be the session user's own.
CREATE FUNCTION sluice.recovery_result(
    os_user text, granted bigint, opened integer, refused text[], why text[], malformed integer
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    entry sluice.audit;
BEGIN
    PERFORM sluice.recovery_demand_tokens(refused);
    IF cardinality(refused) <> cardinality(why) OR EXISTS (
        SELECT FROM unnest(why) AS given (code) WHERE given.code IS NULL OR given.code !~ '^[A-Z_]{1,40}$'
    ) THEN
        RAISE EXCEPTION 'the reasons are not of their form' USING ERRCODE = '22023';
    END IF;
    SELECT known.* INTO entry FROM sluice.audit AS known
    WHERE known.seq = granted AND known.actor = session_user::text AND known.action IN ('unmask', 'fetch');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the entry is not one of this user that granted values' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY SELECT result.seq, result.hash FROM sluice.audit_append(
        'unmask-result', os_user, entry.reason, entry.ticket, entry.pipeline, 0,
        jsonb_build_object('of', granted, 'opened', opened, 'malformed', malformed, 'refused', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('token', given.token, 'why', given.code)), '[]')
            FROM unnest(refused, why) AS given (token, code)))::text) AS result;
END
$body$;

-- Asks for values that somebody else must approve.
CREATE FUNCTION sluice.recovery_submit(
    os_user text, reason text, ticket text, pipeline text, columns text[], tokens text[], approver text
) RETURNS TABLE (denied text, bound bigint, seq bigint, hash bytea, id bigint, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    request sluice.recovery_request;
    why text;
    decision sluice.recovery_decision;
BEGIN
    PERFORM sluice.recovery_demand(reason, ticket, tokens);
    PERFORM sluice.recovery_lock();
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    IF approver = session_user::text THEN
        why := 'OWN_REQUEST';
    ELSIF NOT EXISTS (SELECT FROM pg_roles AS known WHERE approver IS NULL OR known.rolname = approver) THEN
        why := 'UNKNOWN_APPROVER';
        approver := NULL;
    ELSIF cardinality(tokens) > policy.daily_values THEN
        why := 'DAILY_VALUES';
    ELSE
        INSERT INTO sluice.recovery_request AS made
            (requester, reason, ticket, pipeline, columns, tokens, approver, requested_at, expires_at)
        VALUES (session_user, reason, ticket, pipeline, columns, tokens, approver,
            clock_timestamp(), clock_timestamp() + policy.request_lifetime)
        RETURNING made.* INTO request;
    END IF;
    decision := sluice.recovery_decide(why, policy.daily_values, 'request', os_user, reason, ticket, pipeline,
        cardinality(tokens), jsonb_build_object(
            'request', request.id, 'approver', approver, 'columns', columns, 'tokens', tokens));
    RETURN QUERY SELECT decision.denied, decision.bound, decision.seq, decision.hash, request.id, request.expires_at;
END
$body$;

-- Approves what another user asked for. pipeline: for the entry about a request that there is not.
CREATE FUNCTION sluice.recovery_approve(os_user text, pipeline text, request_id bigint) RETURNS sluice.recovery_decision
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    request sluice.recovery_request;
    denied text;
BEGIN
    PERFORM sluice.recovery_lock();
    SELECT known.* INTO request FROM sluice.recovery_request AS known WHERE known.id = request_id;
    denied := CASE
        WHEN request.id IS NULL THEN 'NO_REQUEST'
        WHEN request.requester = session_user::text THEN 'OWN_REQUEST'
        WHEN request.approver <> session_user::text THEN 'OTHER_APPROVER'
        WHEN request.fetched_at IS NOT NULL THEN 'FETCHED'
        WHEN request.approved_by IS NOT NULL THEN 'APPROVED'
        WHEN request.expires_at <= clock_timestamp() THEN 'EXPIRED'
    END;
    IF denied IS NULL THEN
        UPDATE sluice.recovery_request AS known SET approved_by = session_user, approved_at = clock_timestamp()
        WHERE known.id = request_id;
    END IF;
    RETURN sluice.recovery_decide(denied, NULL, 'approve', os_user, request.reason, request.ticket,
        coalesce(request.pipeline, pipeline), coalesce(cardinality(request.tokens), 0),
        jsonb_build_object('request', request_id, 'requester', request.requester, 'columns', request.columns));
END
$body$;

-- Takes up what was approved, once. The tokens come from the request, not from who asks.
CREATE FUNCTION sluice.recovery_fetch(os_user text, pipeline text, request_id bigint)
RETURNS TABLE (denied text, bound bigint, seq bigint, hash bytea, tokens text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    policy sluice.recovery_policy;
    request sluice.recovery_request;
    why text;
    decision sluice.recovery_decision;
BEGIN
    PERFORM sluice.recovery_lock();
    SELECT * INTO STRICT policy FROM sluice.recovery_policy;
    SELECT known.* INTO request FROM sluice.recovery_request AS known WHERE known.id = request_id;
    why := CASE
        WHEN request.id IS NULL THEN 'NO_REQUEST'
        WHEN request.requester <> session_user::text THEN 'OTHER_REQUESTER'
        WHEN request.pipeline IS DISTINCT FROM pipeline THEN 'OTHER_PIPELINE'
        WHEN request.fetched_at IS NOT NULL THEN 'FETCHED'
        WHEN request.expires_at <= clock_timestamp() THEN 'EXPIRED'
        WHEN request.approved_by IS NULL THEN 'NOT_APPROVED'
        WHEN cardinality(request.tokens) > sluice.recovery_left_today() THEN 'DAILY_VALUES'
    END;
    IF why IS NULL THEN
        UPDATE sluice.recovery_request AS known SET fetched_at = clock_timestamp() WHERE known.id = request_id;
    END IF;
    decision := sluice.recovery_decide(why, policy.daily_values, 'fetch', os_user, request.reason, request.ticket,
        coalesce(request.pipeline, pipeline), coalesce(cardinality(request.tokens), 0),
        jsonb_build_object('request', request_id, 'approved_by', request.approved_by, 'columns', request.columns,
            'tokens', CASE WHEN why IS NULL THEN request.tokens END));
    RETURN QUERY SELECT decision.denied, decision.bound, decision.seq, decision.hash,
        CASE WHEN why IS NULL THEN request.tokens END;
END
$body$;

REVOKE ALL ON TABLE sluice.recovery_policy, sluice.recovery_request FROM PUBLIC;
REVOKE ALL ON FUNCTION sluice.recovery_policy_audit(),
    sluice.recovery_demand_tokens(text[]),
    sluice.recovery_demand(text, text, text[]),
    sluice.recovery_lock(),
    sluice.recovery_left_today(),
    sluice.recovery_decide(text, bigint, text, text, text, text, text, integer, jsonb),
    sluice.recovery_unmask(text, text, text, text, text[], text[], integer[]),
    sluice.recovery_find(text, text, text, text, text[], text[]),
    sluice.recovery_result(text, bigint, integer, text[], text[], integer),
    sluice.recovery_submit(text, text, text, text, text[], text[], text),
    sluice.recovery_approve(text, text, bigint),
    sluice.recovery_fetch(text, text, bigint) FROM PUBLIC;
