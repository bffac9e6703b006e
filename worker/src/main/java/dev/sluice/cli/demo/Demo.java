package dev.sluice.cli.demo;

import dev.sluice.app.Assembly;
import dev.sluice.app.RunMode;
import dev.sluice.app.Worker;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.Program;
import dev.sluice.cli.keys.KeysBindCommand;
import dev.sluice.cli.quarantine.QuarantineCommand;
import dev.sluice.cli.run.DuplicatesCommand;
import dev.sluice.cli.run.MessageBody;
import dev.sluice.cli.run.MessageFile;
import dev.sluice.cli.run.MigrateCommand;
import dev.sluice.cli.run.RunCommand;
import dev.sluice.cli.run.ShowCommand;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Reason;
import dev.sluice.pipeline.Summary;
import dev.sluice.postgres.Quarantine;
import dev.sluice.postgres.QuarantineEntry;
import dev.sluice.postgres.QuarantineFilter;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.db.Database;
import dev.sluice.sqs.QueueClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The demo, step by step. It uses the commands' own parts, so what it shows is what {@code sluice run} does. */
final class Demo {

    private static final String SAMPLE = "/dev/sluice/cli/login-queue.ndjson";
    private static final int ROWS_SHOWN = 10;
    private static final int DUPLICATES_SHOWN = 5;
    private static final int QUARANTINED_SHOWN = 10;

    private final Program program;
    private final DemoEnvironment environment;
    private final Assembly owner;
    private final PipelineSpec spec;

    Demo(Program program, DemoEnvironment environment) {
        this.program = program;
        this.environment = environment;
        this.owner = environment.asOwner();
        this.spec = owner.spec();
    }

    /**
     * @param messages what to send
     * @throws dev.sluice.cli.run.MessageFileException if not all of that can be read
     */
    void play(MessageFile messages) {
        prepare();
        send(messages);
        Summary summary = runUntilEmpty();
        try (Database database = environment.as(DemoLogin.ANALYST).database()) {
            print("");
            ShowCommand.print(program, spec, database, ROWS_SHOWN);
            showDuplicates(database);
        }
        try (Database database = environment.as(DemoLogin.RECOVERY).database()) {
            showQuarantine(database);
        }
        print("");
        RunCommand.print(program, summary);
    }

    private void prepare() {
        owner.keysetFile().create(owner.requiredKeys(), true);
        try (QueueClient queue = owner.queueClient()) {
            queue.createQueue(owner.queue());
        }
        MigrateCommand.migrate(owner, true);
        MigrateCommand.grant(owner);
        KeysBindCommand.bind(owner, false);
        print("Created queue " + owner.queue() + ", table " + spec.sink().qualifiedName()
                + " and schema sluice for Sluice's own records.");
        print("Created keys for "
                + (owner.requiredKeys().isEmpty() ? "" : owner.requiredKeys().keySet() + " and ")
                + "the quarantine.");
        print("Created a database role for each kind of user. From here on " + DemoLogin.WORKER.user() + " stores, "
                + DemoLogin.ANALYST.user() + " reads the table, and " + DemoLogin.RECOVERY.user()
                + " reads the quarantine.");
    }

    private void send(MessageFile messages) {
        try (QueueClient queue = owner.queueClient()) {
            Iterable<MessageBody> bodies = () -> messages;
            Stream<String> texts =
                    StreamSupport.stream(bodies.spliterator(), false).map(MessageBody::text);
            print("Sent "
                    + Counted.of(queue.send(texts.iterator(), null, sent -> {}).messages(), "message") + ".");
        }
    }

    /** The exercise's messages. */
    static MessageFile sample() {
        return MessageFile.of(Objects.requireNonNull(Demo.class.getResourceAsStream(SAMPLE)));
    }

    private Summary runUntilEmpty() {
        print("Running until the queue is empty ...");
        try (Worker worker = Worker.open(environment.as(DemoLogin.WORKER))) {
            worker.run(RunMode.untilEmpty(), new ShutdownSignal());
            return worker.summary();
        }
    }

    private void showDuplicates(Database database) {
        List<String> joinable = TableReader.joinable(spec);
        if (joinable.isEmpty()) {
            return;
        }
        print("\nDuplicates: equal values have equal tokens, so shared ones are found without knowing them");
        DuplicatesCommand.print(
                program, new TableReader(database, spec), joinable, TableReader.usualSubject(spec), DUPLICATES_SHOWN);
    }

    private void showQuarantine(Database database) {
        List<QuarantineEntry> entries = new ArrayList<>();
        new Quarantine(database).list(QuarantineFilter.ALL, QUARANTINED_SHOWN, entries::add);
        if (entries.isEmpty()) {
            print("\nQuarantined: nothing");
            return;
        }
        print("\nQuarantined, each with its reason and its sealed original");
        QuarantineCommand.listing().print(program, entries);
        entries.stream()
                .map(QuarantineEntry::reason)
                .distinct()
                .forEach(reason -> print("  " + reason + ": " + Reason.explanationOf(reason)));
    }

    /** Prints where to look, and commands that work in another terminal while the sandbox is up. */
    void explain(LiveWorker worker) {
        print("");
        worker.explain().forEach(this::print);
        print("\nAll run until Ctrl-C. In another terminal:");
        explain(
                DemoLogin.WORKER,
                "aws --endpoint-url $AWS_ENDPOINT_URL_SQS sqs send-message --queue-url $AWS_ENDPOINT_URL_SQS/000000000000/"
                        + owner.queue() + " --message-body '{\"hello\":\"world\"}'",
                "bin/sluice queues",
                "bin/sluice doctor");
        explain(
                DemoLogin.ANALYST,
                "bin/sluice show",
                "psql -c 'TABLE " + spec.sink().qualifiedName() + "'");
        explain(DemoLogin.RECOVERY, "bin/sluice quarantine list");
    }

    private void explain(DemoLogin login, String... commands) {
        print("\n  . " + environment.export(login) + "   # become " + login.user());
        for (String command : commands) {
            print("  " + command);
        }
    }

    /** For people: with {@code --output json} it goes to standard error. */
    private void print(String line) {
        (program.json() ? program.console().err() : program.console().out()).println(line);
    }
}
