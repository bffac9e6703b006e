package dev.sluice.postgres.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QueryIT {

    private static final String NUMBERS = "SELECT n FROM generate_series(1, ?) AS n ORDER BY n";

    private final TestDatabase database = TestDatabase.create();

    @Test
    void bindsEachTypeByPosition() throws SQLException {
        try (Connection connection = Connections.single(database.address())) {
            String shown = Query.of(
                            connection,
                            "SELECT concat_ws('|', ?::text, ?::integer, ?::bigint, ?::boolean, encode(?, 'hex'), ?::uuid,"
                                    + " ?::date, ?::timestamptz, array_to_string(?, ',', '-'),"
                                    + " array_to_string(?::bigint[], ','), encode((?)[2], 'hex'))",
                            "text",
                            1,
                            2L,
                            true,
                            new byte[] {10},
                            new UUID(0, 3),
                            LocalDate.of(2026, 1, 2),
                            Instant.parse("2026-01-02T03:04:05Z"),
                            Query.texts(Arrays.asList("a", null, "b")),
                            Query.array("bigint", new Long[] {4L, 5L}),
                            Query.array("bytea", new byte[][] {{1}, {2}}))
                    .text();
            assertThat(shown)
                    .isEqualTo("text|1|2|t|0a|00000000-0000-0000-0000-000000000003|2026-01-02|2026-01-02 03:04:05+00"
                            + "|a,-,b|4,5|02");
        }
    }

    @Test
    void bindsNullAndReadsIt() throws SQLException {
        try (Connection connection = Connections.single(database.address())) {
            assertThat(Query.of(connection, "SELECT ?::text", (Object) null).text())
                    .isEmpty();
            assertThat(Query.of(connection, "SELECT ?::bigint", (Object) null).number())
                    .isZero();
            assertThat(Query.of(connection, "SELECT NULL::boolean").isTrue()).isFalse();
            List<String> none = Query.of(connection, "SELECT NULL::text[]").one(row -> Query.texts(row, 1));
            assertThat(none).isEmpty();
        }
    }

    @Test
    void readsNoneOneOrManyRows() throws SQLException {
        try (Connection connection = Connections.single(database.address())) {
            assertThat(Query.of(connection, NUMBERS, 0).first(row -> row.getInt(1)))
                    .isEmpty();
            assertThat(Query.of(connection, NUMBERS, 0).hasRow()).isFalse();
            assertThat(Query.of(connection, NUMBERS, 2).first(row -> row.getInt(1)))
                    .contains(1);
            assertThat(Query.of(connection, NUMBERS, 3).list(row -> row.getInt(1)))
                    .containsExactly(1, 2, 3);
            assertThatThrownBy(() -> Query.of(connection, NUMBERS, 0).number())
                    .isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void readsInStepsUntilEnough() throws SQLException {
        try (Connection connection = Connections.single(database.address())) {
            connection.setAutoCommit(false);
            List<Integer> seen = new ArrayList<>();
            Query.of(connection, NUMBERS, 1_000).forEachWhile(10, row -> {
                seen.add(row.getInt(1));
                return seen.size() < 25;
            });
            assertThat(seen).hasSize(25).endsWith(25);
        }
    }

    @Test
    void countsWhatItChanges() throws SQLException {
        try (Connection connection = Connections.single(database.address())) {
            Query.execute(connection, "CREATE TEMP TABLE t (a int, b text)");
            assertThat(Query.updateAll(
                            connection,
                            "INSERT INTO t VALUES (?, ?)",
                            List.of(new Object[] {1, null}, new Object[] {2, "x"}, new Object[] {3, null})))
                    .isEqualTo(3);
            assertThat(Query.of(connection, "DELETE FROM t WHERE b IS NULL").update())
                    .isEqualTo(2);
        }
    }

    @Test
    void letsTheServersErrorThrough() throws SQLException {
        try (Connection connection = Connections.single(database.address())) {
            assertThatThrownBy(() ->
                            Query.of(connection, "SELECT 1 / ?::integer", 0).number())
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22012"));
        }
    }
}
