package dev.sluice.bench;

import dev.sluice.bench.contender.Contender;
import dev.sluice.bench.measure.Execution;
import dev.sluice.bench.measure.Load;
import dev.sluice.bench.measure.Metric;
import dev.sluice.bench.measure.Sample;
import dev.sluice.bench.report.Results;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The runs of one call of {@code bench/run}: each case with each contender, in turns. Used by one thread. */
final class Session {

    /** Enough to have the JVM of the stub compile its code; scaled by the contender's share. */
    private static final Load WARM_UP = new Load(20_000, "", 0, 1, Load.Ending.DRAINED);

    private final Execution execution;
    private final List<Contender> contenders;
    private final Results results;
    private final PrintStream out;

    Session(Execution execution, List<Contender> contenders, Results results, PrintStream out) {
        this.execution = execution;
        this.contenders = contenders;
        this.results = results;
        this.out = out;
    }

    /** One run per contender that is not reported: of the stub's code, of builds and caches that a first start makes. */
    void warmUp() {
        for (Contender contender : contenders) {
            if (contender.obstacle().isEmpty()) {
                attempt("warm-up", contender, WARM_UP);
            }
        }
    }

    /** Runs all cases and prints their tables. */
    void run(Scenario scenario, int rounds) {
        for (Scenario.Case measured : scenario.cases()) {
            for (int round = 0; round < rounds; round++) {
                for (Contender contender : inTurn(scenario, round)) {
                    run(measured, contender);
                }
            }
            out.println("\n" + text(scenario, measured));
        }
        out.print(scenario.remarks(results));
    }

    private String text(Scenario scenario, Scenario.Case measured) {
        return measured.title() + "\n\n" + results.table(measured.name(), scenario.metrics());
    }

    /** Every second round backwards, so that nobody always comes after the same neighbour. */
    private List<Contender> inTurn(Scenario scenario, int round) {
        List<Contender> order = new ArrayList<>(contenders);
        order.removeIf(contender -> !contender.takesPart(scenario.name()));
        if (round % 2 == 1) {
            Collections.reverse(order);
        }
        return order;
    }

    private void run(Scenario.Case measured, Contender contender) {
        Optional<String> obstacle = contender.obstacle();
        if (obstacle.isPresent()) {
            results.skipped(measured.name(), contender.name(), obstacle.get());
        } else {
            attempt(measured.name(), contender, measured.load())
                    .ifPresent(sample -> results.add(measured.name(), contender.name(), sample));
        }
    }

    private Optional<Sample> attempt(String caseName, Contender contender, Load load) {
        try {
            Sample sample = execution.run(contender, load);
            progress(caseName, contender, sample);
            return Optional.of(sample);
        } catch (IllegalStateException | IOException failure) {
            results.failed(caseName, contender.name(), String.valueOf(failure.getMessage()));
            System.err.println("bench: " + caseName + ": " + contender.name() + ": " + failure.getMessage());
            return Optional.empty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    private static void progress(String caseName, Contender contender, Sample sample) {
        StringBuilder line = new StringBuilder("bench: " + caseName + ": " + contender.name());
        for (Metric metric : Metric.values()) {
            sample.get(metric).ifPresent(value -> line.append(", ")
                    .append(metric.text(value))
                    .append(' ')
                    .append(metric.label()));
        }
        System.err.println(line);
    }
}
