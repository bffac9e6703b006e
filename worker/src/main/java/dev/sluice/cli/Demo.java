package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.app.RunMode;
import dev.sluice.app.Worker;
import dev.sluice.config.Setting;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Counters.Summary;
import dev.sluice.postgres.QuarantineReader;
import dev.sluice.postgres.QuarantineReader.Entry;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.db.Database;
import dev.sluice.sandbox.Sandbox;
import dev.sluice.sqs.QueueAddress;
import dev.sluice.sqs.QueueClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;
import tools.jackson.core.JacksonException;

/**
 * The demo's story, told step by step on a sandbox: the commands' own parts under an environment that points at it, so
 * what is shown is what {@code sluice run} does.
 */
final class Demo {

    private static final String SAMPLE = "login-queue.ndjson";
    /** All that the caller can set: everything else would lead out of the sandbox. */
    private static final Set<Setting> OWN = EnumSet.of(Setting.PIPELINE, Setting.LOG_LEVEL);

    private static final int ROWS_SHOWN = 10;
    private static final int DUPLICATES_SHOWN = 5;
    private static final int QUARANTINED_SHOWN = 10;

    private final Sluice sluice;
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<DemoLogin, String> logins = new EnumMap<>(DemoLogin.class);
    private final Sandbox sandbox;
    private final Path folder;

    /** The owner's: makes everything, and then does nothing more. */
    private final Assembly assembly;

    /** @param folder for the keyset file and the passwords; removed by the caller */
    Demo(Sluice sluice, Sandbox sandbox, Path folder) {
        this.sluice = sluice;
        this.sandbox = sandbox;
        this.folder = folder;
        environment.put("AWS_ENDPOINT_URL_SQS", sandbox.sqsEndpoint().toString());
        environment.put("AWS_REGION", "us-east-1");
        // The aws command of version 1 reads this name only.
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("AWS_ACCESS_KEY_ID", "demo");
        environment.put("AWS_SECRET_ACCESS_KEY", "demo");
        environment.put("SLUICE_KEYS", folder.resolve("demo.keys.json").toString());
        for (Setting setting : OWN) {
            String variable = setting.variables().getFirst();
            String value = sluice.console().environment().get(variable);
            if (value != null) {
                environment.put(variable, value);
            }
        }
        // A pipeline may name its queue by a URL at AWS; here it is the name that counts.
        String queue = as(sandbox.databaseUrl()).queue();
        environment.put("SLUICE_QUEUE", QueueAddress.parse(queue).name());
        this.assembly = as(sandbox.databaseUrl());
    }

    private Assembly as(String databaseUrl) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("SLUICE_DATABASE_URL", databaseUrl);
        return new Assembly(sluice.settings(all, OWN));
    }

    /** @param messages a file to send; null for the sample */
    void play(@Nullable Path messages) {
        prepare();
        send(messages);
        Summary balance = runUntilEmpty();
        try (Database database = as(login(DemoLogin.ANALYST)).database()) {
            showTable(database);
            showDuplicates(database);
        }
        try (Database database = as(login(DemoLogin.RECOVERY)).database()) {
            showQuarantine(database);
        }
        say("");
        out().println(sluice.json() ? SummaryLine.json(balance) : SummaryLine.text(balance));
    }

    private String login(DemoLogin login) {
        return logins.computeIfAbsent(login, made -> sandbox.createLogin(made.user(), made.role()));
    }

    private void prepare() {
        assembly.keysetFile().create(assembly.wantedKeys(), true);
        try (QueueClient queue = assembly.queueClient()) {
            queue.createQueue(assembly.queue());
        }
        MigrateCommand.migrate(assembly);
        MigrateCommand.grant(assembly);
        KeysBindCommand.bind(assembly, false);
        say("Created queue " + assembly.queue() + ", table " + table()
                + " and, for Sluice's own records, schema sluice.");
        say("Made keys for "
                + (assembly.wantedKeys().isEmpty() ? "" : assembly.wantedKeys().keySet() + " and ")
                + "the quarantine.");
        say("Made a database role for each kind of user. From here on " + DemoLogin.WORKER.user() + " stores, "
                + DemoLogin.ANALYST.user() + " reads the table, and " + DemoLogin.RECOVERY.user()
                + " reads the quarantine.");
    }

    private void send(@Nullable Path messages) {
        try (QueueClient queue = assembly.queueClient();
                Reader reader = MessageFile.utf8(open(messages))) {
            long sent = queue.send(MessageFile.of(reader), null, done -> {}).messages();
            say("Sent " + sent + " messages.");
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(messages, "cannot be read as UTF-8 text");
        } catch (JacksonException e) {
            throw unreadable(messages, "begins as a JSON array, but breaks off or is no JSON");
        }
    }

    private ParameterException unreadable(@Nullable Path messages, String what) {
        return new ParameterException(sluice.command.commandLine(), "--messages: " + messages + " " + what);
    }

    private static InputStream open(@Nullable Path messages) throws IOException {
        return messages == null
                ? Objects.requireNonNull(Demo.class.getResourceAsStream("/dev/sluice/cli/" + SAMPLE))
                : Files.newInputStream(messages);
    }

    private Summary runUntilEmpty() {
        say("Running until the queue is empty ...");
        try (Worker worker = Worker.open(as(login(DemoLogin.WORKER)))) {
            worker.run(RunMode.untilEmpty(), new ShutdownSignal());
            return worker.summary();
        }
    }

    private void showTable(Database database) {
        say("");
        ShowCommand.print(sluice, assembly, database, ROWS_SHOWN);
    }

    private void showDuplicates(Database database) {
        List<String> joinable = DuplicatesCommand.joinable(assembly.spec());
        if (joinable.isEmpty()) {
            return;
        }
        say("");
        say("Duplicates: equal values have equal tokens, so shared ones are found without knowing them");
        DuplicatesCommand.print(
                sluice,
                new TableReader(database, assembly.spec()),
                joinable,
                DuplicatesCommand.usualSubject(assembly.spec()),
                DUPLICATES_SHOWN);
    }

    private void showQuarantine(Database database) {
        List<Entry> entries = new QuarantineReader(database).list(QUARANTINED_SHOWN);
        say("");
        say(entries.isEmpty() ? "Quarantined: nothing" : "Quarantined, each with its reason and its sealed original");
        if (entries.isEmpty()) {
            return;
        }
        QuarantineCommand.print(sluice, entries);
        entries.stream()
                .map(Entry::reason)
                .distinct()
                .forEach(reason -> say("  " + reason + ": " + QuarantineCommand.explanation(reason)));
    }

    /** What to do with a sandbox that stays: commands that work as they are, in another terminal. */
    void explain() {
        String queue = assembly.queue();
        say("");
        say("Both servers stay up until Ctrl-C. In another terminal:");
        explain(
                DemoLogin.WORKER,
                "aws --endpoint-url $AWS_ENDPOINT_URL_SQS sqs send-message --queue-url $AWS_ENDPOINT_URL_SQS/000000000000/"
                        + queue + " --message-body '{\"hello\":\"world\"}'",
                "bin/sluice peek",
                "bin/sluice run --until-empty",
                "bin/sluice doctor");
        explain(DemoLogin.ANALYST, "bin/sluice show", "psql -c 'TABLE " + table() + "'");
        explain(DemoLogin.RECOVERY, "bin/sluice quarantine list");
    }

    private void explain(DemoLogin login, String... commands) {
        say("");
        say("  . " + login.export(folder, environment, login(login)) + "   # become " + login.user());
        for (String command : commands) {
            say("  " + command);
        }
    }

    private String table() {
        return assembly.spec().sink().qualifiedName();
    }

    /** The story is for people: with {@code --output json} it goes to standard error. */
    private void say(String line) {
        (sluice.json() ? sluice.console().err() : out()).println(line);
    }

    private PrintStream out() {
        return sluice.console().out();
    }
}
