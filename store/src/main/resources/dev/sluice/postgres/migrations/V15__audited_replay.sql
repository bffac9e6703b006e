-- What a sealed original is bound to, besides pipeline and message: how the pipeline that sealed it stores each field. It is
-- part of the seal's associated data, so who changes it here makes an original that cannot be opened. NULL for originals
-- that were sealed before this version.
ALTER TABLE sluice.quarantine ADD COLUMN protection text CHECK (octet_length(protection) <= 1000000);

COMMENT ON COLUMN sluice.quarantine.protection IS 'JSON pointer of each field that was stored, and its mask when the original was sealed';

-- Entries about the opening of originals. Each is committed before the first original is opened; the result refers to it.
CREATE FUNCTION sluice.audit_demand_replay(ticket text, pipeline text, version text, fields text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM sluice.audit_demand_ticket(ticket);
    PERFORM sluice.audit_demand_names(pipeline, '{}');
    IF (version ~ '^[0-9a-f]{12}$') IS NOT TRUE THEN
        RAISE EXCEPTION 'the version is not of its form' USING ERRCODE = '22023';
    END IF;
    IF fields IS NULL OR cardinality(fields) > 100 OR EXISTS (
        SELECT FROM unnest(fields) AS given (field)
        WHERE (given.field ~ '^/' AND length(given.field) <= 1000) IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'the fields are not JSON pointers' USING ERRCODE = '22023';
    END IF;
    PERFORM sluice.audit_demand_call();
END
$body$;

-- Originals are about to be opened and mapped again. entries: how many, at the most; exposed: fields that were not stored
-- when they were sealed, and are to be stored as they are now, by the caller's own word.
CREATE FUNCTION sluice.audit_replay_begin(
    os_user text, ticket text, pipeline text, version text, entries bigint, exposed text[]
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF (entries > 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'there is nothing to replay' USING ERRCODE = '22023';
    END IF;
    PERFORM sluice.audit_demand_replay(ticket, pipeline, version, exposed);
    RETURN QUERY SELECT entry.seq, entry.hash FROM sluice.audit_append(
        'replay-begin', os_user, NULL, ticket, pipeline, 0, jsonb_strip_nulls(jsonb_build_object(
            'version', version, 'entries', entries, 'exposed', nullif(exposed, '{}')))::text) AS entry;
END
$body$;

CREATE FUNCTION sluice.audit_replay_end(
    os_user text, begun bigint, entries bigint, stored bigint, duplicates bigint, rejected bigint, unopened bigint
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    entry sluice.audit;
BEGIN
    entry := sluice.audit_begun(begun, 'replay-begin', 'replay-end');
    RETURN QUERY SELECT made.seq, made.hash FROM sluice.audit_append(
        'replay-end', os_user, NULL, entry.ticket, entry.pipeline, 0, jsonb_build_object('of', begun, 'entries', entries,
            'stored', stored, 'duplicates', duplicates, 'rejected', rejected, 'unopened', unopened)::text) AS made;
END
$body$;

-- A replay was refused before anything was opened: these fields would have been stored with less protection.
CREATE FUNCTION sluice.audit_replay_refused(
    os_user text, ticket text, pipeline text, version text, weakened text[]
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM sluice.audit_demand_replay(ticket, pipeline, version, weakened);
    RETURN QUERY SELECT entry.seq, entry.hash FROM sluice.audit_append(
        'denied', os_user, NULL, ticket, pipeline, 0, jsonb_build_object(
            'asked', 'replay-begin', 'why', 'LESS_PROTECTION', 'version', version, 'fields', weakened)::text) AS entry;
END
$body$;

-- One original is about to be opened to show its shape: names, types and lengths.
CREATE FUNCTION sluice.audit_inspect(os_user text, ticket text, pipeline text, version text, entry_id bigint)
RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF NOT EXISTS (SELECT FROM sluice.quarantine AS known WHERE known.id = entry_id) THEN
        RAISE EXCEPTION 'there is no such entry' USING ERRCODE = '22023';
    END IF;
    PERFORM sluice.audit_demand_replay(ticket, pipeline, version, '{}');
    RETURN QUERY SELECT entry.seq, entry.hash FROM sluice.audit_append(
        'inspect', os_user, NULL, ticket, pipeline, 0, jsonb_build_object('version', version, 'entry', entry_id)::text)
        AS entry;
END
$body$;

REVOKE ALL ON FUNCTION sluice.audit_demand_replay(text, text, text, text[]),
    sluice.audit_replay_begin(text, text, text, text, bigint, text[]),
    sluice.audit_replay_end(text, bigint, bigint, bigint, bigint, bigint, bigint),
    sluice.audit_replay_refused(text, text, text, text, text[]),
    sluice.audit_inspect(text, text, text, text, bigint) FROM PUBLIC;
