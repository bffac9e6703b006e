package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.db.DatabaseFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;

/** Claims keys by COPY: all of them, or none. Stateless. */
final class LedgerCopy {

    private LedgerCopy() {}

    /**
     * @param keys one row per key
     * @return as many bits as keys
     * @throws Ledger.Conflict when a key is taken; the transaction is lost
     */
    static BitSet claimAll(Connection connection, CopyBuffer keys, String sql) throws SQLException {
        int count = keys.rows();
        if (taken(connection, keys, sql) != count) {
            throw new InfrastructureException(
                    Kind.FATAL,
                    "the ledger took fewer keys than it was given (a trigger or rule on it?); nothing was stored");
        }
        BitSet all = new BitSet(count);
        all.set(0, count);
        return all;
    }

    private static long taken(Connection connection, CopyBuffer keys, String sql) throws SQLException {
        try {
            return keys.copyTo(connection, sql);
        } catch (SQLException e) {
            if (DatabaseFailures.state(e).equals(DatabaseFailures.UNIQUE_VIOLATION)) {
                throw new Ledger.Conflict();
            }
            throw e;
        }
    }
}
