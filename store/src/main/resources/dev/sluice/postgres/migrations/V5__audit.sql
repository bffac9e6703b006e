-- The trail of recovery: who asked for what, when and why. Append-only, each entry bound to the one before it by its hash.
-- Holds tokens, counts and names, never a clear value.
CREATE TABLE sluice.audit (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    os_user text NOT NULL,
    action text NOT NULL,
    reason text,
    ticket text,
    pipeline text NOT NULL,
    value_count integer NOT NULL CHECK (value_count >= 0),
    details text NOT NULL,
    previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

COMMENT ON TABLE sluice.audit IS 'Append-only; hash = SHA-256(previous_hash || entry), see sluice.audit_canonical';
COMMENT ON COLUMN sluice.audit.actor IS 'session_user: set by the server, not by the program';
COMMENT ON COLUMN sluice.audit.os_user IS 'As the program says: a hint, no proof';
COMMENT ON COLUMN sluice.audit.value_count IS 'How many masked values were asked for';

-- Names what is done, so that the operator learns it from the server too. Bites the owner as well, who must drop the
-- trigger to get past it; the hashes tell of that.
CREATE FUNCTION sluice.audit_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    RAISE EXCEPTION 'sluice.audit is append-only: % refused', TG_OP USING ERRCODE = '42501';
END
$body$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON sluice.audit
    FOR EACH ROW EXECUTE FUNCTION sluice.audit_refuse();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON sluice.audit
    FOR EACH STATEMENT EXECUTE FUNCTION sluice.audit_refuse();

-- One part of an entry as a netstring (D. J. Bernstein, 1997): its length in bytes, a colon, the bytes, a comma; "~," for
-- NULL. So no two entries have one text.
CREATE FUNCTION sluice.netstring(part text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $body$
    SELECT CASE WHEN part IS NULL THEN '~,'
        ELSE octet_length(convert_to(part, 'UTF8')) || ':' || part || ',' END
$body$;

-- What is hashed after the previous hash: all columns but the hashes, in the table's order, the time in microseconds since
-- 1970. dev.sluice.recovery.audit.Chain computes the same.
CREATE FUNCTION sluice.audit_canonical(entry sluice.audit) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $body$
    SELECT convert_to(
        sluice.netstring(entry.seq::text)
            || sluice.netstring((extract(epoch FROM entry.at) * 1000000)::bigint::text)
            || sluice.netstring(entry.actor)
            || sluice.netstring(entry.os_user)
            || sluice.netstring(entry.action)
            || sluice.netstring(entry.reason)
            || sluice.netstring(entry.ticket)
            || sluice.netstring(entry.pipeline)
            || sluice.netstring(entry.value_count::text)
            || sluice.netstring(entry.details),
        'UTF8')
$body$;

-- The one way to write an entry. Runs as the owner, so that no role needs a right to the table, and sets what a caller
-- must not choose: number, time, actor, hashes. The lock, held to the end of the transaction, makes entries one line.
CREATE FUNCTION sluice.audit_append(
    action text, os_user text, reason text, ticket text, pipeline text, value_count integer, details text
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    head sluice.audit;
    entry sluice.audit;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('sluice.audit', 0));
    SELECT * INTO head FROM sluice.audit AS known ORDER BY known.seq DESC LIMIT 1;
    entry.seq := coalesce(head.seq, 0) + 1;
    entry.at := clock_timestamp();
    entry.actor := session_user;
    entry.os_user := os_user;
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

REVOKE ALL ON TABLE sluice.audit FROM PUBLIC;
REVOKE ALL ON FUNCTION sluice.audit_append(text, text, text, text, text, integer, text) FROM PUBLIC;
