-- Redelivered messages that workers have in flight, noted before they are tried and forgotten when they are settled. What
-- stands here when its message comes again was in the hands of a worker that died, or that lost it: one of those messages
-- may be what killed it. Nothing here outlives the retention of a queue, 14 days at the most.
CREATE TABLE sluice.attempt (
    message_id uuid PRIMARY KEY,
    alone boolean NOT NULL DEFAULT false,
    began_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE sluice.attempt IS 'Redelivered messages that workers have in flight; alone when nothing else was tried beside one';

-- The functions run as their owner, so that the worker's role needs no right on the table. They turn synchronous_commit off
-- for their transaction, which holds nothing else: what is noted must outlive the worker, not the server.

-- Notes messages that are about to be tried together. Answers those that were noted before, as they were; these stay as
-- they are, since they are tried one by one later.
CREATE FUNCTION sluice.attempts_begin(ids uuid[]) RETURNS TABLE (message_id uuid, alone boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
#variable_conflict use_column
BEGIN
    IF cardinality(ids) > 100000 THEN
        RAISE EXCEPTION 'more than 100,000 messages' USING ERRCODE = '22023';
    END IF;
    PERFORM set_config('synchronous_commit', 'off', true);
    RETURN QUERY SELECT known.message_id, known.alone FROM sluice.attempt AS known WHERE known.message_id = ANY (ids);
    INSERT INTO sluice.attempt (message_id)
    SELECT DISTINCT id FROM unnest(ids) AS id ORDER BY id
    ON CONFLICT DO NOTHING;
END
$body$;

REVOKE ALL ON FUNCTION sluice.attempts_begin(uuid[]) FROM PUBLIC;

-- Notes that messages are tried, each with nothing beside it.
CREATE FUNCTION sluice.attempts_begin_alone(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF cardinality(ids) > 100000 THEN
        RAISE EXCEPTION 'more than 100,000 messages' USING ERRCODE = '22023';
    END IF;
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO sluice.attempt (message_id, alone)
    SELECT DISTINCT id, true FROM unnest(ids) AS id ORDER BY id
    ON CONFLICT ON CONSTRAINT attempt_pkey DO UPDATE SET alone = true, began_at = now();
END
$body$;

REVOKE ALL ON FUNCTION sluice.attempts_begin_alone(uuid[]) FROM PUBLIC;

-- Forgets messages that are settled or given back, and whatever is older than any queue keeps a message.
CREATE FUNCTION sluice.attempts_end(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF cardinality(ids) > 100000 THEN
        RAISE EXCEPTION 'more than 100,000 messages' USING ERRCODE = '22023';
    END IF;
    PERFORM set_config('synchronous_commit', 'off', true);
    DELETE FROM sluice.attempt WHERE message_id = ANY (ids) OR began_at < now() - interval '15 days';
END
$body$;

REVOKE ALL ON FUNCTION sluice.attempts_end(uuid[]) FROM PUBLIC;
