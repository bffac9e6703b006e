package dev.sluice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.config.SettingsReader;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeysetFile;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.mask.Masks;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.Migrations;
import dev.sluice.postgres.schema.TargetTable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application on a cluster of several processes: driver and executors of their own, as spark-submit starts them. */
class BackfillJobIT {

    private static final PostgresServer POSTGRES = PostgresServer.start();
    private static final PipelineSpec SPEC = Pipelines.load("user-logins");

    private String url;
    private Path folder;
    private Path archive;
    private Path keys;

    @BeforeEach
    void prepare(@TempDir Path temporary) throws IOException {
        folder = temporary;
        archive = Files.createDirectory(folder.resolve("archive"));
        url = POSTGRES.createDatabase();
        keys = folder.resolve("sluice.keys.json");
        KeysetFile.at(keys).create(wantedKeys(), true);
        var address = SettingsReader.read(Map.of(), null, Map.of("SLUICE_DATABASE_URL", url))
                .database();
        new Migrations(address).run();
        try (Database database = Database.openForMaintenance(address)) {
            new TargetTable(SPEC).createIfMissing(database, null);
        }
    }

    private static Map<String, KeyKind> wantedKeys() {
        Map<String, KeyKind> wanted = new LinkedHashMap<>();
        SPEC.columns().stream()
                .filter(column -> column.mask() != null)
                .forEach(column -> wanted.put(
                        Masks.field(SPEC.name(), column.name()),
                        Objects.requireNonNull(Masks.keyKind(column.mask().kind()))));
        return wanted;
    }

    private void archive(String name, int from, int to, int bad) throws IOException {
        List<String> lines = new ArrayList<>(IntStream.range(from, to)
                .mapToObj(i -> "{\"user_id\":\"user-" + i
                        + "\",\"app_version\":\"2.3.0\",\"device_type\":\"android\",\"ip\":\"198.18." + i / 250 % 250
                        + "." + i % 250 + "\",\"locale\":\"RU\",\"device_id\":\"111-22-" + (1000 + i % 9000) + "\"}")
                .toList());
        for (int i = 0; i < bad; i++) {
            lines.set(i * (lines.size() / bad), "{\"foo\":1}");
        }
        Files.write(archive.resolve(name), lines);
    }

    private Process start(Class<?> program, Map<String, String> settings, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions()
                .split(" ")));
        String classPath = classPath();
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "spark.master", "local-cluster[2,1,1024]",
                "spark.executor.extraClassPath", classPath,
                "spark.ui.enabled", "false",
                "spark.driver.host", "127.0.0.1"));
        all.putAll(settings);
        all.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", classPath, program.getName()));
        command.addAll(List.of(arguments));
        Files.createDirectories(folder.resolve("jars")); // what an installation of Spark has there is on the class path
        File file = folder.resolve("log").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file);
        builder.environment().put("SLUICE_DATABASE_URL", url);
        builder.environment().put("SLUICE_KEYS", keys.toString());
        builder.environment().put("SPARK_HOME", folder.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.directory(folder.toFile());
        return builder.start();
    }

    /** The application's one jar before what a cluster has; our own modules only within that jar. */
    private static String classPath() {
        Stream<String> cluster = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(".*/(core|store|embedded)/target/.*|.*/spark/target/(classes|.*jar)"));
        return Stream.concat(Stream.of(System.getProperty("sluice.app")), cluster)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Process start(Map<String, String> settings, String splitMebibytes) throws IOException {
        return start(
                SluiceSpark.class,
                settings,
                "backfill",
                archive.toString(),
                "--dataset",
                "test",
                "--sent-at",
                "2026-03-01",
                "--split-mib",
                splitMebibytes);
    }

    private String backfill(int exitCode, Map<String, String> settings, String splitMebibytes) throws Exception {
        return ended(start(settings, splitMebibytes), exitCode);
    }

    private String ended(Process process, int exitCode) throws Exception {
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        String log = Files.readString(folder.resolve("log"));
        assertThat(process.exitValue()).as(log).isEqualTo(exitCode);
        return log;
    }

    /** So that a unit takes a second or more, and is in progress when something happens to its executor. */
    private void slowDown() throws SQLException {
        execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM pg_catalog.pg_sleep(0.7); RETURN NULL; END $$;"
                + "CREATE TRIGGER slow BEFORE INSERT ON user_logins EXECUTE FUNCTION slow()");
    }

    private List<ProcessHandle> executorsAtWork(Process driver) throws Exception {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> Integer.parseInt(query("SELECT count(*) FROM sluice.bulk_ledger")) > 1);
        return driver.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .toList();
    }

    private static void signal(ProcessHandle process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private void assertExact(int stored, int quarantined) throws SQLException {
        assertThat(query("SELECT count(*) || ' ' || count(DISTINCT user_id) FROM user_logins"))
                .isEqualTo(stored + " " + stored);
        assertThat(query("SELECT count(*) || ' ' || count(DISTINCT message_id) FROM sluice.quarantine"))
                .isEqualTo(quarantined + " " + quarantined);
        assertThat(query("SELECT sum(stored) || ' ' || sum(quarantined) FROM sluice.bulk_ledger"))
                .isEqualTo(stored + " " + quarantined);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(url));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(url));
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void loadsEachLineOnceAndASecondRunNothing() throws Exception {
        archive("a.ndjson", 0, 30_000, 30);

        assertThat(backfill(0, Map.of(), "1"))
                .contains("\"lines\":30000,\"records\":30000,\"stored\":29970,\"quarantined\":30,\"complete\":true");
        assertExact(29_970, 30);
        assertThat(backfill(0, Map.of(), "1")).contains("\"stored\":29970,\"quarantined\":30,\"complete\":true");
        assertExact(29_970, 30);
        assertThat(backfill(78, Map.of(), "2")).contains("it was planned with --split-size 1048576");
    }

    @Test
    @Tag("chaos")
    void aKilledExecutorsUnitIsLoadedByAnother() throws Exception {
        archive("a.ndjson", 0, 60_000, 60);
        slowDown();
        Process driver = start(Map.of(), "1");

        signal(executorsAtWork(driver).get(0), "KILL");

        ended(driver, 0);
        assertExact(59_940, 60);
    }

    @Test
    @Tag("chaos")
    void aStoppedExecutorsUnitIsLoadedOnceAlthoughItGoesOnLater() throws Exception {
        archive("a.ndjson", 0, 60_000, 60);
        slowDown();
        Process driver = start(
                Map.of(
                        "spark.speculation", "true",
                        "spark.speculation.interval", "100ms",
                        "spark.speculation.multiplier", "1.5",
                        "spark.speculation.quantile", "0.1"),
                "1");
        ProcessHandle stopped = executorsAtWork(driver).get(0);

        signal(stopped, "STOP");
        await().atMost(Duration.ofMinutes(3))
                .until(() -> query("SELECT count(*) FROM sluice.bulk_unit AS planned WHERE NOT EXISTS (SELECT FROM"
                                + " sluice.bulk_ledger AS done WHERE done.unit = planned.unit)")
                        .equals("0"));
        signal(stopped, "CONT");

        ended(driver, 0);
        assertExact(59_940, 60);
    }

    @Test
    @Tag("chaos")
    void aKilledDriverIsStartedAgain() throws Exception {
        archive("a.ndjson", 0, 60_000, 60);
        slowDown();
        Process driver = start(Map.of(), "1");
        executorsAtWork(driver);
        driver.destroyForcibly().waitFor();

        assertThat(backfill(0, Map.of(), "1")).contains("\"stored\":59940,\"quarantined\":60,\"complete\":true");
        assertExact(59_940, 60);
    }

    @Test
    @Tag("chaos")
    void anExecutorWithOtherKeysLoadsNothing() throws Exception {
        archive("a.ndjson", 0, 1_000, 1);
        Path others = folder.resolve("others.keys.json");
        KeysetFile.at(others).create(wantedKeys(), true);

        String log = backfill(69, Map.of("spark.executorEnv.SLUICE_KEYS", others.toString()), "1");

        assertThat(log).contains("the keys of this executor are not the driver's");
        assertThat(query("SELECT count(*) FROM user_logins")).isEqualTo("0");
    }

    @Test
    void loadsEachRowOfParquetOnce() throws Exception {
        archive("a.ndjson", 0, 40_000, 40);
        Path parquet = folder.resolve("parquet");
        ended(start(ToParquet.class, Map.of("spark.master", "local[1]"), archive.toString(), parquet.toString()), 0);
        archive = parquet;

        assertThat(backfill(0, Map.of(), "1"))
                .contains("\"lines\":40000,\"records\":40000,\"stored\":39960,\"quarantined\":40,\"complete\":true");
        assertExact(39_960, 40);
        assertThat(Integer.parseInt(query("SELECT count(*) FROM sluice.bulk_ledger WHERE records > 0")))
                .as("units with rows")
                .isGreaterThan(1);
    }

    @Test
    void aSecretAmongSparksSettingsIsRefused() throws Exception {
        archive("a.ndjson", 0, 10, 1);

        String log = backfill(78, Map.of("spark.executorEnv.PGPASSWORD", "x"), "1");

        assertThat(log).contains("spark.executorEnv.PGPASSWORD passes a secret through Spark's settings");
    }
}
