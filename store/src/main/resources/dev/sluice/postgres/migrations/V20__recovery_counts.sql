-- How many requests to recover values the audit holds after an entry: the worker's metrics show them, so that a burst raises
-- an alert. Counts only, so that a worker's login learns no name and no token. At most 10,000 entries per call.
-- after: the entry that was counted last; NULL for none, which counts nothing and answers with the head.
CREATE FUNCTION sluice.recovery_counts(after bigint) RETURNS TABLE (seq bigint, granted bigint, denied bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    WITH head AS (SELECT coalesce(max(known.seq), 0) AS seq FROM sluice.audit AS known),
    fresh AS (
        SELECT known.seq, known.action,
            CASE known.action WHEN 'denied' THEN known.details::jsonb ->> 'asked' END AS asked
        FROM sluice.audit AS known, head WHERE known.seq > coalesce(after, head.seq)
        ORDER BY known.seq LIMIT 10000
    )
    SELECT coalesce(max(fresh.seq), after, (SELECT head.seq FROM head)),
        count(*) FILTER (WHERE fresh.action IN ('unmask', 'fetch', 'export')),
        count(*) FILTER (WHERE fresh.asked IN ('unmask', 'fetch', 'export'))
    FROM fresh
$body$;

REVOKE ALL ON FUNCTION sluice.recovery_counts(bigint) FROM PUBLIC;
