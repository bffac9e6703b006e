package dev.sluice.postgres;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.mapping.FieldCounts;
import dev.sluice.mapping.FieldCounts.ColumnCount;
import dev.sluice.mapping.FieldCounts.UnreadField;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code sluice.field_count}: what workers counted of absent and unread fields, per pipeline and day. Written and read
 * through functions, since the worker's role reads no table. Thread-safe.
 */
public final class FieldCountTable {

    private static final String RECORD = "record which fields were absent or unread";
    private static final String READ = "read which fields were absent or unread";

    /** Nobody waits for these counts; what is not recorded now is recorded later. */
    private static final String BRIEFLY = "SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '3s'";

    private static final String RECORDS = "records";
    private static final String ABSENT = "absent";
    private static final String UNREAD = "unread";

    private FieldCountTable() {}

    /**
     * Adds counts to those of today, by the database's clock. Takes some seconds at most. Over a connection of its own: a
     * worker's pool has none to spare, and a batch would wait for it.
     *
     * @throws dev.sluice.failure.InfrastructureException as {@link Connections#once}
     */
    public static void add(DatabaseSettings address, PipelineSpec spec, FieldCounts counts) {
        List<String> kinds = new ArrayList<>(List.of(RECORDS));
        List<String> names = new ArrayList<>(List.of(""));
        List<Long> numbers = new ArrayList<>(List.of(counts.records()));
        for (ColumnCount column : counts.columns()) {
            if (column.absent() > 0) {
                kinds.add(ABSENT);
                names.add(column.column());
                numbers.add(column.absent());
            }
        }
        for (UnreadField field : counts.unread()) {
            kinds.add(UNREAD);
            names.add(field.field());
            numbers.add(field.count());
        }
        Connections.once(address, RECORD, connection -> {
            Query.execute(connection, BRIEFLY);
            return Query.of(
                            connection,
                            "SELECT sluice.fields_record(?, ?, ?, ?)",
                            spec.name(),
                            Query.texts(kinds),
                            Query.texts(names),
                            Query.array("bigint", numbers.toArray()))
                    .hasRow();
        });
    }

    /**
     * The counts of today and the seven days before, by day; days without a record are left out. Over a connection of its
     * own, for a check.
     *
     * @throws dev.sluice.failure.InfrastructureException as {@link Connections#once}; NOT_PERMITTED if the role may not
     *     read them
     */
    public static SortedMap<LocalDate, FieldCounts> recent(DatabaseSettings address, PipelineSpec spec) {
        return Connections.once(address, READ, connection -> recent(connection, spec));
    }

    private static SortedMap<LocalDate, FieldCounts> recent(Connection connection, PipelineSpec spec)
            throws SQLException {
        SortedMap<LocalDate, Map<String, Map<String, Long>>> rows = new TreeMap<>();
        Query.of(connection, "SELECT day, kind, name, count FROM sluice.fields_recent(?)", spec.name())
                .forEach(row -> rows.computeIfAbsent(row.getObject(1, LocalDate.class), day -> new HashMap<>())
                        .computeIfAbsent(row.getString(2), kind -> new TreeMap<>())
                        .put(row.getString(3), row.getLong(4)));
        SortedMap<LocalDate, FieldCounts> days = new TreeMap<>();
        rows.forEach((day, kinds) -> days.put(day, counts(spec, kinds)));
        return days;
    }

    /** Of the columns that the pipeline has today. */
    private static FieldCounts counts(PipelineSpec spec, Map<String, Map<String, Long>> kinds) {
        Map<String, Long> absent = kinds.getOrDefault(ABSENT, Map.of());
        List<UnreadField> unread = kinds.getOrDefault(UNREAD, Map.of()).entrySet().stream()
                .map(field -> new UnreadField(field.getKey(), field.getValue()))
                .toList();
        return new FieldCounts(
                kinds.getOrDefault(RECORDS, Map.of()).getOrDefault("", 0L),
                FieldCounts.of(spec).columns().stream()
                        .map(column -> column.plus(absent.getOrDefault(column.column(), 0L)))
                        .toList(),
                unread,
                unread.stream().mapToLong(UnreadField::count).sum());
    }
}
