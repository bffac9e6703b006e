-- What must be done by one session at a time is done under a row lock here, taken within our functions, which run as the
-- owner. Nobody else may read the table, so nobody else can hold a lock on its rows. Advisory locks could be held by anyone
-- who may log in, without a single grant: their keys are no secret.
CREATE TABLE sluice.mutex (name text PRIMARY KEY);

COMMENT ON TABLE sluice.mutex IS 'Rows that our functions lock; without any meaning but their names';

INSERT INTO sluice.mutex VALUES ('audit'), ('ledger'), ('ledger-by-key'), ('partitions'), ('roles');

REVOKE ALL ON TABLE sluice.mutex FROM PUBLIC;

-- Takes a mutex until the transaction ends; waits for as long as the caller's lock_timeout says (55P03).
CREATE FUNCTION sluice.mutex_take(mutex text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM FROM sluice.mutex AS known WHERE known.name = mutex_take.mutex FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such mutex' USING ERRCODE = '22023';
    END IF;
END
$body$;

REVOKE ALL ON FUNCTION sluice.mutex_take(text) FROM PUBLIC;

-- Who holds a mutex, for the message of one who waited in vain: process and login. No row when nobody does. A row that is
-- locked bears its locker's transaction as xmax, and every transaction holds a lock on its own number.
CREATE FUNCTION sluice.mutex_holder(mutex text) RETURNS TABLE (pid integer, login text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    SELECT held.pid, activity.usename::text
    FROM sluice.mutex AS known
        JOIN pg_locks AS held ON held.locktype = 'transactionid' AND held.transactionid = known.xmax AND held.granted
        LEFT JOIN pg_stat_activity AS activity ON activity.pid = held.pid
    WHERE known.name = mutex_holder.mutex
$body$;

REVOKE ALL ON FUNCTION sluice.mutex_holder(text) FROM PUBLIC;
