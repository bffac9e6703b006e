package dev.sluice.metrics;

import dev.sluice.config.TelemetrySettings;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.Mapper;
import dev.sluice.metrics.Reading.Read;
import dev.sluice.metrics.Recorder.Sample;
import dev.sluice.metrics.Status.InFlight;
import dev.sluice.metrics.Status.Outcomes;
import dev.sluice.metrics.Status.Pool;
import dev.sluice.metrics.Status.QueueDepth;
import dev.sluice.pipeline.Counters;
import dev.sluice.pipeline.Load;
import dev.sluice.pipeline.Outage;
import dev.sluice.pipeline.Sink;
import dev.sluice.pipeline.Source;
import dev.sluice.pipeline.Summary;
import dev.sluice.pipeline.Vitals;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures a worker: wraps the ends of its path, watches its queue and answers as {@link Figures}. The path pays some
 * hundred nanoseconds per record; everything else is read on demand, or by threads of its own. Thread-safe.
 */
public final class WorkerMetrics implements Figures, AutoCloseable {

    private static final Duration STATE_INTERVAL = Duration.ofSeconds(1);
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final double MILLIS = 1_000.0;

    private final About about;
    private final Counters counters;
    private final Registry registry;
    private final PathMeters path;
    private final CallMeters calls;
    private final SometimesKnown sometimesKnown;
    private final Instant startedAt = Instant.now();
    private final StateClock state = new StateClock(startedAt);
    private final ShutdownSignal closed = new ShutdownSignal();
    private final Recorder recorder;
    private volatile Vitals vitals = new Vitals();
    private volatile ShutdownSignal shutdown = new ShutdownSignal();
    private volatile @Nullable Surroundings surroundings;
    private volatile Supplier<Pool> pool = () -> new Pool(0, 0);

    /** Measures what is passed to it, and begins to send metrics if the settings name a collector. */
    public WorkerMetrics(About about, Counters counters, TelemetrySettings telemetry) {
        this.about = about;
        this.counters = counters;
        TelemetrySettings.Metrics sent = telemetry.metrics();
        this.registry = new Registry(sent == null ? null : new OtlpExport(sent, telemetry.resource()));
        this.path = new PathMeters(registry.meters());
        this.calls = new CallMeters(registry.meters());
        this.sometimesKnown = new SometimesKnown(registry.meters());
        this.recorder = new Recorder(this::sample);
        new WorkerGauges(this).register(registry.meters(), sometimesKnown);
    }

    /** Where other parts register meters of their own. */
    public MeterRegistry meters() {
        return registry.meters();
    }

    /** Called after each call of the queue's service, see {@code aws.CallListener}. */
    public void called(String operation, int status) {
        calls.called(operation, status);
    }

    /** Called for each transaction that is tried again, see {@code postgres.db.Database#measure}. */
    public void retried(String sqlstateClass) {
        calls.retried(sqlstateClass);
    }

    /** The source, measured. */
    public Source measured(Source source) {
        return new MeasuredSource(source, path);
    }

    /** The mapper, measured. */
    public Mapper measured(Mapper mapper) {
        return new MeasuredMapper(mapper, path);
    }

    /** The sink, measured. */
    public Sink measured(Sink sink) {
        return new MeasuredSink(sink, path);
    }

    /**
     * Begins to record the history, and to ask the surroundings. {@link #end} comes before they are closed.
     *
     * @param connections of the database at present; must not block
     */
    public void begin(Source source, RecoveryRequests audit, Supplier<Pool> connections) {
        pool = connections;
        surroundings = new Surroundings(source, audit);
        Thread.ofVirtual().name("metrics").start(this::record);
    }

    /** Called when the pipeline begins to run. */
    public void watch(Vitals running, ShutdownSignal ends) {
        vitals = running;
        shutdown = ends;
    }

    private void record() {
        Instant next = startedAt;
        while (!closed.await(STATE_INTERVAL)) {
            stateNow(Instant.now());
            sometimesKnown.refresh();
            if (Duration.between(next, Instant.now()).compareTo(History.Span.QUARTER_HOUR.step()) >= 0) {
                recorder.tick();
                next = Instant.now();
            }
        }
    }

    private Sample sample() {
        return new Sample(
                Instant.now(), System.nanoTime(), outcomes(), path.stageCounts(), path.eventAgeCounts(), depthRead());
    }

    private Outcomes outcomes() {
        Summary summary = counters.summary();
        return new Outcomes(summary.stored(), summary.duplicates(), summary.quarantined(), summary.released());
    }

    private StateClock.Reading stateNow(Instant now) {
        return state.read(vitals, shutdown, path.lastReceived(), now);
    }

    @Override
    public Status status() {
        Instant now = Instant.now();
        StateClock.Reading reading = stateNow(now);
        Outage outage = reading.outage();
        Recorder.Recent recent = recorder.recent();
        Load load = vitals.load();
        return new Status(
                about.version(),
                about.pipeline(),
                about.queue(),
                about.table(),
                now,
                startedAt,
                reading.state(),
                reading.since(),
                outage == null ? null : outage.because(),
                outage == null ? null : outage.nextTryAt(),
                about.consumers(),
                outcomes(),
                recent.perSecond(),
                recent.stages(),
                recent.eventAge(),
                new InFlight(load.records(), load.bytes()),
                depth(),
                deadLetters(),
                path.quarantinedByReason(),
                path.lastCommit().equals(Instant.MIN) ? null : path.lastCommit(),
                pool.get());
    }

    private @Nullable QueueDepth depth() {
        Read<Source.Depth> read = depthRead();
        if (read == null) {
            return null;
        }
        Source.Depth depth = read.value();
        OptionalLong oldest = oldestAgeMillis();
        return new QueueDepth(
                depth.visible(),
                depth.inFlight(),
                depth.delayed(),
                oldest.isPresent() ? (Double) (oldest.getAsLong() / MILLIS) : null,
                read.at());
    }

    /** Of a message received within a minute, or still in flight: during an outage, nothing is received. */
    OptionalLong oldestAgeMillis() {
        OptionalLong received = path.oldest().max();
        return vitals.load()
                .oldestSentAt()
                .map(sentAt -> OptionalLong.of(Math.max(
                        received.orElse(0),
                        Duration.between(sentAt, Instant.now()).toMillis())))
                .orElse(received);
    }

    @Nullable
    Long deadLetters() {
        Surroundings asked = surroundings;
        return asked == null ? null : asked.deadLetters();
    }

    RecoveryRequests.@Nullable Counts requests() {
        Surroundings asked = surroundings;
        return asked == null ? null : asked.requests();
    }

    @Nullable
    Read<Source.Depth> depthRead() {
        Surroundings asked = surroundings;
        return asked == null ? null : asked.depth();
    }

    /** See {@link Vitals#slowestStep}. */
    public Optional<Instant> slowestStep() {
        return vitals.slowestStep();
    }

    About about() {
        return about;
    }

    Counters counters() {
        return counters;
    }

    Vitals vitals() {
        return vitals;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** When records were last committed; the start before the first time, so that its age can be compared from then on. */
    Instant lastCommitOrStart() {
        return path.lastCommit().equals(Instant.MIN) ? startedAt : path.lastCommit();
    }

    @Override
    public History history(History.Span span) {
        return recorder.history(span);
    }

    @Override
    public Scrape scrape(String accept) {
        String contentType =
                accept.toLowerCase(Locale.ROOT).contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS;
        return new Scrape(contentType, registry.scrape(contentType));
    }

    /** Ends its threads; what they have read stays. */
    public void end() {
        closed.request();
        Surroundings asked = surroundings;
        if (asked != null) {
            asked.close();
        }
    }

    /** Takes its meters away from the JVM, and sends their last values to a collector. */
    @Override
    public void close() {
        end();
        registry.close();
    }
}
