package dev.sluice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.SettingsReader;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.keys.KeyInfo;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The application as a process of its own, with a database, a table and keys. */
final class Application {

    static final PipelineSpec SPEC = Pipelines.load("user-logins");

    /** Executors of one core each, started by the driver itself. */
    static final String LOCAL_CLUSTER = "local-cluster[2,1,1024]";

    private static final PostgresServer POSTGRES = PostgresServer.start();

    private final Path folder;
    private final String master;
    private final String url = POSTGRES.createDatabase();
    private final Path keys;

    Application(Path folder, String master) throws IOException {
        this.folder = folder;
        this.master = master;
        loginBy(url);
        this.keys = folder.resolve("sluice.keys.json");
        KeysetFile.at(keys).create(wantedKeys(), true);
        new Migrations(address()).run();
        try (Database database = Database.openForMaintenance(address())) {
            new TargetTable(SPEC).createIfMissing(database, null);
        }
    }

    static Map<String, KeyKind> wantedKeys() {
        Map<String, KeyKind> wanted = new LinkedHashMap<>();
        SPEC.columns().stream()
                .filter(column -> column.mask() != null)
                .forEach(column -> wanted.put(
                        Masks.field(SPEC.name(), column.name()),
                        Objects.requireNonNull(Masks.keyKind(column.mask().kind()))));
        return wanted;
    }

    /** The same database, for a role. */
    static String loginUrl(String url, String role) {
        return POSTGRES.loginUrl(url, role);
    }

    DatabaseSettings address() {
        return SettingsReader.read(Map.of(), null, Map.of("SLUICE_DATABASE_URL", url))
                .database();
    }

    String url() {
        return url;
    }

    Path folder() {
        return folder;
    }

    KeysetFile keys() {
        return KeysetFile.at(keys);
    }

    /** Adds a key to a field, and makes it the primary one. */
    KeyInfo rotate(String field) {
        return keys().promote(keys().add(field, false).id(), false);
    }

    /** From now on, the application logs in by another address of the database. */
    void loginBy(String address) throws IOException {
        Files.writeString(folder.resolve("database-url"), address);
    }

    Process start(Map<String, String> settings, String... arguments) throws IOException {
        return start(SluiceSpark.class, settings, arguments);
    }

    Process start(Class<?> program, Map<String, String> settings, String... arguments) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "spark.master",
                master,
                "spark.executor.extraClassPath",
                classPath(),
                "spark.ui.enabled",
                "false",
                "spark.driver.host",
                "127.0.0.1"));
        all.putAll(settings);
        return java(folder, "log", all, environment(), program.getName(), arguments);
    }

    /** What driver and executors need; no secret. */
    Map<String, String> environment() {
        return Map.of(
                "SLUICE_DATABASE_URL_FILE", folder.resolve("database-url").toString(), "SLUICE_KEYS", keys.toString());
    }

    /** Starts a class of Spark or of the application, with Spark's flags. */
    static Process java(
            Path folder,
            String log,
            Map<String, String> properties,
            Map<String, String> environment,
            String program,
            String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions()
                .split(" ")));
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", classPath(), program));
        command.addAll(List.of(arguments));
        Files.createDirectories(folder.resolve("jars")); // what an installation of Spark has there is on the class path
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile());
        builder.environment().putAll(environment);
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

    /** Runs the application to its end, and returns what it wrote. */
    String run(int exitCode, Map<String, String> settings, String... arguments) throws Exception {
        return ended(start(settings, arguments), exitCode);
    }

    String ended(Process process, int exitCode) throws Exception {
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        String log = Files.readString(folder.resolve("log"));
        assertThat(process.exitValue()).as(log).isEqualTo(exitCode);
        return log;
    }

    /** The Java processes that a process has started, and those that they have. */
    static List<ProcessHandle> javaBelow(Process process) {
        return process.descendants()
                .filter(each -> each.info().command().orElse("").endsWith("java"))
                .toList();
    }

    static void signal(ProcessHandle process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(url));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(url));
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
