-- The ledgers are shared by all pipelines of a database, whose queues keep their messages for different times. Each
-- worker says for how many days it needs keys, at start and every day; keys are kept for as long as anyone said who may
-- still need them. So a worker of a short-lived queue forgets nothing that another needs, even while that one is down.
CREATE TABLE sluice.ledger_horizon (
    ledger text NOT NULL CHECK (ledger IN ('message', 'key')),
    days integer NOT NULL CHECK (days > 0),
    told_at timestamptz NOT NULL,
    PRIMARY KEY (ledger, days)
);

COMMENT ON TABLE sluice.ledger_horizon IS 'For how many days keys are needed, and when that was last said';

-- Notes what the caller needs, and says what all need together. After its own days a word counts no more: by then what
-- it was to protect has expired. Runs as the owner, as ledger_prune does.
CREATE FUNCTION sluice.ledger_horizon(of_ledger text, wanted integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    INSERT INTO sluice.ledger_horizon VALUES (of_ledger, wanted, now())
    ON CONFLICT ON CONSTRAINT ledger_horizon_pkey DO UPDATE SET told_at = excluded.told_at;
    RETURN (SELECT max(days) FROM sluice.ledger_horizon
        WHERE ledger = of_ledger AND told_at > now() - days * interval '1 day');
END
$body$;

REVOKE ALL ON FUNCTION sluice.ledger_horizon(text, integer) FROM PUBLIC;

DROP FUNCTION sluice.ledger_by_key_prune(timestamptz);

-- Forgets keys seen before that time in one stretch of the table, 4 MB or some 60,000 keys, and says at which block the
-- next one begins; NULL at the end, or when another worker is at it. One stretch a transaction: one DELETE of a large
-- ledger would run into the statement timeout every day anew. Reads the whole table, once a day: an index on the time
-- would cost every insert. Runs as the owner, as ledger_prune does.
CREATE FUNCTION sluice.ledger_by_key_prune(before timestamptz, first_block bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    next_block bigint := first_block + 512;
BEGIN
    IF before > now() - interval '1 day' THEN
        RAISE EXCEPTION 'keys of the last day are never pruned' USING ERRCODE = '22023';
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtextextended('sluice.ledger_by_key', 0)) THEN
        RETURN NULL;
    END IF;
    DELETE FROM sluice.ledger_by_key
    WHERE ctid >= format('(%s,0)', first_block)::tid AND ctid < format('(%s,0)', next_block)::tid
        AND seen_at < before;
    RETURN CASE WHEN next_block * current_setting('block_size')::bigint < pg_relation_size('sluice.ledger_by_key')
        THEN next_block END;
END
$body$;

REVOKE ALL ON FUNCTION sluice.ledger_by_key_prune(timestamptz, bigint) FROM PUBLIC;
