package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.TestSql;
import dev.sluice.config.TestSettings;
import dev.sluice.embedded.SqsServer;
import dev.sluice.sqs.QueueClient;
import dev.sluice.sqs.Queues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code bin/sluice-backup-drill} between two PostgreSQL servers, with {@code pg_dump} of an installed PostgreSQL. */
class BackupDrillIT {

    private static final String CLEAR = "192.0.2.";

    @TempDir
    static Path folder;

    private static Path programs;
    private static InstalledPostgres production;
    private static InstalledPostgres second;
    private static SqsServer sqs;
    private static Map<String, String> environment;

    /** The keyset file as it was before a rotation, and as it is now. */
    private static Path keysOfAnotherDay;

    private static Path keys;
    private static String head;
    private static String dump;

    @BeforeAll
    static void runAndBackUp() throws IOException, InterruptedException {
        assumeTrue(InstalledPostgres.programs().isPresent(), "no PostgreSQL with pg_dump is installed");
        programs = InstalledPostgres.programs().orElseThrow();
        production = InstalledPostgres.start(programs);
        second = InstalledPostgres.start(programs);
        sqs = SqsServer.start();
        sql(production, "postgres").execute("CREATE DATABASE shop");
        environment = new HashMap<>(Map.of(
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "SLUICE_QUEUE", sqs.endpoint() + "/000000000000/login-queue",
                "PGHOST", "127.0.0.1",
                "PGPORT", Integer.toString(production.port()),
                "PGUSER", "postgres",
                "PGPASSWORD", production.password(),
                "PGDATABASE", "shop",
                "SLUICE_KEYS", folder.resolve("live.keys.json").toString()));
        try (QueueClient queue = queue()) {
            queue.createQueue("login-queue");
        }
        sluice("keys", "create", "--allow-cleartext-keys");
        sluice("migrate");
        send(1, 20);
        drain();
        keysOfAnotherDay = copyOfKeys("another-day");
        rotate();
        send(21, 40);
        drain();
        keys = copyOfKeys("backup");
        String token = sql(production, "shop")
                .query("SELECT masked_ip FROM user_logins LIMIT 1")
                .getFirst();
        sluice("unmask", token, "--reason", "DSAR", "--ticket", "CASE-1");
        head = sluice("audit", "list", "--head").strip();
        dump = dumpOf("shop");
    }

    @AfterAll
    static void stop() throws IOException {
        for (AutoCloseable server :
                Stream.of(production, second, sqs).filter(Objects::nonNull).toList()) {
            close(server);
        }
    }

    /** Dumped while a worker commits: what the ledger knows is in the table or the quarantine, no more and no less. */
    @Test
    void aBackupMadeDuringARunPasses() throws Exception {
        AtomicBoolean drilled = new AtomicBoolean();
        CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> sendUntil(drilled));
        TestSql live = sql(production, "shop");
        long before = rows(live);
        CompletableFuture<String> run =
                CompletableFuture.supplyAsync(() -> sluice("run", "--until-empty", "--batch-messages", "50"));
        while (rows(live) == before && !run.isDone()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        Ended drill = drill("--keys", keys.toString(), "--keep");
        drilled.set(true);
        producer.get(1, TimeUnit.MINUTES);
        run.get(2, TimeUnit.MINUTES);

        assertThat(drill.text())
                .contains("ok    dump ", "ok    restore ", "ok    audit              intact up to entry ")
                .contains("ok    masked_ip          a value was recovered")
                .contains("ok    masked_device_id   a value was recovered")
                .contains("ok    quarantine         an original was decrypted")
                .contains("The backup can be restored: 7 checks passed.\n")
                .doesNotContain(CLEAR, production.password(), second.password());
        assertThat(drill.exitCode()).isZero();
        assertThat(sluice("audit", "list", "--head").strip())
                .as("production's audit")
                .isEqualTo(head);
        String restored = drill.text().replaceFirst("(?s).*Kept: database (\\w+)\\..*", "$1");
        TestSql copy = sql(second, restored);
        assertThat(rows(copy)).isGreaterThan(before).isLessThan(rows(live));
        assertThat(copy.query("SELECT count(*) FROM sluice.ledger"))
                .isEqualTo(copy.query(
                        "SELECT (SELECT count(*) FROM user_logins) + (SELECT count(*) FROM sluice.quarantine)"));
        sql(second, "postgres").execute("DROP DATABASE " + restored);
    }

    @Test
    void keysOfAnotherDayAndAnAlteredAuditFailAndNothingIsLeft() throws Exception {
        sql(production, "postgres").execute("CREATE DATABASE altered");
        TestSql altered = sql(production, "altered");
        restore(dump, "altered");
        altered.execute("ALTER TABLE sluice.audit DISABLE TRIGGER USER;"
                + "UPDATE sluice.audit SET ticket = 'CASE-2' WHERE ticket = 'CASE-1'");
        Ended drill = drill("--keys", keysOfAnotherDay.toString(), "--dump", dumpOf("altered"), "--head", head);

        assertThat(drill.text())
                .containsPattern("FAIL  audit +exit code 65: BROKEN at entry \\d+: CONTENT")
                .containsPattern("FAIL  keys +rows are encrypted with keys that the backup lacks or has disabled:"
                        + " [0-9a-f]{8}\n")
                .contains("ok    masked_device_id ", "ok    quarantine ")
                .contains("The backup CANNOT be relied on: ");
        assertThat(drill.exitCode()).isEqualTo(65);
        assertThat(databasesLeft()).isEmpty();
    }

    @Test
    void refusesADrillThatWouldProveNothing() throws Exception {
        assertThat(drill("--dump", dump).text()).contains("--keys is missing");
        Ended live = drill("--keys", folder.resolve("live.keys.json").toString(), "--dump", dump);
        assertThat(live.text()).contains("the keyset file in use").doesNotContain("ok ");
        assertThat(live.exitCode()).isEqualTo(2);
        Ended missing = drill("--keys", folder.resolve("none").toString());
        assertThat(missing.text()).contains("does not exist");
        assertThat(missing.exitCode()).isEqualTo(78);
    }

    @Test
    void refusesClientProgramsThatAreOlderThanTheServer() throws Exception {
        Path old = Files.createDirectory(folder.resolve("old"));
        for (String program : List.of("pg_dump", "pg_restore")) {
            executable(old.resolve(program), "#!/bin/sh\necho '" + program + " (PostgreSQL) 9.6.24'\n");
        }
        executable(old.resolve("psql"), "#!/bin/sh\nexec '" + programs.resolve("psql") + "' \"$@\"\n");
        Ended drill = drill("--keys", keys.toString(), "--pg-bin", old.toString());

        assertThat(drill.text())
                .contains("of version 9, and the server of version ")
                .doesNotContain("ok ");
        assertThat(drill.exitCode()).isEqualTo(78);
    }

    @Test
    void aFileThatIsNotADumpIsNotRestoredAndNothingIsLeft() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken"), "not a dump");
        Ended drill = drill("--keys", keys.toString(), "--dump", broken.toString());

        assertThat(drill.text()).contains("pg_restore failed: pg_restore: error: ");
        assertThat(drill.exitCode()).isEqualTo(69);
        assertThat(databasesLeft()).isEmpty();
    }

    // --- production

    private static void send(int from, int to) {
        try (QueueClient queue = queue()) {
            Stream<String> logins = IntStream.range(from, to).mapToObj(BackupDrillIT::login);
            queue.send(Stream.concat(logins, Stream.of("{\"foo\":1}")).iterator(), null, sent -> {});
        }
    }

    private static String login(int i) {
        return "{\"user_id\":\"u" + i + "\",\"app_version\":\"2.3.0\",\"device_type\":\"ios\",\"ip\":\"" + CLEAR
                + (1 + i % 250) + "\",\"locale\":null,\"device_id\":\"d" + i + "\"}";
    }

    private static void sendUntil(AtomicBoolean end) {
        try {
            for (int i = 100; !end.get(); i += 20) {
                send(i, i + 20);
                TimeUnit.MILLISECONDS.sleep(100);
            }
            send(50, 60);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void drain() {
        sluice("run", "--max-batches", "1", "--for", "10s");
    }

    private static QueueClient queue() {
        return Queues.client(TestSettings.queue("login-queue", sqs.endpoint()), environment());
    }

    private static Map<String, String> environment() {
        return environment == null ? Map.of() : environment;
    }

    private static void rotate() {
        String added = sluice("keys", "add", "masked_ip", "--output", "json");
        sluice("keys", "promote", added.replaceFirst("(?s).*\"key_id\":\"([0-9a-f]{8})\".*", "$1"));
    }

    private static Path copyOfKeys(String name) throws IOException {
        Path copy = folder.resolve(name + ".keys.json");
        Files.copy(folder.resolve("live.keys.json"), copy);
        return Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
    }

    private static String sluice(String... args) {
        InProcess run = InProcess.run(environment, args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }

    /** The path of a dump of that database. */
    private static String dumpOf(String database) throws IOException, InterruptedException {
        String file = folder.resolve(database + ".dump").toString();
        postgres("pg_dump", "-Fc", "-f", file, "-d", database);
        return file;
    }

    private static void restore(String file, String database) throws IOException, InterruptedException {
        postgres("pg_restore", "-d", database, file);
    }

    private static void postgres(String program, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(programs.resolve(program).toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        assertThat(ended(builder).exitCode()).isZero();
    }

    private static long rows(TestSql sql) {
        return Long.parseLong(sql.query("SELECT count(*) FROM user_logins").getFirst());
    }

    // --- the drill

    private static Ended drill(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script().toString()));
        if (!List.of(args).contains("--pg-bin")) {
            command.addAll(List.of("--pg-bin", programs.toString()));
        }
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.matches("(AWS_|SLUICE_|PG|DRILL_).*"));
        builder.environment().putAll(environment);
        // Would lead to production, and must not.
        builder.environment().put("SLUICE_DATABASE_URL", production.url("shop"));
        builder.environment().put("DRILL_PGHOST", "127.0.0.1");
        builder.environment().put("DRILL_PGPORT", Integer.toString(second.port()));
        builder.environment().put("DRILL_PGUSER", "postgres");
        builder.environment().put("DRILL_PGPASSWORD", second.password());
        return ended(builder);
    }

    /** The drill, beside a `sluice` that runs the classes under test. */
    private static Path script() throws IOException {
        Path bin = folder.resolve("bin");
        Path script = bin.resolve("sluice-backup-drill");
        if (!Files.exists(script)) {
            Files.createDirectories(bin);
            Files.copy(Document.root().resolve("bin/sluice-backup-drill"), script);
            executable(
                    bin.resolve("sluice"),
                    "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                            + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + System.getProperty("java.class.path")
                            + "' dev.sluice.Main \"$@\"\n");
        }
        return script;
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static List<String> databasesLeft() {
        return sql(second, "postgres").query("SELECT datname FROM pg_database WHERE datname LIKE 'sluice_drill%'");
    }

    private static TestSql sql(InstalledPostgres server, String database) {
        return new TestSql(server.url(database), TestSql.PUBLIC_FIRST);
    }

    /** What a process that has ended printed, both streams as one. */
    private record Ended(int exitCode, String text) {}

    private static Ended ended(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), text);
    }

    private static void close(AutoCloseable server) throws IOException {
        try {
            server.close();
        } catch (Exception failure) {
            throw new IOException("a server could not be stopped", failure);
        }
    }
}
