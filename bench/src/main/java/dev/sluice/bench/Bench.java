package dev.sluice.bench;

import dev.sluice.bench.contender.Certificate;
import dev.sluice.bench.measure.Databases;
import dev.sluice.bench.measure.Execution;
import dev.sluice.bench.measure.StubProcess;
import dev.sluice.bench.report.Machine;
import dev.sluice.bench.report.Page;
import dev.sluice.bench.report.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code bench/run}. */
@Command(
        name = "bench/run",
        sortOptions = false,
        header = "Measures Sluice end to end, on a stub queue and a real PostgreSQL.",
        description = {
            "Every run is a fresh process with default settings and an empty database. Contenders take turns; tables show"
                    + " medians and, in parentheses, the lowest and the highest value.",
            ""
        },
        footerHeading = "%nScenarios:%n")
public final class Bench implements Callable<Integer> {

    private static final int QUICK_DIVISOR = 10;

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO", description = "What to measure. Default: all but grown and workers.")
    List<String> names = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "N", description = "Runs per contender and case. Default: 3.")
    int rounds = 3;

    @Option(names = "--quick", description = "One round with a tenth of the messages.")
    boolean quick;

    @Option(names = "--messages", paramLabel = "N", description = "Messages per run, for steady, latency and partial.")
    @Nullable
    Integer messages;

    @Option(
            names = "--baseline",
            paramLabel = "CHECKOUT",
            description = "Also measure bin/sluice of another checkout. Repeatable.")
    List<Path> baselines = new ArrayList<>();

    @Option(
            names = "--setting",
            paramLabel = "NAME=VALUE",
            description = "Also measure this checkout with an environment variable, such as SLUICE_CONSUMERS=4."
                    + " Repeatable.")
    List<String> settings = new ArrayList<>();

    @Option(
            names = "--java-opts",
            paramLabel = "OPTIONS",
            description = "SLUICE_JAVA_OPTS for Sluice, such as -Xmx256m. Default: none.")
    String javaOptions = "";

    @Option(names = "--no-peers", description = "Only Sluice. Skips building the others.")
    boolean withoutPeers;

    @Option(names = "--tls", description = "Call the queue by https, as on AWS.")
    boolean tls;

    @Option(names = "--write", description = "Write the tables to docs/performance.md.")
    boolean write;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--home", hidden = true, required = true)
    Path home = Path.of("");

    /** Started by {@code bench/run}, which names the checkout. */
    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Bench());
        command.getCommandSpec()
                .usageMessage()
                .footer(Scenario.ALL.stream()
                        .map(scenario -> "  %-10s %s"
                                .formatted(scenario.name(), scenario.description())
                                .replace("%", "%%"))
                        .toArray(String[]::new));
        command.setExecutionExceptionHandler(Bench::explain);
        System.exit(command.execute(arguments));
    }

    /** What a user can mend in one line; a defect with its trace. */
    private static int explain(Exception failure, CommandLine command, ParseResult arguments) throws Exception {
        if (failure instanceof IllegalArgumentException || failure instanceof IllegalStateException) {
            System.err.println("bench: " + failure.getMessage());
            return 1;
        }
        throw failure;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Scenario> scenarios = selected();
        requireSettings();
        Path folder = Files.createDirectories(home.resolve("bench/target/run"));
        Results results = new Results();
        String url = System.getenv("BENCH_DATABASE_URL");
        try (StubProcess stub = StubProcess.start(tls ? Certificate.create(folder) : null);
                Databases databases = url == null ? Databases.embedded() : Databases.given(url)) {
            Session session = new Session(
                    new Execution(stub, databases, folder),
                    Contenders.of(home, settings, baselines, javaOptions, !withoutPeers),
                    results,
                    System.out);
            session.warmUp();
            String machine = Machine.describe(databases.description());
            for (Scenario scenario : scenarios) {
                session.run(scenario, quick ? 1 : rounds);
                if (write) {
                    write(scenario, results, machine);
                }
            }
            System.out.println("\n" + Goals.asked().table(results, ""));
            if (!hasFullSizes()) {
                System.out.println("The goals are meant for runs of full size, without --quick and --messages.");
            }
        }
        return results.isComplete() ? 0 : 1;
    }

    private boolean hasFullSizes() {
        return !quick && messages == null;
    }

    /** After each scenario: a run of hours that is interrupted keeps what it has. */
    private void write(Scenario scenario, Results results, String machine) throws IOException {
        Page page = Page.read(home.resolve("docs/performance.md"));
        page.put(scenario.name(), scenario.markdown(results, machine));
        if (hasFullSizes()) {
            page.put("asked", Goals.asked().table(results, page.block("asked")));
        }
        page.save();
    }

    private void requireSettings() {
        for (String setting : settings) {
            if (setting.indexOf('=') < 1) {
                throw new ParameterException(spec.commandLine(), "--setting: NAME=VALUE was expected");
            }
        }
    }

    private List<Scenario> selected() {
        List<String> wanted = new ArrayList<>(names);
        List<Scenario> selected = Scenario.ALL.stream()
                .filter(scenario ->
                        names.isEmpty() ? !scenario.isOnRequest() : wanted.removeIf(scenario.name()::equals))
                .map(scenario -> scenario.sized(messages, quick ? QUICK_DIVISOR : 1))
                .toList();
        Iterator<String> unknown = wanted.iterator();
        if (unknown.hasNext()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "unknown scenario '" + unknown.next() + "'; expected one of "
                            + String.join(
                                    ", ",
                                    Scenario.ALL.stream().map(Scenario::name).toList()));
        }
        return selected;
    }
}
