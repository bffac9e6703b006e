package dev.sluice.console;

import static dev.sluice.console.MadeUpJson.object;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Status, history and needs as a worker in a scene would answer them. */
final class MadeUpFigures {

    /** What the browser's clock shows too, so that two pictures of one scene are equal. */
    static final Instant NOW = Instant.parse("2026-03-01T14:05:30Z");

    private static final Object NO_QUANTILES = quantiles(null, null);

    private MadeUpFigures() {}

    static Object status(Scene scene) {
        boolean huge = scene == Scene.HUGE;
        long scale = huge ? 23_456 : 1;
        boolean first = scene == Scene.FIRST_START;
        return object(
                "version", "0.1.0",
                "pipeline", huge ? "customer-profile-changes-of-all-regions-and-subsidiaries-v2" : "user-logins",
                "queue", huge ? longQueue() : "login-queue",
                "table", huge ? "customer_data_platform.customer_profile_changes_by_region" : "events.user_logins",
                "now", NOW,
                "started_at", first ? NOW.minusSeconds(9) : NOW.minusSeconds(273_600),
                "state", scene.state(),
                "since", NOW.minusSeconds(128),
                "because", because(scene),
                "next_try_at", because(scene) == null ? null : NOW.plusSeconds(12),
                "consumers", 4,
                "records",
                        first
                                ? rates(0, 0, 0, 0)
                                : rates(1_204_377.0 * scale, 3_120, scene.quarantined() ? 3.0 * scale : 0, 41),
                "per_second",
                        scene.flows()
                                ? rates(412.4 * scale, 1.2, scene == Scene.RUNNING ? 0.07 : 0, 0)
                                : rates(0, 0, 0, 0),
                "stages", stages(scene),
                "event_age", scene.flows() ? quantiles(0.18, huge ? 5_460.0 : 0.412) : NO_QUANTILES,
                "in_flight",
                        scene.flows()
                                ? object("records", 36 * scale, "bytes", 18_220 * scale)
                                : object("records", 0, "bytes", 0),
                "queue_depth", depth(scene),
                "dead_letters", first ? null : 0,
                "quarantined_by_reason", scene.quarantined() ? object("missing", 2, "invalid-ip", 1) : object(),
                "last_commit_at", first ? null : NOW.minusSeconds(scene.flows() ? 1 : 128),
                "pool", object("active", scene.flows() ? 3 : 0, "max", 8));
    }

    private static String longQueue() {
        return "https://sqs.eu-central-1.amazonaws.com/123456789012/customer-profile-changes-of-all-regions-production.fifo";
    }

    private static @Nullable String because(Scene scene) {
        return switch (scene) {
            case CIRCUIT_OPEN ->
                "could not check the database at sluice@db.internal:5432/events: the connection was refused, SQLSTATE 08001;"
                        + " check that it is running and accepts TCP connections there";
            case QUEUE_UNREACHABLE ->
                "could not receive from login-queue: the connection timed out; check the endpoint and the network";
            default -> null;
        };
    }

    private static Object stages(Scene scene) {
        return scene.flows()
                ? object(
                        "receive", quantiles(0.018, 0.044),
                        "map", quantiles(0.0000021, 0.0000094),
                        "store", quantiles(0.0112, 0.0381),
                        "settle", quantiles(0.0042, 0.0127))
                : object("receive", NO_QUANTILES, "map", NO_QUANTILES, "store", NO_QUANTILES, "settle", NO_QUANTILES);
    }

    private static @Nullable Object depth(Scene scene) {
        return switch (scene) {
            case RUNNING -> depth(1_204, 36, 2.0);
            case IDLE -> depth(0, 0, null);
            case CIRCUIT_OPEN -> depth(4_096, 0, 131.0);
            case QUEUE_UNREACHABLE, FIRST_START -> null;
            case DRAINING -> depth(310, 36, 1.2);
            case HUGE -> depth(123_456_789, 119_873, 259_200.0);
        };
    }

    private static Object depth(long visible, long inFlight, @Nullable Double oldest) {
        return object(
                "visible",
                visible,
                "in_flight",
                inFlight,
                "delayed",
                0,
                "oldest_age_seconds",
                oldest,
                "read_at",
                NOW.minusSeconds(4));
    }

    /** A day's or a quarter of an hour's course with a hole where the worker was down. */
    static Object history(Scene scene, boolean day) {
        int step = day ? 300 : 5;
        int steps = day ? 288 : 180;
        Random random = new Random(7);
        List<Object> points = new ArrayList<>();
        for (int i = 0; i < steps && scene != Scene.FIRST_START; i++) {
            double wave = 1 + 0.25 * Math.sin(i / 19.0) + 0.05 * random.nextGaussian();
            boolean down = i > 96 && i < 104;
            boolean over = !scene.flows() && i > steps - 26;
            if (!down) {
                points.add(point(
                        NOW.minusSeconds((long) step * (steps - i)),
                        over ? 0 : wave * (scene == Scene.HUGE ? 9_700_000 : 400),
                        random));
            }
        }
        return object("step_seconds", step, "points", points);
    }

    private static Object point(Instant at, double stored, Random random) {
        double spike = random.nextInt(23) == 0 ? 2.6 : 1;
        Object age = stored == 0
                ? NO_QUANTILES
                : quantiles(0.17 + 0.02 * random.nextDouble(), (0.36 + 0.08 * random.nextDouble()) * spike);
        return object(
                "at",
                at,
                "per_second",
                rates(stored, stored * 0.05, spike > 1 ? stored * 0.02 : 0, 0),
                "event_age",
                age,
                "visible",
                1_204);
    }

    static Object needs(Scene scene) {
        List<Object> items = new ArrayList<>();
        if (scene == Scene.CIRCUIT_OPEN) {
            items.add(need("fail", "The circuit is open; messages wait in the queue", "doctor", 1));
        }
        if (scene.quarantined()) {
            items.add(need("warn", "3 quarantined: missing user_id (2), invalid-ip masked_ip (1)", "quarantine", 3));
            items.add(need(
                    "warn", "Key 9b4d87b8 of user-logins.masked_ip is not primary and rows still use it", "keys", 1));
        }
        if (scene == Scene.RUNNING || scene == Scene.HUGE) {
            items.add(need("ok", "Queue and database answer, and the keys can be read", "doctor", 0));
        } else if (items.isEmpty()) {
            items.add(need("ok", "Queue and database answer, and the keys can be read", "doctor", 0));
        }
        return object("items", items);
    }

    private static Object need(String level, String text, String view, int count) {
        return object("level", level, "text", text, "view", view, "count", count);
    }

    private static Object quantiles(@Nullable Double p50, @Nullable Double p99) {
        return object("p50", p50, "p99", p99);
    }

    private static Map<String, @Nullable Object> rates(
            double stored, double duplicate, double quarantined, double released) {
        return object("stored", stored, "duplicate", duplicate, "quarantined", quarantined, "released", released);
    }
}
