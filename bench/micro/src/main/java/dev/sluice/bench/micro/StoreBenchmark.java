package dev.sluice.bench.micro;

import dev.sluice.bench.stub.LoginEvents;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.SettingsReader;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.PostgresSink;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.Migrations;
import dev.sluice.postgres.schema.TargetTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.postgresql.PGConnection;

/**
 * A message from its masked row to the commit, in batches of 1,000 over one connection to an embedded PostgreSQL: by the
 * sink, with the ledger; and the floor, COPY of rows that are ready.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(StoreBenchmark.BATCH)
@SuppressWarnings("NullAway.Init") // JMH calls create() first.
public class StoreBenchmark {

    static final int BATCH = 1_000;

    private static final String COPY =
            "COPY user_logins (user_id, device_type, masked_ip, masked_device_id, locale, app_version, create_date)"
                    + " FROM STDIN";

    private PostgresServer server;
    private Database database;
    private PostgresSink sink;
    private Connection connection;
    private byte[] ready = {};
    private final List<Outcome> outcomes = new ArrayList<>();

    @Setup
    public void create() throws SQLException {
        PipelineSpec spec = Pipelines.load("user-logins-sha256");
        server = PostgresServer.start();
        String url = server.createDatabase();
        DatabaseSettings settings = SettingsReader.read(Map.of(), null, Map.of("SLUICE_DATABASE_URL", url))
                .database();
        new Migrations(settings).run();
        database = Database.open(settings, 1);
        new TargetTable(spec).createIfMissing(database, null);
        sink = PostgresSink.open(database, spec, Duration.ofDays(4));
        connection = DriverManager.getConnection(PostgresServer.jdbcUrl(url));
        fill(Mappers.compile(spec, Keysets.ephemeral(Map.of())));
    }

    private void fill(Mapper mapper) {
        LoginEvents events = new LoginEvents(new SplittableRandom(1), 0);
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < BATCH; row++) {
            byte[] body = events.next().getBytes(StandardCharsets.UTF_8);
            outcomes.addAll(mapper.map("id", Instant.now(), body));
            lines.append(new UUID(row, row)).append("\tandroid\t");
            lines.append("0123456789abcdef".repeat(4)).append('\t').append("0123456789abcdef".repeat(4));
            lines.append("\tUS\t131840\t2026-11-22\n");
        }
        ready = lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    @TearDown
    public void close() throws SQLException {
        connection.close();
        sink.close();
        database.close();
        server.close();
    }

    @Benchmark
    public List<Settlement> sink() {
        Instant sentAt = Instant.now();
        List<MappedRecord> records = new ArrayList<>(BATCH);
        for (Outcome outcome : outcomes) {
            Message message = new Message(UUID.randomUUID().toString(), "handle", sentAt, 1, new byte[0]);
            records.add(new MappedRecord(message, 0, outcome));
        }
        return sink.store(records);
    }

    @Benchmark
    public long bareCopy() throws SQLException, IOException {
        return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY, new ByteArrayInputStream(ready));
    }
}
