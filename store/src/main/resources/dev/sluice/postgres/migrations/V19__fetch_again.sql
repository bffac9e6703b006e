-- A request can be fetched three times before it expires: the values may be lost between this function and the eyes of who
-- asked, on a full disk or when the process dies, and nobody here can know. Nobody else gets them, each time has its entry in
-- the audit and counts towards the day, but only the first can be denied because of the day: the others show nothing new.

ALTER TABLE sluice.recovery_request ADD COLUMN fetches integer NOT NULL DEFAULT 0 CHECK (fetches BETWEEN 0 AND 3);

-- Older versions said "once" to who approved these.
UPDATE sluice.recovery_request SET fetches = 3 WHERE fetched_at IS NOT NULL;

COMMENT ON COLUMN sluice.recovery_request.fetched_at IS 'The last time';

-- Takes up what was approved. The tokens come from the request, not from who asks.
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
        WHEN request.fetches >= 3 THEN 'FETCHED'
        WHEN request.expires_at <= clock_timestamp() THEN 'EXPIRED'
        WHEN request.approved_by IS NULL THEN 'NOT_APPROVED'
        WHEN request.fetches = 0 AND cardinality(request.tokens) > sluice.recovery_left_today() THEN 'DAILY_VALUES'
    END);
    IF why IS NULL THEN
        UPDATE sluice.recovery_request AS known SET fetched_at = clock_timestamp(), fetches = known.fetches + 1
        WHERE known.id = request_id;
    END IF;
    decision := sluice.recovery_decide(
        why, CASE why WHEN 'DAILY_CALLS' THEN policy.daily_calls ELSE policy.daily_values END,
        'fetch', os_user, request.reason, request.ticket, pipeline, coalesce(cardinality(request.tokens), 0),
        jsonb_build_object('request', request_id, 'approved_by', request.approved_by, 'columns', request.columns,
            'again', nullif(request.fetches, 0),
            'tokens', CASE WHEN why IS NULL THEN sluice.recovery_shortened(request.tokens) END));
    RETURN QUERY SELECT decision.denied, decision.bound, decision.seq, decision.hash,
        CASE WHEN why IS NULL THEN request.tokens END;
END
$body$;
