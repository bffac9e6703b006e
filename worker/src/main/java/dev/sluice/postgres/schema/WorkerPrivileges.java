package dev.sluice.postgres.schema;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;

/** The privileges on schema {@code sluice} that a worker needs. Stateless. */
public final class WorkerPrivileges {

    private static final String MISSING =
            "SELECT coalesce(string_agg(need, ', '), '') FROM (VALUES %s) AS needs (need, met) WHERE NOT met";

    /** A running worker waits for these. */
    private static final String TO_STORE =
            """
            ('INSERT on sluice.ledger', has_table_privilege('sluice.ledger', 'INSERT')),
            ('INSERT on sluice.quarantine', has_any_column_privilege('sluice.quarantine', 'INSERT')),
            ('INSERT on sluice.ledger_by_key', has_table_privilege('sluice.ledger_by_key', 'INSERT')),
            ('EXECUTE on sluice.ledger_claim',
                has_function_privilege('sluice.ledger_claim(timestamptz[], uuid[], integer[])', 'EXECUTE')),
            ('EXECUTE on sluice.ledger_claim_keys',
                has_function_privilege('sluice.ledger_claim_keys(bytea[])', 'EXECUTE')),
            ('EXECUTE on sluice.attempts_begin', has_function_privilege('sluice.attempts_begin(uuid[])', 'EXECUTE')),
            ('EXECUTE on sluice.attempts_begin_alone',
                has_function_privilege('sluice.attempts_begin_alone(uuid[])', 'EXECUTE')),
            ('EXECUTE on sluice.attempts_end', has_function_privilege('sluice.attempts_end(uuid[])', 'EXECUTE'))
            """;

    /** No batch waits for these. */
    private static final String FOR_MAINTENANCE =
            """
            ('EXECUTE on sluice.ledger_ensure',
                has_function_privilege('sluice.ledger_ensure(integer, integer)', 'EXECUTE')),
            ('EXECUTE on sluice.ledger_prune', has_function_privilege('sluice.ledger_prune(integer)', 'EXECUTE')),
            ('EXECUTE on sluice.ledger_horizon',
                has_function_privilege('sluice.ledger_horizon(text, integer)', 'EXECUTE')),
            ('EXECUTE on sluice.ledger_by_key_prune',
                has_function_privilege('sluice.ledger_by_key_prune(integer, bigint)', 'EXECUTE')),
            ('EXECUTE on sluice.partitions_ensure',
                has_function_privilege('sluice.partitions_ensure(regclass)', 'EXECUTE'))
            """;

    private WorkerPrivileges() {}

    /** The missing privileges, those for maintenance too, separated by commas; empty when there are none. */
    static String missing(Connection connection) throws SQLException {
        return missing(connection, TO_STORE + ", " + FOR_MAINTENANCE);
    }

    private static String missing(Connection connection, String needs) throws SQLException {
        return Query.of(connection, MISSING.formatted(needs)).text();
    }

    /** @throws InfrastructureException TRANSIENT on a standby, or when a grant is missing that storing a batch needs */
    public static void requireWritable(Connection connection) throws SQLException {
        if (Query.of(connection, "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")
                .isTrue()) {
            throw new InfrastructureException(
                    Kind.TRANSIENT,
                    "the database is read-only (a standby, or a failover in progress); waiting until it accepts writes");
        }
        String missing = missing(connection, TO_STORE);
        if (!missing.isEmpty()) {
            throw new InfrastructureException(
                    Kind.TRANSIENT, "the role lacks " + missing + "; GRANT it, the worker waits");
        }
    }
}
