-- A goal of a rewrap may be the primary keys of all tenants: field@tenants:digest, the number of tenants that have keys and
-- the first 8 hex digits of the SHA-256 of the ids of their primary keys. Thousands of ids would not fit.
CREATE OR REPLACE FUNCTION sluice.audit_rewrap_begin(
    os_user text, pipeline text, hash_columns text[], goals text[]
) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM sluice.audit_demand_names(pipeline, hash_columns);
    IF goals IS NULL OR cardinality(goals) + cardinality(hash_columns) NOT BETWEEN 1 AND 100 OR EXISTS (
        SELECT FROM unnest(goals) AS given (goal)
        WHERE given.goal IS NULL
            OR given.goal !~ '^[a-z][a-z0-9-]{0,62}([.][a-z_][a-z0-9_]{0,62})?(@[0-9]{1,9})?:[0-9a-f]{8}$'
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
