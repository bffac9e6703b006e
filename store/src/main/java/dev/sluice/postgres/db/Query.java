package dev.sluice.postgres.db;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One SQL statement with its parameters, run on a connection that the caller owns. Closes the statement and lets every
 * {@link SQLException} through, so that {@link Database} and {@link DatabaseFailures} translate it. One thread.
 *
 * <p>Parameters are bound by position: null, String, Integer, Long, Boolean, byte[], UUID, LocalDate, Instant, or a
 * {@link Parameter}. The server infers the type of a null; where it cannot, the SQL has a cast.
 */
public final class Query {

    private final Connection connection;
    private final String sql;
    private final @Nullable Object[] parameters;

    private Query(Connection connection, String sql, @Nullable Object[] parameters) {
        this.connection = connection;
        this.sql = sql;
        this.parameters = parameters;
    }

    /** @param parameters as many as {@code sql} has question marks */
    public static Query of(Connection connection, String sql, @Nullable Object... parameters) {
        return new Query(connection, sql, parameters);
    }

    /** Runs a command that returns nothing, or a function whose result does not matter. */
    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A text whose null has a type: in a batch, the driver parses the statement again when a parameter's type changes. */
    public static Parameter text(@Nullable String value) {
        return (statement, place) -> statement.setString(place, value);
    }

    /** Bytes whose null has a type, as {@link #text(String)}. */
    public static Parameter bytes(byte @Nullable [] value) {
        return (statement, place) -> statement.setBytes(place, value);
    }

    /** A bigint whose null has a type, as {@link #text(String)}. */
    public static Parameter bigint(@Nullable Long value) {
        return (statement, place) -> statement.setObject(place, value, Types.BIGINT);
    }

    /** An array of texts, some of which may be null. */
    public static Parameter texts(Collection<? extends @Nullable String> values) {
        return array("text", values.toArray());
    }

    /**
     * An array of some type.
     *
     * @param type PostgreSQL's name of the elements' type
     * @param values of its Java type: for {@code bytea}, a {@code byte[][]}
     */
    public static Parameter array(String type, @Nullable Object[] values) {
        return (statement, place) ->
                statement.setArray(place, statement.getConnection().createArrayOf(type, values));
    }

    /** All rows. */
    public <T> List<T> list(RowMapper<T> mapper) throws SQLException {
        List<T> rows = new ArrayList<>();
        forEach(row -> rows.add(mapper.map(row)));
        return rows;
    }

    /** The first row; empty when there is none. */
    public <T> Optional<T> first(RowMapper<T> mapper) throws SQLException {
        try (PreparedStatement statement = prepare();
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
        }
    }

    /** The first row of a query that always returns one. */
    public <T> T one(RowMapper<T> mapper) throws SQLException {
        return first(mapper).orElseThrow(() -> new NoSuchElementException("the query returned no row"));
    }

    /** The first column of the only row; empty for NULL. */
    public String text() throws SQLException {
        return one(row -> Optional.ofNullable(row.getString(1))).orElse("");
    }

    /** The first column of the only row; 0 for NULL. */
    public long number() throws SQLException {
        return one(row -> row.getLong(1));
    }

    /** The first column of the only row; false for NULL. */
    public boolean isTrue() throws SQLException {
        return one(row -> row.getBoolean(1));
    }

    /** Whether there is a row. */
    public boolean hasRow() throws SQLException {
        return first(row -> true).isPresent();
    }

    /** Reads every row. */
    public void forEach(RowVisitor visitor) throws SQLException {
        forEachWhile(0, row -> {
            visitor.visit(row);
            return true;
        });
    }

    /**
     * Reads rows until the visitor returns false.
     *
     * @param fetchSize rows that the driver holds at a time, within a transaction; 0 for all
     */
    public void forEachWhile(int fetchSize, RowMapper<Boolean> visitor) throws SQLException {
        try (PreparedStatement statement = prepare()) {
            statement.setFetchSize(fetchSize);
            try (ResultSet rows = statement.executeQuery()) {
                boolean isWanted = true;
                while (isWanted && rows.next()) {
                    isWanted = visitor.map(rows);
                }
            }
        }
    }

    /** Runs an INSERT, UPDATE or DELETE and returns how many rows it changed. */
    public long update() throws SQLException {
        try (PreparedStatement statement = prepare()) {
            return statement.executeLargeUpdate();
        }
    }

    /**
     * Runs one INSERT, UPDATE or DELETE for each list of parameters, in one round trip.
     *
     * @param batch each as for {@link #of}
     * @return how many rows all of them changed
     */
    public static long updateAll(Connection connection, String sql, List<@Nullable Object[]> batch)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (@Nullable Object[] parameters : batch) {
                bind(statement, parameters);
                statement.addBatch();
            }
            return Arrays.stream(statement.executeBatch()).asLongStream().sum();
        }
    }

    /** A point in time; null for NULL. */
    public static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** An array of texts; empty for NULL. */
    public static List<String> texts(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : Arrays.asList((String[]) array.getArray());
    }

    private PreparedStatement prepare() throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            bind(statement, parameters);
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value == null) {
                statement.setNull(i + 1, Types.OTHER); // without a type
            } else if (value instanceof Parameter parameter) {
                parameter.bind(statement, i + 1);
            } else if (value instanceof Instant instant) {
                statement.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
            } else {
                statement.setObject(i + 1, value);
            }
        }
    }

    /** A parameter that needs more than its value. */
    @FunctionalInterface
    public interface Parameter {
        /** @param place from 1 */
        void bind(PreparedStatement statement, int place) throws SQLException;
    }

    /** Makes a value from the current row; does not move to another. */
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Reads the current row; does not move to another. */
    @FunctionalInterface
    public interface RowVisitor {
        void visit(ResultSet row) throws SQLException;
    }
}
