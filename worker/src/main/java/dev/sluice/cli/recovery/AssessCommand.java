package dev.sluice.cli.recovery;

import dev.sluice.app.Assembly;
import dev.sluice.bulk.WorkerPool;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Progress;
import dev.sluice.cli.command.Signals;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.PipelineSpec.Sink;
import dev.sluice.output.JsonLine;
import dev.sluice.output.TerminalText;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.bruteforce.Assessment;
import dev.sluice.recovery.bruteforce.Assessor;
import dev.sluice.recovery.bruteforce.Attack;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice assess}. */
@Command(
        name = "assess",
        header = "Estimates how much of a table's masked values an attacker could reverse by brute force.",
        description = {
            "Reads a sample of any table, and changes nothing. Reports what is in clear text, and tries a part of all IPv4"
                    + " addresses and numbers ddd-dd-dddd against what looks like MD5, SHA-1, SHA-256 or SHA-512. From the"
                    + " matches it estimates how many values a full search would find, and how long that takes on this"
                    + " machine. No value is shown.",
            "",
            "Finding nothing does not prove that nothing can be found: other texts are not tried."
        },
        footer = {"Examples:", "  sluice assess", "  sluice assess --table crm.people --column phone_hash --seconds 120"
        })
@CommandHelp(uses = {Part.PIPELINE, Part.DATABASE})
public final class AssessCommand extends CliCommand implements Runnable {

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "Any table, as schema.table or table (the pipeline's).")
    @Nullable
    String table;

    @Option(names = "--column", paramLabel = "COLUMN", description = "Only this column (all with text or bytes).")
    @Nullable
    String column;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "30",
            description = "How long to try (${DEFAULT-VALUE}).")
    int seconds;

    @Override
    public void run() {
        requireAtLeast(1, seconds, "--seconds");
        assess().forEach(assessment -> print(json(assessment), text(assessment)));
    }

    private List<Assessment> assess() {
        Assembly assembly = assembly();
        Sink target = table == null ? assembly.spec().sink() : named(table);
        ShutdownSignal stop = new ShutdownSignal();
        try (Database database = Database.open(assembly.settings().database(), 1);
                Progress progress = new Progress(console())) {
            Signals.onStop(stop::request);
            int threads = Runtime.getRuntime().availableProcessors();
            return new Assessor(database, target, column, Duration.ofSeconds(seconds))
                    .run(new WorkerPool(threads, stop, progress));
        }
    }

    private static Sink named(String table) {
        int dot = table.indexOf('.');
        return dot < 0 ? new Sink(null, table) : new Sink(table.substring(0, dot), table.substring(dot + 1));
    }

    private static String text(Assessment assessment) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %d values, %d of them distinct%s; about %.0f %% readable or reversible",
                TerminalText.escape(assessment.column()),
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
                        assessment.attacks().stream().map(AssessCommand::json).toList());
    }

    private static JsonLine json(Attack attack) {
        return new JsonLine()
                .put("algorithm", attack.algorithm())
                .put("space", attack.space())
                .put("hashes", attack.hashes())
                .put("reversed", attack.reversed())
                .put("tried", attack.tried())
                .put("size", attack.size())
                .put("seconds", attack.seconds())
                .put("seconds_for_all", attack.tried() == 0 ? null : attack.secondsForAll())
                .put("estimate", attack.estimate())
                .put("low", attack.low())
                .put("high", attack.high());
    }
}
