-- A schema public in which a stranger has made whatever our SQL might take for its own: functions and operators with the
-- arguments of those in pg_catalog, some closer to what a driver sends (varchar for text), and domains named like types.
-- Each does what the original does, and counts its call when the session is Sluice's.
SET search_path = pg_catalog, pg_temp;
SET check_function_bodies = off;

CREATE SCHEMA hostile;
CREATE SEQUENCE hostile.count; -- outlives a rollback, as the table does not
CREATE TABLE hostile.call (what text, login text);
GRANT USAGE ON SCHEMA hostile TO PUBLIC;
GRANT USAGE ON SEQUENCE hostile.count TO PUBLIC;
GRANT INSERT ON hostile.call TO PUBLIC;
GRANT CREATE ON SCHEMA public TO PUBLIC; -- the default up to PostgreSQL 14, kept by upgrades

CREATE FUNCTION hostile.note(what text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
    IF current_setting('application_name') = 'sluice' THEN
        PERFORM nextval('hostile.count');
        INSERT INTO hostile.call VALUES (what, current_user);
    END IF;
    RETURN true;
END
$body$;

DO $install$
DECLARE
    one record;
    variant text;
    taken text;
    swap text;
    name text;
BEGIN
    FOR one IN
        SELECT proname, proretset, format_type(prorettype, NULL) AS result,
            ARRAY(SELECT format_type(argument, NULL) FROM unnest(proargtypes) WITH ORDINALITY AS a (argument, place)
                ORDER BY place) AS arguments
        FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND provariadic = 0 AND proargmodes IS NULL
            AND prolang <> 0
            AND NOT (proargtypes::oid[] || prorettype) && ARRAY(SELECT oid FROM pg_type
                WHERE typtype = 'p' AND typname NOT IN ('anyelement', 'anyarray', 'void'))
            AND prorettype <> 'void'::regtype
            AND proname !~ '^(bt|hash|gin|gist|brin|spg|pg_stat_get|binary_upgrade|lo_|inet|cash|macaddr|circle|box|poly|path)'
    LOOP
        FOREACH swap IN ARRAY CASE WHEN 'text' = ANY (one.arguments) THEN ARRAY['text', 'character varying']
            ELSE ARRAY['text'] END
        LOOP
            taken := array_to_string(array_replace(one.arguments, 'text', swap), ', ');
            BEGIN
                EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s %s LANGUAGE plpgsql SET search_path = pg_catalog'
                    ' AS $f$ BEGIN PERFORM hostile.note(%L); %s pg_catalog.%I(%s); %s END $f$',
                    one.proname, taken, CASE WHEN one.proretset THEN 'SETOF' ELSE '' END, one.result,
                    one.proname || '(' || taken || ')',
                    CASE WHEN one.proretset THEN 'RETURN QUERY SELECT' ELSE 'RETURN' END, one.proname,
                    (SELECT string_agg('$' || place, ', ' ORDER BY place)
                        FROM generate_series(1, cardinality(one.arguments)) AS place),
                    CASE WHEN one.proretset THEN 'RETURN;' ELSE '' END);
            EXCEPTION WHEN OTHERS THEN
                NULL; -- what cannot be made cannot harm
            END;
        END LOOP;
    END LOOP;

    FOR one IN
        SELECT DISTINCT oprname, l.type AS taken_left, r.type AS taken_right, format_type(oprresult, NULL) AS result
        FROM pg_operator
            CROSS JOIN LATERAL (SELECT format_type(oprleft, NULL) UNION SELECT 'character varying' WHERE oprleft = 25
                UNION SELECT 'text' WHERE oprleft = 19) AS l (type)
            CROSS JOIN LATERAL (SELECT format_type(oprright, NULL) UNION SELECT 'character varying' WHERE oprright = 25
                UNION SELECT 'regclass' WHERE oprright = 26) AS r (type)
        WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprleft <> 0 AND oprresult <> 0
    LOOP
        name := 'op' || nextval('hostile.count');
        BEGIN
            EXECUTE format('CREATE FUNCTION hostile.%I(%s, %s) RETURNS %s LANGUAGE plpgsql SET search_path = pg_catalog'
                ' AS $f$ BEGIN PERFORM hostile.note(%L); RETURN $1 OPERATOR(pg_catalog.%s) $2; END $f$',
                name, one.taken_left, one.taken_right, one.result,
                one.taken_left || ' ' || one.oprname || ' ' || one.taken_right, one.oprname);
            EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = hostile.%I)',
                one.oprname, one.taken_left, one.taken_right, name);
        EXCEPTION WHEN OTHERS THEN
            NULL;
        END;
    END LOOP;

    FOREACH name IN ARRAY ARRAY['text', 'date', 'uuid', 'bytea', 'tid', 'oid', 'name', 'timestamptz', 'jsonb', 'int4',
        'int8', 'bool', 'regclass', 'regproc', 'regprocedure', 'regnamespace', 'regrole', 'regtype', 'inet', 'cidr']
    LOOP
        EXECUTE format('CREATE DOMAIN public.%I AS pg_catalog.%I CHECK (hostile.note(%L))', name, name, 'domain ' || name);
    END LOOP;

    FOR one IN SELECT * FROM (VALUES ('max', 'bigint'), ('max', 'integer'), ('max', 'text'), ('min', 'bigint'),
        ('sum', 'bigint')) AS aggregate (name, type)
    LOOP
        EXECUTE format('CREATE FUNCTION hostile.%I(%s, %s) RETURNS %s LANGUAGE plpgsql SET search_path = pg_catalog'
            ' AS $f$ BEGIN PERFORM hostile.note(%L); RETURN greatest($1, $2); END $f$',
            one.name || '_step', one.type, one.type, one.type, 'aggregate ' || one.name || ' of ' || one.type);
        EXECUTE format('CREATE AGGREGATE public.%I(%s) (SFUNC = hostile.%I, STYPE = %s)', one.name, one.type,
            one.name || '_step', one.type);
    END LOOP;
    EXECUTE 'CREATE FUNCTION hostile.count_step(bigint) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog'
        ' AS $f$ BEGIN PERFORM hostile.note(''aggregate count''); RETURN $1 + 1; END $f$';
    EXECUTE 'CREATE AGGREGATE public.count(*) (SFUNC = hostile.count_step, STYPE = bigint, INITCOND = ''0'')';
END
$install$;


SELECT setval('hostile.count', 1, false);
