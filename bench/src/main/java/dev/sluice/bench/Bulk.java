package dev.sluice.bench;

import dev.sluice.bench.stub.LoginEvents;
import dev.sluice.embedded.PostgresServer;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/**
 * {@code bench/bulk}: one archive loaded by the plain runner and by Spark, each a process of its own from start to end, and
 * COPY of the rows that they made, which is what the database alone can do. Every round has a new database for each, and ends
 * with a check that every line has its row.
 */
public final class Bulk {

    /** Enough units for two executors to end at about the same time. */
    private static final int FILES = 16;

    private static final List<String> CONTENDERS = List.of("COPY of ready rows", "sluice backfill", "Spark");

    private final Path home;
    private final String cluster;
    private final int lines;
    private final Path folder;
    private final PostgresServer postgres = PostgresServer.start();
    private String url = "";

    private Bulk(Path home, String cluster, int lines) throws IOException {
        this.home = home;
        this.cluster = cluster;
        this.lines = lines;
        this.folder = Files.createTempDirectory("bulk");
    }

    /** @param args the repository's root, the file with Spark's class path, lines, rounds */
    public static void main(String[] args) throws Exception {
        Bulk bulk = new Bulk(Path.of(args[0]), Files.readString(Path.of(args[1])), Integer.parseInt(args[2]));
        try {
            bulk.run(Integer.parseInt(args[3]));
        } finally {
            bulk.postgres.close();
            try (Stream<Path> left = Files.walk(bulk.folder)) {
                for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private void run(int rounds) throws Exception {
        writeArchive();
        Path rows = folder.resolve("rows");
        prepare();
        load("sluice backfill", rows);
        copyTo(rows);
        System.out.println("| contender | rows/s | lowest | highest |\n|---|---|---|---|");
        for (String contender : CONTENDERS) {
            List<Double> rates = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                prepare();
                long begun = System.nanoTime();
                load(contender, rows);
                rates.add(lines / ((System.nanoTime() - begun) / 1e9));
                requireAllRows();
            }
            rates.sort(null);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f | %,.0f |%n",
                    contender,
                    rates.get(rounds / 2),
                    rates.get(0),
                    rates.get(rounds - 1));
        }
    }

    private void writeArchive() throws IOException {
        LoginEvents events = new LoginEvents(new SplittableRandom(1), 0);
        Path archive = Files.createDirectory(folder.resolve("archive"));
        for (int file = 0; file < FILES; file++) {
            try (BufferedWriter writer = Files.newBufferedWriter(archive.resolve("events-" + file + ".ndjson"))) {
                for (long line = (long) lines * file / FILES; line < (long) lines * (file + 1) / FILES; line++) {
                    writer.write(events.next());
                    writer.write('\n');
                }
            }
        }
    }

    /** A new database, and keys if there are none. */
    private void prepare() throws IOException, InterruptedException {
        url = postgres.createDatabase();
        Files.writeString(folder.resolve("database-url"), url);
        sluice("keys", "create", "--allow-cleartext-keys", "--despite-unknown-keys");
        sluice("migrate");
    }

    private void load(String contender, Path rows) throws Exception {
        List<String> backfill = List.of(
                "backfill", folder.resolve("archive").toString(), "--dataset", "bench", "--sent-at", "2026-01-01");
        switch (contender) {
            case "COPY of ready rows" -> copyFrom(rows);
            case "sluice backfill" -> sluice(backfill.toArray(String[]::new));
            default -> spark(backfill);
        }
    }

    private void sluice(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/sluice").toString()));
        command.addAll(List.of(arguments));
        process(command);
    }

    /** As many executors of one core as the machine has cores, with the driver beside them. */
    private void spark(List<String> backfill) throws Exception {
        String jar = home.resolve("spark/target/sluice-spark-app.jar").toString();
        String classPath = jar + File.pathSeparator + cluster.strip();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(moduleOptions());
        command.addAll(List.of(
                "-Dspark.master=local-cluster[" + Runtime.getRuntime().availableProcessors() + ",1,1024]",
                "-Dspark.executor.extraClassPath=" + classPath,
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.host=127.0.0.1",
                "-cp",
                classPath,
                "dev.sluice.spark.SluiceSpark"));
        command.addAll(backfill);
        process(command);
    }

    /** Spark's own list of what the JVM must open for it. */
    private List<String> moduleOptions() throws Exception {
        List<URL> jars = new ArrayList<>();
        for (String jar : cluster.strip().split(File.pathSeparator, -1)) {
            jars.add(Path.of(jar).toUri().toURL());
        }
        try (URLClassLoader loader = new URLClassLoader(jars.toArray(URL[]::new))) {
            Object options = loader.loadClass("org.apache.spark.launcher.JavaModuleOptions")
                    .getMethod("defaultModuleOptions")
                    .invoke(null);
            return List.of(options.toString().split(" ", -1));
        }
    }

    private void process(List<String> command) throws IOException, InterruptedException {
        Files.createDirectories(folder.resolve("jars")); // what an installation of Spark has there is on the class path
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(AWS_|SLUICE_|PG).*"));
        builder.environment()
                .putAll(Map.of(
                        "SLUICE_DATABASE_URL_FILE",
                                folder.resolve("database-url").toString(),
                        "SLUICE_KEYS", folder.resolve("keys.json").toString(),
                        "SPARK_HOME", folder.toString(),
                        "SPARK_SCALA_VERSION", "2.13"));
        if (builder.start().waitFor() != 0) {
            throw new IllegalStateException(command.get(0) + " failed:\n" + Files.readString(log));
        }
    }

    private void copyTo(Path rows) throws IOException, SQLException {
        try (Connection connection = connect();
                OutputStream file = Files.newOutputStream(rows)) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY user_logins TO STDOUT", file);
        }
    }

    private void copyFrom(Path rows) throws IOException, SQLException {
        try (Connection connection = connect();
                InputStream file = Files.newInputStream(rows)) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY user_logins FROM STDIN", file, 1 << 16);
        }
    }

    private void requireAllRows() throws SQLException {
        try (Connection connection = connect();
                ResultSet row = connection
                        .createStatement()
                        .executeQuery("SELECT count(*), count(DISTINCT user_id) FROM user_logins")) {
            row.next();
            if (row.getLong(1) != lines || row.getLong(2) != lines) {
                throw new IllegalStateException("the table has " + row.getLong(1) + " rows of " + row.getLong(2)
                        + " lines, and should have " + lines);
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(PostgresServer.jdbcUrl(url));
    }
}
