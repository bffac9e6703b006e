package dev.sluice.faults;

import dev.sluice.PgBouncer;
import dev.sluice.TestSql;
import dev.sluice.cli.Sluice;
import dev.sluice.cli.command.Console;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.embedded.SqsServer;
import dev.sluice.mapping.Mappers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/**
 * What a row of the fault matrix is played on: a database and a queue of its own behind proxies, workers as processes, and
 * events whose keys are known. Nothing here asks the program under test what it did. Thread-safe for one sender and one
 * tester.
 */
final class Rig implements AutoCloseable {

    /** Clear values of every event; nothing that a worker prints may hold them. */
    static final String CANARY_IP = "198.18.77.193";

    static final String CANARY_DEVICE = "593-47-5928";

    /** Both end with the JVM, by themselves. */
    private static final PostgresServer POSTGRES = PostgresServer.start();

    private static final SqsServer ELASTICMQ = SqsServer.start();
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** A database that {@code migrate} has made for the default pipeline; others are copies of it. Empty before there is one. */
    private static String migrated = "";

    private static final int PER_CALL = 10;
    private static final int MAX_RECEIVE_COUNT = 10;

    /** For {@link #source}: the logins of the exercise, packed. */
    static final String PACKED = "{ queue: login-queue, compression: gzip }";

    /** Where workers are killed or terminated again and again: each time costs what is in hand a receive. */
    static final int MANY_RECEIVES = 100;

    private final Path folder;
    private final SqsClient client;
    private final String queueUrl;
    private final String deadLetterUrl;
    private final String databaseUrl;
    private final TcpProxy database;
    private final SqsProxy sqs;
    private final SqsFaults.Deliveries deliveries = new SqsFaults.Deliveries();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> keyById = new ConcurrentHashMap<>();
    private final List<WorkerProcess> workers = new CopyOnWriteArrayList<>();
    private final Lock sending = new ReentrantLock();
    private final AtomicInteger keys = new AtomicInteger();
    private volatile @Nullable String groupId;
    private @Nullable PgBouncer pooler;

    private Rig(
            Path folder, URI endpoint, int visibilitySeconds, int maxReceiveCount, Map<String, String> environment) {
        this.folder = folder;
        this.environment.putAll(environment);
        boolean isDefault = !environment.containsKey("SLUICE_PIPELINE");
        this.databaseUrl = isDefault ? POSTGRES.copyDatabase(migrated()) : POSTGRES.createDatabase();
        this.client = client(endpoint);
        String name = "faults-" + COUNT.incrementAndGet();
        Map<QueueAttributeName, String> attributes = new HashMap<>();
        attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, Integer.toString(visibilitySeconds));
        this.deadLetterUrl = create(name + "-dead", Map.of());
        attributes.put(
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"" + arn(deadLetterUrl) + "\",\"maxReceiveCount\":\"" + maxReceiveCount
                        + "\"}");
        this.queueUrl = create(name, attributes);
        URI server = URI.create(databaseUrl);
        this.database = new TcpProxy(server.getHost(), server.getPort());
        this.sqs = new SqsProxy(endpoint);
        sqs.usually(SqsFaults.RECEIVE, deliveries);
        sqs.usually(SqsFaults.DELETE, deliveries::delete);
        set("SLUICE_DATABASE_URL", databaseUrl.replace(":" + server.getPort(), ":" + database.port()));
        set("SLUICE_QUEUE", name);
        set("SLUICE_KEYS", folder.resolve(name + ".keys.json").toString());
        // Workers run beside each other; a test of the ports asks for free ones.
        set("SLUICE_HEALTH_PORT", "off");
        set("SLUICE_CONSOLE_PORT", "off");
        set("AWS_ENDPOINT_URL_SQS", sqs.endpoint().toString());
        set("AWS_REGION", Region.US_EAST_1.id());
        set("AWS_ACCESS_KEY_ID", "tester");
        set("AWS_SECRET_ACCESS_KEY", "test");
        sluice(this.environment, "keys", "create", "--allow-cleartext-keys");
        if (!isDefault) {
            sluice(this.environment, "migrate");
        }
    }

    private static synchronized String migrated() {
        if (migrated.isEmpty()) {
            String url = POSTGRES.createDatabase();
            sluice(Map.of("SLUICE_DATABASE_URL", url), "migrate");
            migrated = url;
        }
        return migrated;
    }

    /** On ElasticMQ, with as many receives as a row may cost that does not say otherwise. */
    static Rig open(Path folder, int visibilitySeconds) {
        return withDeadLetters(folder, visibilitySeconds, MAX_RECEIVE_COUNT);
    }

    /** The same; a message received more often than that goes to the dead-letter queue. */
    static Rig withDeadLetters(Path folder, int visibilitySeconds, int maxReceiveCount) {
        return new Rig(folder, ELASTICMQ.endpoint(), visibilitySeconds, maxReceiveCount, Map.of());
    }

    /** The same as {@link #open} for another pipeline, whose table is {@code user_logins} with the key in {@code user_id}. */
    static Rig withPipeline(Path folder, int visibilitySeconds, String yaml) {
        try {
            Path file = Files.writeString(folder.resolve("pipeline.yaml"), yaml);
            return new Rig(
                    folder,
                    ELASTICMQ.endpoint(),
                    visibilitySeconds,
                    MAX_RECEIVE_COUNT,
                    Map.of("SLUICE_PIPELINE", file.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * On moto's server. While it deletes it copies its list of messages without a lock, and forgets what is sent meanwhile:
     * so the two are kept apart.
     */
    static Rig onMoto(URI endpoint, Path folder, int visibilitySeconds) {
        Rig rig = new Rig(folder, endpoint, visibilitySeconds, MANY_RECEIVES, Map.of());
        rig.sqs.usually(SqsFaults.DELETE, rig::deleteWhileNothingIsSent);
        return rig;
    }

    private SqsProxy.Answer deleteWhileNothingIsSent(SqsProxy.Call call) throws IOException, InterruptedException {
        sending.lock();
        try {
            return deliveries.delete(call);
        } finally {
            sending.unlock();
        }
    }

    Rig set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** What a worker finds that calls ElasticMQ itself: the proxies would be most of what is measured. */
    Map<String, String> withoutProxy() {
        Map<String, String> direct = new HashMap<>(environment);
        direct.put("SLUICE_DATABASE_URL", databaseUrl);
        direct.put("AWS_ENDPOINT_URL_SQS", ELASTICMQ.endpoint().toString());
        return direct;
    }

    /** Workers started from now on reach the database through that many sessions that they share, past the TCP proxy. */
    Rig pooled(int sessions) {
        pooler = PgBouncer.start(databaseUrl, sessions);
        return set("SLUICE_DATABASE_URL", pooler.url(databaseUrl));
    }

    /** Workers started from now on connect as that user. */
    void databaseUser(String user) {
        String login = URI.create(POSTGRES.loginUrl(databaseUrl, user)).getUserInfo();
        environment.compute(
                "SLUICE_DATABASE_URL", (name, url) -> String.valueOf(url).replaceFirst("//[^@]+@", "//" + login + "@"));
    }

    /** Workers started from now on run the default pipeline with this as its {@code source}, in YAML. */
    Rig source(String yaml) {
        Path file = folder.resolve("pipeline.yaml");
        try (InputStream builtIn = Mappers.class.getResourceAsStream("pipelines/user-logins.yaml")) {
            String text = new String(Objects.requireNonNull(builtIn).readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(file, text.replaceFirst("source: .*", "source: " + yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return set("SLUICE_PIPELINE", file.toString());
    }

    TcpProxy database() {
        return database;
    }

    SqsProxy sqs() {
        return sqs;
    }

    SqsFaults.Deliveries deliveries() {
        return deliveries;
    }

    // --- workers

    /** {@code sluice run} with these arguments. */
    WorkerProcess run(String... args) {
        return runIn(List.of(), args);
    }

    WorkerProcess runUntilEmpty() {
        return run("--until-empty");
    }

    /** A worker that dies at that point of its first batch. */
    WorkerProcess runInto(String failPoint) {
        return runIn(List.of("-Dsluice.fail-point=" + failPoint), "--until-empty");
    }

    WorkerProcess runIn(List<String> jvm, String... args) {
        return run(Map.of(), jvm, args);
    }

    /** One whose clock is not the machine's. */
    WorkerProcess runBy(FakeClock clock, String... args) {
        return run(clock.environment(), List.of(), args);
    }

    private WorkerProcess run(Map<String, String> more, List<String> jvm, String... args) {
        List<String> all = new ArrayList<>(List.of("run", "--output", "json"));
        all.addAll(List.of(args));
        return start(more, jvm, all);
    }

    /** Another command, as a process; what it prints is looked at like a worker's. */
    WorkerProcess start(String... args) {
        return start(Map.of(), List.of(), List.of(args));
    }

    private WorkerProcess start(Map<String, String> more, List<String> jvm, List<String> args) {
        String name = environment.get("SLUICE_QUEUE") + "-" + workers.size();
        Map<String, String> own = new HashMap<>(environment);
        own.putAll(more);
        own.put("AWS_ACCESS_KEY_ID", name);
        WorkerProcess started = WorkerProcess.start(own, folder.resolve(name + ".out"), jvm, args);
        workers.add(started);
        return started;
    }

    /** The keyset file. */
    Path keysFile() {
        return Path.of(environment.getOrDefault("SLUICE_KEYS", ""));
    }

    List<WorkerProcess> workers() {
        return workers;
    }

    private static void sluice(Map<String, String> environment, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(err, true, StandardCharsets.UTF_8);
        Console console = new Console(InputStream.nullInputStream(), printed, printed, Map.copyOf(environment), false);
        if (Sluice.run(console, args) != 0) {
            throw new AssertionError(err.toString(StandardCharsets.UTF_8));
        }
    }

    // --- events

    /** Sends so many good events. Answers their message ids. */
    List<String> send(int count) {
        return send(IntStream.range(0, count).mapToObj(i -> event("android")).toList());
    }

    /** Messages sent from now on bear this MessageGroupId, which a standard queue passes on. */
    void group(String id) {
        groupId = id;
    }

    /** Sends so many that no mapper takes. */
    List<String> sendBad(int count) {
        return send(IntStream.range(0, count).mapToObj(i -> bad()).toList());
    }

    Event bad() {
        return body("{\"foo\":\"oops_wrong_msg_type\",\"ip\":\"" + CANARY_IP + "\",\"bar\":\"123\"}");
    }

    /** An event as in the exercise, its key the user's id. */
    Event event(String deviceType) {
        String key = nextKey();
        return new Event(
                key,
                "{\"user_id\":\"" + key + "\",\"app_version\":\"2.3.0\",\"device_type\":\"" + deviceType
                        + "\",\"ip\":\"" + CANARY_IP + "\",\"locale\":\"RU\",\"device_id\":\"" + CANARY_DEVICE
                        + "\"}");
    }

    /**
     * An array of so many logins. Their user ids are the key, a dot, the place and a mark.
     *
     * @param mark gives each record's; letters, digits and hyphens
     */
    Event array(int records, Supplier<String> mark) {
        String key = nextKey();
        return new Event(
                key,
                IntStream.range(0, records)
                        .mapToObj(i -> "{\"user_id\":\"" + key + "." + i + "-" + mark.get()
                                + "\",\"app_version\":\"2.3.0\",\"ip\":\"" + CANARY_IP + "\",\"device_id\":\""
                                + CANARY_DEVICE + "\"}")
                        .collect(Collectors.joining(",", "[", "]")));
    }

    /** An event of another pipeline: what is sent for a key, which is the user's id. */
    Event keyed(UnaryOperator<String> bodyOfKey) {
        String key = nextKey();
        return new Event(key, bodyOfKey.apply(key));
    }

    /** As many records as a message may hold, and nearly as many bytes unpacked. */
    Event largestArray() {
        return packed(array(65_536, () -> "padding-0"));
    }

    /** Sends so many good events, each packed. */
    List<String> sendPacked(int count) {
        return send(IntStream.range(0, count)
                .mapToObj(i -> packed(event("android")))
                .toList());
    }

    /** gzip, then base64. */
    static Event packed(Event event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(event.body().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Event(event.key(), Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }

    /** One that is as it stands: the key names it in the records of the test only. */
    Event body(String body) {
        return new Event(nextKey(), body);
    }

    /** What is sent, and what it is known by. */
    record Event(String key, String body) {}

    List<String> send(List<Event> events) {
        List<String> ids = new ArrayList<>();
        for (int from = 0; from < events.size(); from += PER_CALL) {
            List<Event> part = events.subList(from, Math.min(events.size(), from + PER_CALL));
            List<SendMessageBatchRequestEntry> entries = IntStream.range(0, part.size())
                    .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                            .id(Integer.toString(i))
                            .messageBody(part.get(i).body())
                            .messageGroupId(groupId)
                            .build())
                    .toList();
            sendCall(entries).successful().forEach(sent -> {
                keyById.put(
                        sent.messageId(), part.get(Integer.parseInt(sent.id())).key());
                ids.add(sent.messageId());
            });
        }
        return ids;
    }

    private SendMessageBatchResponse sendCall(List<SendMessageBatchRequestEntry> entries) {
        sending.lock();
        try {
            return client.sendMessageBatch(request -> request.queueUrl(queueUrl).entries(entries));
        } finally {
            sending.unlock();
        }
    }

    private String nextKey() {
        return "key-" + keys.incrementAndGet();
    }

    /** The keys of all that was sent. */
    Set<String> sent() {
        return new HashSet<>(keyById.values());
    }

    Set<String> keysOf(Collection<String> messageIds) {
        Set<String> known = new HashSet<>();
        messageIds.forEach(id -> known.add(keyById.getOrDefault(id, "phantom " + id)));
        return known;
    }

    // --- the queue

    OtherConsumer otherConsumer() {
        return new OtherConsumer(client, queueUrl);
    }

    /** Visible, in flight, delayed. */
    List<Integer> depth() {
        Map<QueueAttributeName, String> counts = client.getQueueAttributes(request -> request.queueUrl(queueUrl)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                .attributes();
        return List.of(
                count(counts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES),
                count(counts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE),
                count(counts, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED));
    }

    private static int count(Map<QueueAttributeName, String> counts, QueueAttributeName name) {
        return Integer.parseInt(counts.getOrDefault(name, "0"));
    }

    /** The ids of the dead letters; they are taken out. */
    List<String> deadLetters() {
        List<String> ids = new ArrayList<>();
        List<Message> found = receiveDead();
        while (!found.isEmpty()) {
            found.forEach(message -> {
                ids.add(message.messageId());
                client.deleteMessage(request -> request.queueUrl(deadLetterUrl).receiptHandle(message.receiptHandle()));
            });
            found = receiveDead();
        }
        return ids;
    }

    private List<Message> receiveDead() {
        ReceiveMessageResponse answer =
                client.receiveMessage(request -> request.queueUrl(deadLetterUrl).maxNumberOfMessages(PER_CALL));
        return answer.messages();
    }

    private String create(String name, Map<QueueAttributeName, String> attributes) {
        return client.createQueue(request -> request.queueName(name).attributes(attributes))
                .queueUrl();
    }

    private String arn(String url) {
        return client.getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .getOrDefault(QueueAttributeName.QUEUE_ARN, "");
    }

    private static SqsClient client(URI endpoint) {
        return SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    // --- the database, past the proxy

    void execute(String sql) {
        sql().execute(sql);
    }

    /** The first column of every row, as text. */
    List<String> query(String sql) {
        return sql().query(sql);
    }

    long rows() {
        return Long.parseLong(query("SELECT count(*) FROM public.user_logins").getFirst());
    }

    /** The first so many statements that write to the table, and no others, come to that: PL/pgSQL. */
    void sabotage(String table, int times, String plpgsql) {
        String name = counter(table);
        execute("CREATE SEQUENCE " + name + ";"
                + "CREATE FUNCTION " + name + "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                // A sequence is not rolled back, so that it counts the attempts that fail.
                + " IF nextval('" + name + "') <= " + times + " THEN " + plpgsql + "; END IF;"
                + " RETURN NULL; END $$;"
                + "GRANT ALL ON SEQUENCE " + name + " TO PUBLIC;"
                + "CREATE TRIGGER sabotage BEFORE INSERT ON " + table
                + " FOR EACH STATEMENT EXECUTE FUNCTION " + name + "()");
    }

    /**
     * The first so many statements that write to the table pass, the others wait, in the middle of their transactions,
     * until the gate is opened: whoever waits there is under load for certain.
     */
    Gate gate(String table, int first) {
        Gate gate = new Gate(databaseUrl);
        sabotage(
                table,
                Integer.MAX_VALUE,
                "IF currval('" + counter(table) + "') > " + first + " THEN " + Gate.WAIT + "; END IF");
        return gate;
    }

    /** Reads these tables until it is told to end. */
    Reader reader(String... tables) {
        return new Reader(databaseUrl, tables);
    }

    /** How many statements met the sabotage, or would have. */
    long attempts(String table) {
        return Long.parseLong(query("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM " + counter(table))
                .getFirst());
    }

    private static String counter(String table) {
        return "public.sabotage_" + table.replace('.', '_');
    }

    void endSabotage(String table) {
        execute("DROP TRIGGER sabotage ON " + table);
    }

    /** Also while the database's default is read-only. */
    private TestSql sql() {
        return new TestSql(databaseUrl, "SET default_transaction_read_only = off");
    }

    @Override
    public void close() {
        workers.forEach(WorkerProcess::close);
        if (pooler != null) {
            pooler.close();
        }
        sqs.close();
        database.close();
        client.close();
    }
}
