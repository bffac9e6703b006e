package dev.sluice.bench;

import dev.sluice.bench.contender.Spring;
import dev.sluice.bench.measure.Metric;
import dev.sluice.bench.report.Asked;
import dev.sluice.bench.report.Asked.Figure;

/** What is asked of Sluice, and which figures say whether it holds. */
final class Goals {

    private Goals() {}

    static Asked asked() {
        return new Asked()
                .ratio("messages/s, long run: times Spring Cloud AWS", ">= 4", steady(Metric.RATE), spring(Metric.RATE))
                .ratio(
                        "messages/s, long run: times boto3 batched",
                        ">= 18",
                        steady(Metric.RATE),
                        new Figure(Scenario.LONG_RUN, Contenders.BOTO3_BATCHED, Metric.RATE))
                .ratio(
                        "client CPU per message, long run: share of Spring's",
                        "<= 0.25",
                        steady(Metric.CLIENT_CPU),
                        spring(Metric.CLIENT_CPU))
                .figure("job of 100 messages: wall s", "< 3.5", sluice(Scenario.SMALL_JOB, Metric.WALL_SECONDS))
                .figure("job of 100 messages: CPU s", "half of 2.8", sluice(Scenario.SMALL_JOB, Metric.CPU_SECONDS))
                .figure("job of 200,000 messages: CPU s", "half of 25", sluice(Scenario.LARGE_JOB, Metric.CPU_SECONDS))
                .ratio(
                        "20 ms per SQS call: share of the warm throughput kept",
                        ">= 0.80",
                        sluice(Scenario.LATENCY, Metric.WARM_RATE),
                        sluice(Scenario.NO_LATENCY, Metric.WARM_RATE))
                .ratio(
                        "time per message after 20 million rows: times that on an empty database",
                        "<= 1.05",
                        sluice(Scenario.EMPTY_DATABASE, Metric.RATE),
                        sluice(Scenario.GROWN_DATABASE, Metric.RATE))
                .figure("SQS requests per 1,000 messages, full queue", "200", steady(Metric.REQUESTS))
                .figure("idle: long polls at once", "1", sluice(Scenario.IDLE, Metric.IDLE_POLLS))
                .figure("idle: % of a core", "< 1", sluice(Scenario.IDLE, Metric.IDLE_CPU))
                .figure("first row after the start, s", "< 2", sluice(Scenario.FIRST_ROW, Metric.FIRST_ROW_SECONDS))
                .figure(
                        "1,000 messages/s offered: received to deleted, p99 ms",
                        "<= 250",
                        sluice(Scenario.OFFERED, Metric.RECEIVED_P99));
    }

    private static Figure steady(Metric metric) {
        return sluice(Scenario.LONG_RUN, metric);
    }

    private static Figure sluice(String caseName, Metric metric) {
        return new Figure(caseName, Contenders.SLUICE, metric);
    }

    private static Figure spring(Metric metric) {
        return new Figure(Scenario.LONG_RUN, Spring.NAME, metric);
    }
}
