package dev.sluice.cli;

import dev.sluice.app.Release;
import dev.sluice.cli.bulk.BackfillCommand;
import dev.sluice.cli.command.ColorMode;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Console;
import dev.sluice.cli.command.Converters;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.ListOutput;
import dev.sluice.cli.command.OutputFormat;
import dev.sluice.cli.command.PrintableStream;
import dev.sluice.cli.command.Program;
import dev.sluice.cli.demo.DemoCommand;
import dev.sluice.cli.keys.KeysCommand;
import dev.sluice.cli.pipeline.PipelineCommand;
import dev.sluice.cli.ports.ConsoleCommand;
import dev.sluice.cli.ports.HealthCommand;
import dev.sluice.cli.quarantine.QuarantineCommand;
import dev.sluice.cli.recovery.AssessCommand;
import dev.sluice.cli.recovery.AuditCommand;
import dev.sluice.cli.recovery.EraseCommand;
import dev.sluice.cli.recovery.ExportCommand;
import dev.sluice.cli.recovery.FindCommand;
import dev.sluice.cli.recovery.RetainCommand;
import dev.sluice.cli.recovery.RewrapCommand;
import dev.sluice.cli.recovery.UnmaskCommand;
import dev.sluice.cli.run.CheckCommand;
import dev.sluice.cli.run.DoctorCommand;
import dev.sluice.cli.run.DuplicatesCommand;
import dev.sluice.cli.run.MigrateCommand;
import dev.sluice.cli.run.PeekCommand;
import dev.sluice.cli.run.QueuesCommand;
import dev.sluice.cli.run.RunCommand;
import dev.sluice.cli.run.SendCommand;
import dev.sluice.cli.run.ShowCommand;
import dev.sluice.cli.status.StatusCommand;
import dev.sluice.cli.status.TopCommand;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** {@code sluice}: registers the commands, and declares the options that all of them accept. Used by one thread. */
@Command(
        name = "sluice",
        version = "sluice " + Release.VERSION,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        header = "Moves JSON events from Amazon SQS to PostgreSQL and masks personal data on the way.",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%n",
        commandListHeading = "%n@|bold Commands:|@%n",
        footerHeading = "%n",
        description = {
            "Try it, with nothing else installed:  sluice demo",
            "",
            "Then, with your queue and database:",
            "  export SLUICE_DATABASE_URL=postgresql://user@host/db",
            "  export SLUICE_KEYS=sluice.keys.json",
            "  sluice keys create --allow-cleartext-keys   create keys",
            "  sluice migrate                              create tables",
            "  sluice doctor                               check whether a run would work",
            "  sluice run                                  run"
        },
        footer =
                "Exit codes: 0 done, 1 unexpected error, 2 usage, 65 data, 69 queue or database unavailable, 70 the counters do"
                        + " not balance, 74 results could not be written, 77 not permitted, 78 configuration, 130/143 ended"
                        + " by a signal (0 after an orderly drain), 141 the reader closed the pipe.")
public final class Sluice implements Program, Callable<Integer> {

    /** In the order of the completion script. A command's class is named after it: see {@link #commands}. */
    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            RunCommand.class,
            CheckCommand.class,
            PipelineCommand.class,
            SendCommand.class,
            HealthCommand.class,
            QueuesCommand.class,
            PeekCommand.class,
            ShowCommand.class,
            DuplicatesCommand.class,
            StatusCommand.class,
            TopCommand.class,
            DoctorCommand.class,
            MigrateCommand.class,
            KeysCommand.class,
            UnmaskCommand.class,
            FindCommand.class,
            ExportCommand.class,
            AuditCommand.class,
            QuarantineCommand.class,
            EraseCommand.class,
            RetainCommand.class,
            RewrapCommand.class,
            BackfillCommand.class,
            AssessCommand.class,
            ConsoleCommand.class,
            ConfigCommand.class,
            HelpCommand.class);

    @CommandLine.Spec
    CommandLine.Model.CommandSpec command;

    @Option(
            names = "--config",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "Settings file (YAML); flags and environment variables override it (SLUICE_CONFIG).")
    @Nullable
    Path config;

    @Option(
            names = "--output",
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            description = "Output format: text, json, or csv for lists.")
    OutputFormat output = OutputFormat.text;

    @Option(
            names = "--color",
            scope = ScopeType.INHERIT,
            paramLabel = "WHEN",
            description = "Colours: auto (on a terminal, unless NO_COLOR is set), always or never.")
    ColorMode colorMode = ColorMode.auto;

    @Option(
            names = "--wide",
            scope = ScopeType.INHERIT,
            description = "Show values whole in tables, even if lines do not fit the terminal.")
    boolean wide;

    private final Console console;
    private boolean warned;
    private LogFormat logFormat = LogFormat.TEXT;

    Sluice(Console console) {
        this.console = console;
    }

    /**
     * Runs one command in this process.
     *
     * @return its exit code
     */
    public static int run(Console console, String... args) {
        Sluice sluice = new Sluice(console);
        CommandLine line = sluice.commandLine(args);
        sluice.configureLog(
                console.environment().get(Setting.LOG_LEVEL.variables().getFirst()),
                console.environment().get(Setting.LOG_FORMAT.variables().getFirst()));
        ErrorReport failures =
                new ErrorReport(console.err(), () -> sluice.colorMode.isOn(console), () -> sluice.logFormat);
        int exitCode = line.setExecutionStrategy(sluice::execute)
                // What picocli prints is help, all of it ours.
                .setOut(writer(PrintableStream.behind(console.out())))
                .setErr(writer(PrintableStream.behind(console.err())))
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true)
                // @file would read any file that the caller can read, and quote what does not parse.
                .setExpandAtFiles(false)
                .execute(args);
        return console.exitCode(exitCode);
    }

    /** Refuses {@code csv} before the command has changed anything. */
    private int execute(ParseResult given) {
        CommandLine last = given.asCommandLineList().getLast();
        if (output == OutputFormat.csv && !printsList(last.getCommandSpec().userObject()) && !isHelpRequested(given)) {
            throw new CommandLine.ParameterException(
                    last, "--output csv is for lists, and this command prints none; use text or json");
        }
        Help.Ansi ansi = colorMode.isOn(console) ? Help.Ansi.ON : Help.Ansi.OFF;
        command.commandLine().setColorScheme(Help.defaultColorScheme(ansi));
        return new CommandLine.RunLast().execute(given);
    }

    private static boolean isHelpRequested(ParseResult given) {
        return given.asCommandLineList().stream()
                .anyMatch(one -> one.isUsageHelpRequested() || one.isVersionHelpRequested());
    }

    /** @param command its class's object, or its method */
    static boolean printsList(Object command) {
        AnnotatedElement declared = command instanceof Method method ? method : command.getClass();
        return declared.isAnnotationPresent(ListOutput.class);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    @Override
    public Console console() {
        return console;
    }

    @Override
    public OutputFormat format() {
        return output;
    }

    @Override
    public boolean color() {
        return output == OutputFormat.text && colorMode.isOn(console);
    }

    @Override
    public int tableWidth() {
        return wide ? Integer.MAX_VALUE : Program.super.tableWidth();
    }

    @Override
    public Settings settings() {
        return settings(flags(), settingsFile(), console.environment());
    }

    /** The settings file that the command line or the environment names; null for none. */
    @Nullable
    Path settingsFile() {
        String file = config == null ? console.environment().get("SLUICE_CONFIG") : config.toString();
        return file == null ? null : Path.of(file);
    }

    @Override
    public Settings settings(Map<String, String> environment, Set<Setting> allowed) {
        Map<Setting, String> flags = flags();
        if (config != null) {
            throw meaningless("--config");
        }
        for (Setting setting : flags.keySet()) {
            if (!allowed.contains(setting)) {
                throw meaningless(setting.flag());
            }
        }
        return settings(flags, null, environment);
    }

    private CommandLine.ParameterException meaningless(@Nullable String flag) {
        return new CommandLine.ParameterException(command.commandLine(), flag + " has no meaning for this command");
    }

    /** Once, though a command may read its settings more often. */
    private void warnOfVariables() {
        if (!warned) {
            warned = true;
            UnknownVariables.warnings(console.environment().keySet())
                    .forEach(warning -> console.err().println("sluice: " + warning));
        }
    }

    private Settings settings(Map<Setting, String> flags, @Nullable Path file, Map<String, String> environment) {
        warnOfVariables();
        Settings settings = SettingsReader.read(flags, file, environment);
        configureLog(
                "default".equals(settings.origin(Setting.LOG_LEVEL)) ? null : settings.text(Setting.LOG_LEVEL),
                settings.text(Setting.LOG_FORMAT));
        return settings;
    }

    /** @param level null for the usual one: a run logs what it does, other commands only what needs attention */
    private void configureLog(@Nullable String level, @Nullable String format) {
        ParseResult given = command.commandLine().getParseResult();
        boolean runs = given != null && given.asCommandLineList().getLast().getCommand() instanceof RunCommand;
        logFormat = LogFormat.of(format, console);
        Logging.configure(
                level == null && !runs ? "warn" : level,
                level == null,
                logFormat,
                console.err(),
                colorMode.isOn(console));
    }

    /** Without a command: the help, but not as a result, since a script that comes here is wrong. */
    @Override
    public Integer call() {
        command.commandLine().usage(command.commandLine().getErr());
        return ExitCode.USAGE;
    }

    @Command(name = "version", header = "Prints the version.", description = "--version does the same.")
    @CommandHelp(
            uses = {},
            results = false)
    void printVersion() {
        command.commandLine().printVersionHelp(command.commandLine().getOut());
    }

    @CommandHelp(
            uses = {},
            results = false)
    @Command(
            name = "completion",
            header = "Prints a completion script for bash and zsh.",
            description = "It completes commands and options.",
            footer = {"Example:", "  source <(sluice completion)"})
    void printCompletion() {
        console.out().println(AutoComplete.bash("sluice", command.commandLine()));
    }

    /**
     * The command line, with a global option for each declared flag. A former name works, but is hidden from help.
     *
     * @param args what it will be asked to parse; nothing for all commands
     */
    CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(this);
        commands(args).forEach(line::addSubcommand);
        for (Setting setting : Setting.values()) {
            setting.flags().forEach(flag -> line.getCommandSpec().addOption(option(setting, flag)));
        }
        Converters.register(line);
        SluiceHelp.register(line, console.columns());
        return line;
    }

    /**
     * Only the command that the first argument names, since no other can be meant then. Each command has all the global
     * options, so building all commands takes longer than most of them work. All of them, where that argument names none,
     * and for {@code help}.
     */
    private static List<Class<?>> commands(String... args) {
        String first = args.length == 0 ? "" : args[0];
        return COMMANDS.stream()
                .filter(type -> type != HelpCommand.class && nameOf(type).equals(first))
                .<List<Class<?>>>map(List::of)
                .findFirst()
                .orElse(COMMANDS);
    }

    private static String nameOf(Class<?> command) {
        return command.getSimpleName().replaceFirst("Command$", "").toLowerCase(Locale.ROOT);
    }

    private static OptionSpec option(Setting setting, String flag) {
        String fallback =
                setting.label() == null || setting.fallback() == null ? "" : ", default " + setting.fallback();
        OptionSpec.Builder option = OptionSpec.builder(flag)
                .scopeType(ScopeType.INHERIT)
                .hidden(!flag.equals(setting.flag()))
                .description(setting.description() + " (" + setting.variables().getFirst() + fallback + ").");
        return setting.label() == null
                ? option.type(boolean.class).build()
                : option.type(String.class).paramLabel(setting.label()).build();
    }

    /** The settings that the command line gave. */
    Map<Setting, String> flags() {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            for (String flag : setting.flags().reversed()) {
                Object given = command.findOption(flag).getValue();
                if (given != null && !given.equals(false)) {
                    flags.put(setting, given.toString());
                }
            }
        }
        return flags;
    }
}
