package dev.sluice.bench.scale;

import dev.sluice.bench.report.Table;
import dev.sluice.bench.scale.Simulation.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/scale}: what a number of workers does to a queue and a database, before anybody pays for them. */
@Command(
        name = "bench/scale",
        sortOptions = false,
        header = "Simulates workers on one queue and one database.",
        description = {
            "Defaults are what docs/scale.md says of the default pipeline. `bench/run workers` holds the simulation against"
                    + " what this machine measures.",
            ""
        })
public final class Scale implements Callable<Integer> {

    private static final double SECONDS_OF_DAY = 86_400;
    private static final double GIGA = 1e9;

    /** How long the ledger keeps keys beyond the queue's retention: its migration V10. */
    private static final int DAYS_MORE = 2;

    /** As docs/scale.md counts it, so that waits for the network do not stall the writers. */
    private static final double SESSION_SHARE = 0.5;

    @Option(names = "--workers", paramLabel = "N", description = "Worker processes. Default: ${DEFAULT-VALUE}.")
    int workers = 4;

    @Option(
            names = "--worker-rate",
            paramLabel = "N",
            description = "Messages/s that one worker's processors manage. Default: ${DEFAULT-VALUE}, one core.")
    double workerRate = 40_000;

    @Option(
            names = "--database-rate",
            paramLabel = "N",
            description = "Rows/s that the database takes. Default: ${DEFAULT-VALUE}.")
    double databaseRate = 100_000;

    @Option(
            names = "--session-rate",
            paramLabel = "N",
            description = "Rows/s that one session of the database takes. Default: ${DEFAULT-VALUE}.")
    double sessionRate = 100_000;

    @Option(names = "--rate", paramLabel = "N", description = "Messages/s that are sent. Default: ${DEFAULT-VALUE}.")
    double rate = 50_000;

    @Option(names = "--latency-millis", paramLabel = "N", description = "Of a call to SQS. Default: ${DEFAULT-VALUE}.")
    double latencyMillis = 20;

    @Option(names = "--records", paramLabel = "N", description = "Records per message. Default: ${DEFAULT-VALUE}.")
    double records = 1;

    @Option(names = "--batch-messages", paramLabel = "N", description = "Setting. Default: ${DEFAULT-VALUE}.")
    int batchMessages = 1_000;

    @Option(names = "--consumers", paramLabel = "N", description = "Setting. Default: ${DEFAULT-VALUE}.")
    int consumers = 2;

    @Option(
            names = "--visibility",
            paramLabel = "SECONDS",
            description = "Visibility timeout. Default: ${DEFAULT-VALUE}.")
    double visibility = 30;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            description = "Messages that wait before. Default: ${DEFAULT-VALUE}.")
    double backlog = 10_000_000;

    @Option(
            names = "--retention-days",
            paramLabel = "N",
            description = "Retention of the queue. Default: ${DEFAULT-VALUE}.")
    double retentionDays = 4;

    @Option(names = "--table-bytes", paramLabel = "N", description = "Per row. Default: ${DEFAULT-VALUE}.")
    double tableBytes = 210;

    @Option(names = "--ledger-bytes", paramLabel = "N", description = "Per record. Default: ${DEFAULT-VALUE}.")
    double ledgerBytes = 130;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** Started by {@code bench/scale}. */
    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Scale());
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            if (failure instanceof IllegalArgumentException) {
                System.err.println("bench/scale: " + failure.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
            throw failure;
        });
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() {
        Fleet fleet = new Fleet(
                workers,
                workerRate,
                databaseRate,
                rate,
                latencyMillis / 1_000,
                records,
                batchMessages,
                consumers,
                visibility);
        System.out.print(table(Simulation.of(fleet), Simulation.of(fleet.busy())));
        return 0;
    }

    private String table(Outcome usual, Outcome busy) {
        double rowsPerDay = usual.throughput() * records * SECONDS_OF_DAY;
        Table table = new Table(List.of("what", "as sent", "full queue"));
        row(table, "messages/s", usual.throughput(), busy.throughput());
        table.row(List.of("limit", usual.limit(), busy.limit()));
        row(table, "messages in flight (quota 120,000)", usual.inFlight(), busy.inFlight());
        row(table, "requests/s to SQS", usual.requestsPerSecond(), busy.requestsPerSecond());
        row(table, "busy sessions of the database, times 2", sessions(usual), sessions(busy));
        table.row(List.of(
                "connections of all pools", Integer.toString(usual.fleet().connections()), ""));
        row(table, "messages that one kill returns, at most", usual.fleet().windowOfWorker(), Double.NaN);
        table.row(List.of("seconds until they return, at most", number(visibility), ""));
        table.row(List.of(
                "drain of the backlog", duration(usual.drainSeconds(backlog)), duration(busy.drainSeconds(backlog))));
        row(table, "rows per day", rowsPerDay, Double.NaN);
        row(table, "table, GB per day", rowsPerDay * tableBytes / GIGA, Double.NaN);
        row(table, "ledger, GB kept", rowsPerDay * ledgerBytes * (retentionDays + DAYS_MORE) / GIGA, Double.NaN);
        return table.markdown();
    }

    private double sessions(Outcome outcome) {
        return Math.ceil(outcome.throughput() * records / sessionRate / SESSION_SHARE);
    }

    private static void row(Table table, String what, double usual, double busy) {
        table.row(List.of(what, number(usual), Double.isNaN(busy) ? "" : number(busy)));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String duration(double seconds) {
        return Double.isInfinite(seconds)
                ? "never: it grows"
                : Duration.ofSeconds(Math.round(seconds))
                        .toString()
                        .substring(2)
                        .toLowerCase(Locale.ROOT);
    }
}
