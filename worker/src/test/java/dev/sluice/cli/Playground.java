package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ShortProcess;
import dev.sluice.TestSql;
import dev.sluice.cli.command.Console;
import dev.sluice.config.TestSettings;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.embedded.SqsServer;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source.Depth;
import dev.sluice.sqs.QueueClient;
import dev.sluice.sqs.Queues;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What surrounds somebody who calls {@code sluice}: an environment that points at a database, a queue and a keyset file
 * of their own, on the two servers of this JVM; and the means to look at what the commands did without asking them.
 */
final class Playground {

    /** Both end with the JVM, by themselves. */
    private static final PostgresServer POSTGRES = PostgresServer.start();

    private static final SqsServer SQS = SqsServer.start();
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** A database that {@code migrate} has made; others are copies of it. Empty before there is one. */
    private static String migrated = "";

    final Path folder;
    final Path keys;
    final String databaseUrl;
    final String queue = "queue-" + COUNT.incrementAndGet();
    private final Map<String, String> environment = new HashMap<>();

    private Playground(Path folder, String databaseUrl) {
        this.folder = folder;
        this.databaseUrl = databaseUrl;
        this.keys = folder.resolve("sluice.keys.json");
        environment.put("SLUICE_DATABASE_URL", databaseUrl);
        environment.put("SLUICE_QUEUE", queue);
        environment.put("SLUICE_KEYS", keys.toString());
        environment.put("AWS_ENDPOINT_URL_SQS", SQS.endpoint().toString());
        // Tests run beside each other: those of the ports ask for free ones.
        environment.put("SLUICE_HEALTH_PORT", "off");
        environment.put("SLUICE_CONSOLE_PORT", "off");
        environment.put("AWS_REGION", "us-east-1");
        environment.put("AWS_ACCESS_KEY_ID", "test");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
    }

    /** With an empty database, and neither queue nor keys. */
    static Playground empty(Path folder) {
        return new Playground(folder, POSTGRES.createDatabase());
    }

    /** With all that a run of the default pipeline needs. */
    static Playground ready(Path folder) {
        Playground playground = new Playground(folder, POSTGRES.copyDatabase(migrated(folder)));
        playground.createQueue();
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        return playground;
    }

    private static synchronized String migrated(Path folder) {
        if (migrated.isEmpty()) {
            Playground first = empty(folder);
            first.sluice("migrate").succeeded();
            migrated = first.databaseUrl;
        }
        return migrated;
    }

    Playground set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** What a command finds, or a worker that this JVM opens. */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    Playground unset(String variable) {
        environment.remove(variable);
        return this;
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static URI sqsEndpoint() {
        return SQS.endpoint();
    }

    // --- calling

    Ran sluice(String... args) {
        return sluiceReading("", args);
    }

    Ran sluiceReading(String input, String... args) {
        return sluice(environment, input, args);
    }

    /** Under another environment. */
    static Ran sluice(Map<String, String> environment, String... args) {
        return sluice(environment, "", args);
    }

    /**
     * Processes what is on the queue, up to a batch. {@code --until-empty} does, too, but looks again for three seconds.
     *
     * @param options of {@code run}
     */
    Ran drain(String... options) {
        List<String> args = new ArrayList<>(List.of("run", "--max-batches", "1", "--for", "5s"));
        args.addAll(List.of(options));
        Ran run = sluice(args.toArray(String[]::new)).succeeded();
        // On a busy machine, a batch may be closed before the queue has given all of it.
        for (int tries = 1; tries < 5 && !depth().isEmpty(); tries++) {
            run = sluice(args.toArray(String[]::new)).succeeded();
        }
        assertThat(depth().isEmpty()).as("nothing is left on the queue").isTrue();
        return run;
    }

    /** With results going elsewhere; what it left has none. */
    Ran sluiceInto(OutputStream out, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Sluice.run(
                new Console(
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.copyOf(environment),
                        false),
                args);
        return new Ran(exitCode, "", err.toString(StandardCharsets.UTF_8));
    }

    private static Ran sluice(Map<String, String> environment, String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.copyOf(environment),
                false);
        int exitCode = Sluice.run(console, args);
        return new Ran(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The same as a process, its output in the files {@code out} and {@code err} of the folder. */
    Process start(String... args) throws IOException {
        return intoFiles(process(args)).start();
    }

    /** The same for work that pays for both of the JVM's compilers. */
    Process startLong(String... args) throws IOException {
        ProcessBuilder builder = process(args);
        builder.command().removeAll(ShortProcess.JAVA_OPTIONS);
        return intoFiles(builder).start();
    }

    private ProcessBuilder intoFiles(ProcessBuilder builder) {
        return builder.redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
    }

    /**
     * A process that has not started, with pipes for streams. It can be interrupted: whoever runs the tests in the background
     * of a shell has SIGINT ignored, which is inherited.
     */
    ProcessBuilder process(String... args) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ShortProcess.JAVA_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.sluice.Main"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.matches("(AWS_|SLUICE_|PG).*"));
        builder.environment().putAll(environment);
        return builder;
    }

    /** What a process left that ends within two minutes. */
    Ran ended(Process process) throws IOException, InterruptedException {
        return ended(process, Duration.ofMinutes(2));
    }

    /** What a process left that ends within that time. */
    Ran ended(Process process, Duration patience) throws IOException, InterruptedException {
        if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ran(
                process.waitFor(), Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    // --- the queue

    void createQueue() {
        try (QueueClient client = client()) {
            client.createQueue(queue);
        }
    }

    /** Gives the queue a dead-letter queue, in which so many messages wait. */
    void createDeadLetters(int messages) throws IOException, InterruptedException {
        String name = queue + "-dead";
        try (QueueClient client = client(name)) {
            client.createQueue(name);
            client.send(Collections.nCopies(messages, "{}").iterator(), null, sent -> {});
        }
        String arn = "arn:aws:sqs:elasticmq:000000000000:" + name;
        String policy = "{\\\"deadLetterTargetArn\\\":\\\"" + arn + "\\\",\\\"maxReceiveCount\\\":\\\"9\\\"}";
        HttpRequest request = HttpRequest.newBuilder(SQS.endpoint())
                .header("X-Amz-Target", "AmazonSQS.SetQueueAttributes")
                .header("Content-Type", "application/x-amz-json-1.0")
                .POST(BodyPublishers.ofString("{\"QueueUrl\":\"" + SQS.endpoint() + "/000000000000/" + queue
                        + "\",\"Attributes\":{\"RedrivePolicy\":\"" + policy + "\"}}"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    void send(List<String> bodies) {
        try (QueueClient client = client()) {
            client.send(bodies.iterator(), null, sent -> {});
        }
    }

    Depth depth() {
        try (QueueClient client = client()) {
            return client.attributes().depth();
        }
    }

    /** The bodies of up to 100 messages, in no order, left on the queue. */
    List<String> bodies() {
        List<String> bodies = new ArrayList<>();
        try (QueueClient client = client()) {
            client.peek(100, List.of(), messages -> messages.stream()
                    .map(Message::body)
                    .map(body -> new String(body, StandardCharsets.UTF_8))
                    .forEach(bodies::add));
        }
        return bodies;
    }

    private QueueClient client() {
        return client(queue);
    }

    private static QueueClient client(String queue) {
        return Queues.client(TestSettings.queue(queue, SQS.endpoint()), Map.of());
    }

    // --- the database

    /** Commands called from now on connect as that role, which exists. */
    Playground as(String role) {
        return set("SLUICE_DATABASE_URL", loginUrl(role));
    }

    /** The database for that role, which exists. */
    String loginUrl(String role) {
        return POSTGRES.loginUrl(databaseUrl, role);
    }

    /** The superuser: for faults of the server, and for what no owner sees. */
    TestSql administrator() {
        return new TestSql(POSTGRES.administratorUrl(databaseUrl), TestSql.PUBLIC_FIRST);
    }

    void execute(String sql) {
        sql().execute(sql);
    }

    /** The first column of every row, as text. */
    List<String> query(String sql) {
        return sql().query(sql);
    }

    long count(String table) {
        return Long.parseLong(query("SELECT count(*) FROM " + table).getFirst());
    }

    TestSql sql() {
        return new TestSql(databaseUrl, TestSql.PUBLIC_FIRST);
    }
}
