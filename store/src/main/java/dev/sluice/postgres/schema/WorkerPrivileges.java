package dev.sluice.postgres.schema;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** The privileges on schema {@code sluice} that a worker needs. Stateless. */
public final class WorkerPrivileges {

    private static final String MISSING =
            """
            SELECT coalesce(string_agg(need, ', '), '') FROM (
                SELECT 'INSERT on ' || name FROM unnest(ARRAY['sluice.ledger', 'sluice.quarantine', 'sluice.ledger_by_key'])
                    AS name
                WHERE NOT CASE WHEN name = 'sluice.quarantine' THEN has_any_column_privilege(name, 'INSERT')
                    ELSE has_table_privilege(name, 'INSERT') END
                UNION ALL SELECT 'EXECUTE on ' || split_part(signature, '(', 1) FROM unnest(?) AS signature
                WHERE NOT has_function_privilege(signature, 'EXECUTE')) AS missing (need)
            """;

    /** A running worker waits for these. */
    private static final List<String> TO_STORE = List.of(
            "sluice.ledger_claim(timestamptz[], uuid[], integer[])",
            "sluice.ledger_claim_keys(bytea[])",
            "sluice.attempts_begin(uuid[])",
            "sluice.attempts_begin_alone(uuid[])",
            "sluice.attempts_end(uuid[])");

    /** No batch waits for these. */
    private static final List<String> FOR_MAINTENANCE = List.of(
            "sluice.ledger_ensure(integer, integer)",
            "sluice.ledger_prune(integer)",
            "sluice.ledger_horizon(text, integer)",
            "sluice.ledger_by_key_prune(integer, bigint)",
            "sluice.partitions_ensure(regclass)");

    private WorkerPrivileges() {}

    /** The missing privileges, those for maintenance too, separated by commas; empty when there are none. */
    static String missing(Connection connection) throws SQLException {
        return missing(
                connection,
                Stream.concat(TO_STORE.stream(), FOR_MAINTENANCE.stream()).toList());
    }

    private static String missing(Connection connection, List<String> functions) throws SQLException {
        return Query.of(connection, MISSING, Query.texts(functions)).text();
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
