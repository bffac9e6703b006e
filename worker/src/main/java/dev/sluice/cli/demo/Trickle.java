package dev.sluice.cli.demo;

import dev.sluice.app.Assembly;
import dev.sluice.config.Setting;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.Pipelines;
import dev.sluice.sqs.QueueClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends login events to the demo's queue, one to nine a second in waves, until it is closed. A few share a device or are sent
 * twice, some are bad, and some have a renamed field. For the built-in pipelines, whose events these are.
 */
final class Trickle implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Trickle.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LAST_CALL = Duration.ofSeconds(2);

    private static final int MEAN_RATE = 5;
    private static final int AMPLITUDE = 4;
    private static final double WAVE_SECONDS = 90;

    private static final int USERS = 400;
    private static final int DEVICES = 250;

    private final Random random = new Random();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final boolean flowing;
    private final Assembly assembly;
    private final Thread thread;

    Trickle(Assembly assembly) {
        this.assembly = assembly;
        this.flowing = Pipelines.BUILT_IN.contains(
                Objects.requireNonNull(assembly.settings().text(Setting.PIPELINE)));
        this.thread = Thread.ofVirtual().name("demo-trickle").start(this::flow);
    }

    /** Whether there are events for this pipeline. */
    boolean isFlowing() {
        return flowing;
    }

    private void flow() {
        if (!flowing) {
            return;
        }
        try (QueueClient queue = assembly.queueClient()) {
            for (long second = 0; !closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS); second++) {
                queue.send(events(rate(second)).iterator(), null, sent -> {});
            }
        } catch (InfrastructureException failure) {
            if (closing.getCount() > 0) {
                LOG.warn("The demo sends no more events: {}", failure.getMessage());
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static int rate(long second) {
        return MEAN_RATE + (int) Math.round(AMPLITUDE * Math.sin(2 * Math.PI * second / WAVE_SECONDS));
    }

    private List<String> events(int count) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String event = event();
            events.add(event);
            if (random.nextInt(25) == 0) {
                events.add(event); // a producer that repeats itself: two messages, so two rows
            }
        }
        return events;
    }

    /** Most are good. */
    private String event() {
        return switch (random.nextInt(60)) {
            case 0 -> login("user_id", "198.18.0.999", "device_type");
            case 1 -> login("user", address(), "device_type");
            case 2, 3, 4 -> login("user_id", address(), "deviceType");
            default -> login("user_id", address(), "device_type");
        };
    }

    private String login(String userField, String ip, String deviceField) {
        return "{\"" + userField + "\":\"user-" + random.nextInt(USERS) + "\",\"app_version\":\"2." + random.nextInt(4)
                + ".0\",\"" + deviceField + "\":\"" + (random.nextBoolean() ? "android" : "ios") + "\",\"ip\":\"" + ip
                + "\",\"locale\":\"" + (random.nextInt(5) == 0 ? "RU" : "EN") + "\",\"device_id\":\"593-47-"
                + (1_000 + random.nextInt(DEVICES)) + "\"}";
    }

    /** Of the addresses set aside for benchmarks (RFC 2544). */
    private String address() {
        return "198.18." + random.nextInt(4) + "." + random.nextInt(256);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(LAST_CALL)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
