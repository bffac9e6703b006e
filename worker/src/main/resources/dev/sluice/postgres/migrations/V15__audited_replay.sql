-- What a sealed original is bound to, besides pipeline and message: how the pipeline that sealed it stores each field. It is
-- part of the seal's associated data, so who changes it here makes an original that cannot be opened. NULL for originals
-- that were sealed before this version.
ALTER TABLE sluice.quarantine ADD COLUMN protection text CHECK (octet_length(protection) <= 1000000);

COMMENT ON COLUMN sluice.quarantine.protection IS 'JSON pointer of each field that was stored, and its mask when the original was sealed';

-- Entries about the opening of originals. Each is committed before the first original is opened; the result refers to it.
-- Names and pointers are those of pipeline files and table columns, never a value; their forms are checked here, since the
-- caller may be any program.
CREATE FUNCTION sluice.replay_demand(ticket text, pipeline text, version text, fields text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF (ticket ~ '^[A-Za-z0-9][A-Za-z0-9_/#-]{0,63}$') IS NOT TRUE THEN
        RAISE EXCEPTION 'the ticket is not of its form' USING ERRCODE = '22023';
    END IF;
    IF (pipeline ~ '^[a-z][a-z0-9-]{0,62}$' AND version ~ '^[0-9a-f]{12}$') IS NOT TRUE THEN
        RAISE EXCEPTION 'pipeline and version are not of their form' USING ERRCODE = '22023';
    END IF;
    IF fields IS NULL OR cardinality(fields) > 100 OR EXISTS (
        SELECT FROM unnest(fields) AS given (field)
        WHERE (given.field ~ '^/' AND length(given.field) <= 1000) IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'the fields are not JSON pointers' USING ERRCODE = '22023';
    END IF;
END
$body$;

-- Originals are about to be opened and mapped again. entries: how many, at the most; exposed: fields that were not stored
-- when they were sealed, and are to be stored as they are now, by the caller's own word.
CREATE FUNCTION sluice.replay_begin(
    os_user text, ticket text, pipeline text, version text, entries bigint, exposed text[]
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $body$
BEGIN
    PERFORM sluice.replay_demand(ticket, pipeline, version, exposed);
    IF (entries > 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'there is nothing to replay' USING ERRCODE = '22023';
    END IF;
    RETURN QUERY SELECT entry.seq, entry.hash FROM sluice.audit_append(
        'replay-begin', os_user, NULL, ticket, pipeline, 0, jsonb_strip_nulls(jsonb_build_object(
            'version', version, 'entries', entries, 'exposed', nullif(exposed, '{}')))::text) AS entry;
END
$body$;

-- What came of it. begun: the caller's own entry.
CREATE FUNCTION sluice.replay_end(
    os_user text, begun bigint, entries bigint, stored bigint, duplicates bigint, rejected bigint, unopened bigint
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $body$
DECLARE
    entry sluice.audit;
BEGIN
    SELECT known.* INTO entry FROM sluice.audit AS known
    WHERE known.seq = begun AND known.actor = session_user::text AND known.action = 'replay-begin';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the entry is not one of this user that began a replay' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY SELECT result.seq, result.hash FROM sluice.audit_append(
        'replay-end', os_user, NULL, entry.ticket, entry.pipeline, 0, jsonb_build_object('of', begun, 'entries', entries,
            'stored', stored, 'duplicates', duplicates, 'rejected', rejected, 'unopened', unopened)::text) AS result;
END
$body$;

-- A replay was refused before anything was opened: these fields would have been stored with less protection.
CREATE FUNCTION sluice.replay_refused(os_user text, ticket text, pipeline text, version text, weakened text[])
RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $body$
BEGIN
    PERFORM sluice.replay_demand(ticket, pipeline, version, weakened);
    RETURN QUERY SELECT entry.seq, entry.hash FROM sluice.audit_append(
        'denied', os_user, NULL, ticket, pipeline, 0, jsonb_build_object(
            'asked', 'replay-begin', 'why', 'LESS_PROTECTION', 'version', version, 'fields', weakened)::text) AS entry;
END
$body$;

-- One original is about to be opened to show its shape: names, types and lengths.
CREATE FUNCTION sluice.quarantine_inspect(os_user text, ticket text, pipeline text, version text, entry_id bigint)
RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $body$
BEGIN
    PERFORM sluice.replay_demand(ticket, pipeline, version, '{}');
    IF NOT EXISTS (SELECT FROM sluice.quarantine AS known WHERE known.id = entry_id) THEN
        RAISE EXCEPTION 'there is no such entry' USING ERRCODE = '22023';
    END IF;
    RETURN QUERY SELECT entry.seq, entry.hash FROM sluice.audit_append(
        'inspect', os_user, NULL, ticket, pipeline, 0, jsonb_build_object('version', version, 'entry', entry_id)::text)
        AS entry;
END
$body$;

REVOKE ALL ON FUNCTION sluice.replay_demand(text, text, text, text[]),
    sluice.replay_begin(text, text, text, text, bigint, text[]),
    sluice.replay_end(text, bigint, bigint, bigint, bigint, bigint, bigint),
    sluice.replay_refused(text, text, text, text, text[]),
    sluice.quarantine_inspect(text, text, text, text, bigint) FROM PUBLIC;
