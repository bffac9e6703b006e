package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.app.Assembly;
import dev.sluice.app.RunMode;
import dev.sluice.app.Worker;
import dev.sluice.badinput.BadInput;
import dev.sluice.badinput.BadInputs;
import dev.sluice.config.SettingsReader;
import dev.sluice.docs.MetricsTable;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.metrics.Figures;
import dev.sluice.metrics.History;
import dev.sluice.metrics.Status;
import dev.sluice.metrics.Status.Stage;
import dev.sluice.metrics.Status.State;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a worker measures of itself, after real runs. */
class FiguresIT {

    private static final String GOOD =
            "{\"user_id\":\"u%d\",\"app_version\":\"2.3.0\",\"device_type\":\"ios\",\"ip\":\"198.51.100.7\","
                    + "\"locale\":\"de\",\"device_id\":\"593-47-5928\"}";

    /** Of what is read now and then. */
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.sluice.metrics.Reading");

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @AfterEach
    void endListening() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    /** Listens to the log from now on: a command configures it, and the playground was made by commands. */
    private Worker open(Playground playground) {
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        return Worker.open(new Assembly(SettingsReader.read(Map.of(), null, playground.environment())));
    }

    private static void drain(Worker worker) {
        worker.run(RunMode.until(false, 1L, Duration.ofSeconds(10)), new ShutdownSignal());
    }

    @Test
    void countsWhatBecameOfEachRecord(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        playground.send(IntStream.range(0, 20).mapToObj(GOOD::formatted).toList());
        playground.send(List.of("{\"user_id\":\"u\",\"ip\":\"none\",\"device_id\":\"1\",\"app_version\":\"1\"}", "{"));

        try (Worker worker = open(playground)) {
            Figures figures = worker.figures();
            assertThat(figures.status().state()).isEqualTo(State.STARTING);
            drain(worker);

            Status status = figures.status();
            assertThat(status.records()).isEqualTo(new Status.Outcomes(20, 0, 2, 0));
            assertThat(status.quarantinedByReason()).isEqualTo(Map.of("invalid-ip", 1L, "truncated", 1L));
            assertThat(status.perSecond().stored()).isPositive();
            assertThat(status.eventAge().p50()).isNotNull().isPositive();
            assertThat(status.stages()).hasSize(Stage.values().length);
            status.stages()
                    .forEach((stage, times) ->
                            assertThat(times.p99()).as(stage.name()).isNotNull().isPositive());
            assertThat(status.inFlight()).isEqualTo(new Status.InFlight(0, 0));
            assertThat(status.lastCommitAt()).isNotNull();
            assertThat(status.queue()).isEqualTo(playground.queue);
            assertThat(status.table()).isEqualTo("user_logins");
            assertThat(status.pool().max()).isEqualTo(3);
            String text = figures.scrape("").text();
            assertThat(text)
                    .contains("sluice_records_total{outcome=\"stored\"} 20.0")
                    .contains("sluice_records_total{outcome=\"quarantined\"} 2.0")
                    .contains("sluice_quarantined_total{reason=\"invalid-ip\"} 1.0")
                    .contains("sluice_event_age_seconds_count 22")
                    .containsPattern("sluice_stage_seconds_count\\{stage=\"map\"} [1-9]")
                    .contains("sluice_sqs_requests_total{code=\"200\",operation=\"DeleteMessage\"}")
                    .contains("sluice_circuit_open 0.0")
                    .contains("sluice_in_flight_records 0.0")
                    .contains("hikaricp_connections_max{pool=\"sluice-database\"} 3.0")
                    .contains("sluice_build_info{version=\"0.1.0\"} 1")
                    .doesNotContain("sluice_dead_letter_messages");
        }
    }

    @Test
    void readsTheQueueAndTheAuditOnThreadsOfItsOwn(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        playground.send(List.of(GOOD, GOOD, GOOD));

        try (Worker worker = open(playground)) {
            await().untilAsserted(() -> {
                Status.QueueDepth depth = worker.figures().status().queueDepth();
                assertThat(depth)
                        .isNotNull()
                        .extracting(Status.QueueDepth::visible)
                        .isEqualTo(3L);
            });
            await().untilAsserted(() -> assertThat(worker.figures().scrape("").text())
                    .contains("sluice_queue_visible_messages 3.0")
                    .contains("sluice_unmask_requests_total{result=\"denied\"} 0.0"));
            History history = worker.figures().history(History.Span.QUARTER_HOUR);
            assertThat(history.step()).isEqualTo(Duration.ofSeconds(5));
        }
    }

    @Test
    void showsAnOutageOfTheDatabaseWhileItLasts(@TempDir Path folder) throws InterruptedException {
        Playground playground = Playground.ready(folder);
        try (Worker worker = open(playground)) {
            Figures figures = worker.figures();
            ShutdownSignal shutdown = new ShutdownSignal();
            Thread run = Thread.ofVirtual().start(() -> worker.run(RunMode.continuous(), shutdown));
            playground.execute("ALTER TABLE user_logins RENAME TO elsewhere");
            playground.send(List.of(GOOD));

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(figures.status().state()).isEqualTo(State.CIRCUIT_OPEN));
            Status open = figures.status();
            assertThat(open.because()).contains("table user_logins does not exist");
            assertThat(open.nextTryAt()).isAfter(open.since());
            assertThat(open.inFlight().records()).isEqualTo(1);
            assertThat(figures.scrape("").text())
                    .contains("sluice_circuit_open 1.0")
                    .contains("sluice_in_flight_records 1.0");

            playground.execute("ALTER TABLE elsewhere RENAME TO user_logins");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() ->
                            assertThat(figures.status().records().stored()).isEqualTo(1));
            assertThat(figures.status().state()).isEqualTo(State.RUNNING);
            assertThat(figures.scrape("").text()).contains("sluice_circuit_open 0.0");
            shutdown.request();
            assertThat(figures.status().state()).isEqualTo(State.DRAINING);
            run.join();
        }
    }

    /** After the first call, which opens the worker, the queue's attributes are denied. */
    @Test
    void leavesOutWhatItMayNotReadAndSaysSoOnce(@TempDir Path folder) throws Exception {
        Playground playground = Playground.ready(folder);
        playground.execute("REVOKE EXECUTE ON FUNCTION sluice.recovery_counts(bigint) FROM CURRENT_USER");
        playground.send(List.of(GOOD, GOOD));

        try (Attributes queue = new Attributes(later -> Attributes.DENIED);
                Worker worker = open(
                        playground.set("AWS_ENDPOINT_URL_SQS", queue.endpoint().toString()))) {
            await().untilAsserted(() -> assertThat(warnings())
                    .anyMatch(line -> line.startsWith("The depth of the queue cannot be read"))
                    .anyMatch(line -> line.startsWith("The depth of the dead-letter queue cannot be read"))
                    .anyMatch(line -> line.startsWith("The count of requests in the audit cannot be read")));
            drain(worker);

            assertThat(worker.figures().scrape("").text())
                    .contains("sluice_records_total{outcome=\"stored\"} 2.0", "sluice_circuit_open 0.0")
                    .doesNotContain("sluice_queue_visible", "sluice_queue_in_flight", "sluice_dead_letter", "unmask");
            assertThat(worker.figures().status().queueDepth()).isNull();
            assertThat(worker.figures().status().deadLetters()).isNull();
            assertThat(warnings()).hasSize(3);
        }
    }

    @Test
    void isQuickAndStoresWhileTheQueuesAttributesHang(@TempDir Path folder) throws Exception {
        Playground playground = Playground.ready(folder);
        playground.send(List.of(GOOD, GOOD));
        CountDownLatch hang = new CountDownLatch(1);

        try (Attributes queue = new Attributes(later -> {
                    hang.await();
                    return later;
                });
                Worker worker = open(
                        playground.set("AWS_ENDPOINT_URL_SQS", queue.endpoint().toString()))) {
            try {
                drain(worker);

                assertThat(worker.figures().scrape("").text())
                        .contains("sluice_records_total{outcome=\"stored\"} 2.0")
                        .doesNotContain("sluice_queue_visible");
            } finally {
                hang.countDown();
            }
        }
    }

    @Test
    void countsDeadLetters(@TempDir Path folder) throws Exception {
        Playground playground = Playground.ready(folder);
        playground.createDeadLetters(3);

        try (Worker worker = open(playground)) {
            await().untilAsserted(() -> assertThat(worker.figures().scrape("").text())
                    .contains("sluice_dead_letter_messages 3.0", "sluice_queue_visible_messages 0.0"));
            assertThat(worker.figures().status().deadLetters()).isEqualTo(3);
        }
    }

    @Test
    void doesNotKnowTheDeadLettersOfAQueueThatItMayNotRead(@TempDir Path folder) throws Exception {
        Playground playground = Playground.ready(folder);
        playground.createDeadLetters(3);

        try (Attributes queue = new Attributes(later -> later.body().contains("-dead") ? Attributes.DENIED : later);
                Worker worker = open(
                        playground.set("AWS_ENDPOINT_URL_SQS", queue.endpoint().toString()))) {
            await().untilAsserted(() -> assertThat(warnings())
                    .singleElement()
                    .asString()
                    .startsWith("The depth of the dead-letter queue cannot be read"));
            await().untilAsserted(() ->
                    assertThat(worker.figures().scrape("").text()).contains("sluice_queue_visible_messages 0.0"));

            assertThat(worker.figures().scrape("").text()).doesNotContain("sluice_dead_letter");
            assertThat(worker.figures().status().deadLetters()).isNull();
        }
    }

    /** An SQS whose attributes can be had once, to open a worker; what comes of later calls is as it is set. */
    private static final class Attributes extends SqsInBetween {

        private static final Request DENIED = Request.DENIED;

        /** What is passed on in place of a call. */
        private interface Later {
            SqsInBetween.Request instead(SqsInBetween.Request call) throws InterruptedException;
        }

        private final AtomicBoolean opened = new AtomicBoolean();
        private final Later later;

        Attributes(Later later) throws IOException {
            super(Playground.sqsEndpoint());
            this.later = later;
        }

        @Override
        Request change(Request request) throws IOException {
            boolean isOfDepth = request.operation().equals("GetQueueAttributes")
                    || request.body().contains("-dead");
            try {
                return isOfDepth && opened.getAndSet(true) ? later.instead(request) : request;
            } catch (InterruptedException closing) {
                throw new InterruptedIOException("closing");
            }
        }
    }

    private List<String> warnings() {
        return log.list.stream()
                .filter(event -> event.getLevel().equals(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** By a login that may do nothing else with the audit. */
    @Test
    void countsTheRequestsInTheAuditAfterAnEntry(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        for (String entry : List.of(
                "'unmask', 'tester', 'DSAR', 'T-1', 'user-logins', 1, '{}'",
                "'denied', 'tester', 'DSAR', 'T-1', 'user-logins', 1, '{\"asked\":\"unmask\",\"why\":\"DAILY_VALUES\"}'",
                "'denied', 'tester', 'DSAR', 'T-1', 'user-logins', 1, '{\"asked\":\"find\",\"why\":\"DAILY_VALUES\"}'",
                "'rewrap', 'tester', NULL, 'T-1', 'user-logins', 1, 'no JSON'")) {
            playground.execute("SELECT sluice.audit_append(" + entry + ")");
        }

        assertThat(playground.query("SELECT granted || ' ' || denied FROM sluice.recovery_counts(0)"))
                .containsExactly("1 1");
        assertThat(playground.query("SELECT granted || ' ' || denied FROM sluice.recovery_counts(NULL)"))
                .containsExactly("0 0");
        assertThat(playground.query(
                        "SELECT seq = (SELECT max(seq) FROM sluice.audit) FROM sluice.recovery_counts(NULL)"))
                .containsExactly("t");
    }

    @Test
    void namesEveryMetricInTheDocumentAndNoOther(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        playground.send(List.of(GOOD));

        try (Worker worker = open(playground)) {
            drain(worker);
            await().untilAsserted(() -> assertThat(worker.figures().scrape("").text())
                    .contains("sluice_unmask_requests_total")
                    .contains("sluice_queue_visible_messages"));

            MetricsTable.read().hold(worker.figures().scrape("").text());
        }
    }

    @Test
    void speaksOpenMetricsToWhoeverAcceptsIt(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);

        try (Worker worker = open(playground)) {
            Figures.Scrape open = worker.figures()
                    .scrape("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");
            assertThat(open.contentType()).startsWith("application/openmetrics-text");
            assertThat(open.text()).endsWith("# EOF\n").contains("# TYPE sluice_build info");
            Figures.Scrape plain = worker.figures().scrape("text/plain");
            assertThat(plain.contentType()).startsWith("text/plain; version=0.0.4");
            assertThat(plain.text()).doesNotContain("# EOF");
        }
    }

    /** With real bad input, whose reasons are the largest set of labels. */
    @Test
    void staysBelowTwoHundredSeriesAfterTheCorpusOfBadInput(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);
        playground.send(BadInputs.all().stream()
                .filter(bad -> bad.mapperOnly() == null)
                .map(BadInput::body)
                .map(body -> new String(body, StandardCharsets.UTF_8))
                .toList());

        try (Worker worker = open(playground)) {
            drain(worker);
            await().untilAsserted(() ->
                    assertThat(worker.figures().scrape("").text()).contains("sluice_unmask_requests_total"));
            List<String> series = worker.figures()
                    .scrape("")
                    .text()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
            long began = System.nanoTime();
            worker.figures().scrape("");
            System.out.printf("a scrape of %d series took %.1f ms%n", series.size(), (System.nanoTime() - began) / 1e6);
            assertThat(worker.figures().status().records().quarantined()).isGreaterThan(50);
            assertThat(series.size())
                    .as(series.stream()
                            .map(line -> line.replaceAll("[{ ].*", ""))
                            .collect(Collectors.groupingBy(name -> name, Collectors.counting()))
                            .toString())
                    .isLessThan(200);
        }
    }
}
