package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.PipelineSpec.Sink;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.bruteforce.Assessment;
import dev.sluice.recovery.bruteforce.Assessment.Attack;
import dev.sluice.recovery.bruteforce.Assessor;
import dev.sluice.recovery.rewrap.WorkerPool;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice assess}. */
@Command(
        name = "assess",
        header = "Says how much of a table's masked values a stranger could reverse, by trying.",
        description = {
            "",
            "Reads a sample of any table, and changes nothing: tells what is in clear, and tries a part of all IPv4",
            "addresses and numbers ddd-dd-dddd against what looks like MD5, SHA-1, SHA-256 or SHA-512. From how many it",
            "finds it estimates how many trying all of them would find, and in what time on this machine. No value is",
            "shown. That nothing is found does not prove that nothing can be: other texts are not tried.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice assess",
            "  sluice assess --table crm.people --column phone_hash --seconds 120"
        })
final class AssessCommand implements Callable<Integer> {

    @ParentCommand
    Sluice sluice;

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "Any table, as schema.table or table (the pipeline's).")
    @Nullable
    String table;

    @Option(names = "--column", paramLabel = "COLUMN", description = "This column only (all of text or bytes).")
    @Nullable
    String column;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "30",
            description = "How long to try (${DEFAULT-VALUE}).")
    int seconds;

    @Override
    public Integer call() {
        if (seconds < 1) {
            throw new ParameterException(sluice.command.commandLine(), "--seconds: 1 or more was expected");
        }
        assess().forEach(this::print);
        return ExitCode.DONE;
    }

    private List<Assessment> assess() {
        Assembly assembly = sluice.assembly();
        Sink target = table == null ? assembly.spec().sink() : named(table);
        ShutdownSignal stop = new ShutdownSignal();
        try (Database database = Database.open(assembly.settings().database(), 1);
                ProgressView view = new ProgressView(sluice.console())) {
            Signals.onStop(stop::request);
            int threads = Runtime.getRuntime().availableProcessors();
            return new Assessor(database, target, column, Duration.ofSeconds(seconds))
                    .run(new WorkerPool(threads, stop, view));
        }
    }

    private static Sink named(String table) {
        int dot = table.indexOf('.');
        return dot < 0 ? new Sink(null, table) : new Sink(table.substring(0, dot), table.substring(dot + 1));
    }

    private void print(Assessment assessment) {
        sluice.console().out().println(sluice.json() ? json(assessment) : text(assessment));
    }

    private static String text(Assessment assessment) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %d values, %d of them different%s; about %.0f %% readable or reversible",
                TextTable.printable(assessment.column()),
                assessment.values(),
                assessment.distinct(),
                assessment.isConstant() ? ", a constant" : "",
                100 * assessment.reversible()));
        assessment
                .forms()
                .forEach((form, count) ->
                        text.append("\n  ").append(count).append(' ').append(form));
        assessment.attacks().forEach(attack -> text.append("\n  ").append(text(attack)));
        return text.toString();
    }

    private static String text(Attack attack) {
        return String.format(
                Locale.ROOT,
                "%s of %s: tried %,d of %,d (%.1f %%) in %.1f s, which reversed %d of %d; all of it would take about"
                        + " %,.0f s here and reverse about %.0f %% (%.0f to %.0f %%)",
                attack.algorithm(),
                attack.space(),
                attack.tried(),
                attack.size(),
                100 * attack.part(),
                attack.seconds(),
                attack.reversed(),
                attack.hashes(),
                attack.secondsForAll(),
                100 * attack.estimate(),
                100 * attack.low(),
                100 * attack.high());
    }

    private static JsonLine json(Assessment assessment) {
        return new JsonLine()
                .put("column", assessment.column())
                .put("values", assessment.values())
                .put("distinct", assessment.distinct())
                .put("constant", assessment.isConstant())
                .put("reversible", assessment.reversible())
                .put("readable", assessment.readable())
                .put("forms", assessment.forms())
                .put(
                        "attacks",
                        assessment.attacks().stream()
                                .map(AssessCommand::members)
                                .toList());
    }

    private static Map<String, @Nullable Object> members(Attack attack) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("algorithm", attack.algorithm());
        members.put("space", attack.space());
        members.put("hashes", attack.hashes());
        members.put("reversed", attack.reversed());
        members.put("tried", attack.tried());
        members.put("size", attack.size());
        members.put("seconds", attack.seconds());
        members.put("seconds_for_all", attack.tried() == 0 ? null : attack.secondsForAll());
        members.put("estimate", attack.estimate());
        members.put("low", attack.low());
        members.put("high", attack.high());
        return members;
    }
}
