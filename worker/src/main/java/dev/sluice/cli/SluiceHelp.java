package dev.sluice.cli;

import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Part;
import dev.sluice.config.Setting;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.IParamLabelRenderer;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help of a command: its own options first, and those that it shares with others at the end. Used by one thread. */
final class SluiceHelp extends Help {

    /** The commands, by what they are for. One that is not named here comes last. */
    private static final Map<String, List<String>> GROUPS = groups();

    private static final String COMMON_OPTIONS = "commonOptions";

    /** The order in which common options that are not settings are shown, after those that are. */
    private static final List<String> LAST =
            List.of("--config", "--log-level", "--output", "--wide", "--color", "--help", "--version");

    /** Lines longer than this are hard to read on a wide terminal. */
    private static final int MAX_WIDTH = 100;

    /** The least that picocli accepts. */
    private static final int MIN_WIDTH = 55;

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("Try it", List.of("demo", "check"));
        groups.put("Run", List.of("pipeline", "migrate", "doctor", "run", "send"));
        groups.put("Look", List.of("status", "top", "health", "queues", "peek", "show", "duplicates"));
        groups.put("Keys and recovery", List.of("keys", "unmask", "find", "export", "audit"));
        groups.put(
                "Keep house",
                List.of(
                        "quarantine",
                        "erase",
                        "retain",
                        "rewrap",
                        "assess",
                        "console",
                        "config",
                        "completion",
                        "help",
                        "version"));
        return groups;
    }

    private SluiceHelp(CommandSpec command, ColorScheme colors) {
        super(command, colors);
    }

    /** Makes every command of a program print this help, as wide as the terminal. */
    static void register(CommandLine program, int columns) {
        program.setHelpFactory(SluiceHelp::new);
        program.setUsageHelpWidth(Math.clamp(columns, MIN_WIDTH, MAX_WIDTH));
        List<String> sections = new ArrayList<>(program.getHelpSectionKeys());
        sections.add(COMMON_OPTIONS);
        program.setHelpSectionKeys(sections);
        Map<String, IHelpSectionRenderer> renderers = new HashMap<>(program.getHelpSectionMap());
        renderers.put(COMMON_OPTIONS, help -> help instanceof SluiceHelp ours ? ours.commonOptions() : "");
        program.setHelpSectionMap(renderers);
    }

    // --- options

    @Override
    protected Text createDetailedSynopsisOptionsText(
            Collection<ArgSpec> done, List<OptionSpec> options, Comparator<OptionSpec> order, boolean cluster) {
        List<OptionSpec> own = options.stream()
                .filter(option -> !isCommon(option))
                .map(this::marked)
                .toList();
        Comparator<OptionSpec> requiredFirst =
                Comparator.comparing(OptionSpec::required).reversed().thenComparing(order);
        return super.createDetailedSynopsisOptionsText(done, own, requiredFirst, cluster)
                .concat(" [OPTIONS]");
    }

    @Override
    public String optionListExcludingGroups(
            List<OptionSpec> options, Layout layout, Comparator<OptionSpec> order, IParamLabelRenderer labels) {
        return super.optionListExcludingGroups(
                options.stream().filter(option -> !isCommon(option)).toList(), layout, order, labels);
    }

    /** The blank line before a command's own options, if it has any. */
    @Override
    public String optionListHeading(Object... arguments) {
        return commandSpec().options().stream().allMatch(this::isCommon) ? "" : super.optionListHeading(arguments);
    }

    private String commonOptions() {
        Set<String> shown = shownFlags();
        List<OptionSpec> options = commandSpec().options().stream()
                .filter(option -> isCommon(option) && shown.contains(option.longestName()))
                .sorted(Comparator.comparingInt(option -> List.copyOf(shown).indexOf(option.longestName())))
                .toList();
        Layout layout = createDefaultLayout(options, List.of(), colorScheme());
        layout.addOptions(options, parameterLabelRenderer());
        return heading("Common options:") + layout;
    }

    private String heading(String text) {
        return "\n" + colorScheme().ansi().text("@|bold " + text + "|@") + "\n";
    }

    /** Also those of the program, which all commands have. */
    private boolean isCommon(OptionSpec option) {
        return option.inherited() || option.usageHelp() || option.versionHelp() || isProgram();
    }

    /** In the order of display. */
    private Set<String> shownFlags() {
        CommandHelp declared = declared();
        Set<String> flags = new LinkedHashSet<>();
        for (Setting setting : Setting.values()) {
            boolean used = declared == null
                    || Arrays.stream(declared.uses()).map(Part::settings).anyMatch(part -> part.contains(setting));
            if (used && setting.flag() != null) {
                flags.add(setting.flag());
            }
        }
        flags.removeAll(LAST);
        flags.addAll(LAST);
        if (declared != null && (!declared.settingsFile() || declared.uses().length == 0)) {
            flags.remove("--config");
        }
        if (declared != null && declared.uses().length == 0) {
            flags.remove("--log-level");
        }
        if (declared != null && !declared.results()) {
            flags.removeAll(Set.of("--output", "--wide"));
        }
        if (!isProgram()) {
            flags.remove("--version");
        }
        return flags;
    }

    /** The option as the command treats it. */
    private OptionSpec marked(OptionSpec option) {
        CommandHelp declared = declared();
        boolean required = declared != null && List.of(declared.requires()).contains(option.longestName());
        return required ? OptionSpec.builder(option).required(true).build() : option;
    }

    /** The command's, or else its family's. */
    private @Nullable CommandHelp declared() {
        for (CommandSpec spec = commandSpec(); spec != null; spec = spec.parent()) {
            AnnotatedElement source = spec.userObject() instanceof AnnotatedElement method
                    ? method
                    : spec.userObject().getClass();
            if (source.isAnnotationPresent(CommandHelp.class)) {
                return source.getAnnotation(CommandHelp.class);
            }
        }
        return null;
    }

    private boolean isProgram() {
        return commandSpec().parent() == null;
    }

    /** Not the program's, which commands without one inherit. */
    @Override
    public String footer(Object... arguments) {
        String[] own = commandSpec().usageMessage().footer();
        String[] programs = commandSpec().root().usageMessage().footer();
        return !isProgram() && Arrays.equals(own, programs) ? "" : super.footer(arguments);
    }

    @Override
    public String footerHeading(Object... arguments) {
        return footer().isEmpty() ? "" : super.footerHeading(arguments);
    }

    // --- the list of commands

    @Override
    public String commandListHeading(Object... arguments) {
        return isProgram() ? "" : super.commandListHeading(arguments);
    }

    @Override
    public String commandList(Map<String, Help> commands) {
        if (!isProgram()) {
            return super.commandList(commands);
        }
        Map<String, Help> left = new LinkedHashMap<>();
        // Given by an alias if there is one.
        commands.values().forEach(help -> left.put(help.commandSpec().name(), help));
        StringBuilder text = new StringBuilder();
        GROUPS.forEach((title, names) -> {
            Map<String, Help> group = new LinkedHashMap<>();
            names.stream().filter(left::containsKey).forEach(name -> group.put(name, left.remove(name)));
            if (title.equals("Keep house")) {
                group.putAll(left);
            }
            text.append(heading(title + ":")).append(list(group));
        });
        return text.toString();
    }

    private String list(Map<String, Help> commands) {
        int names = GROUPS.values().stream()
                        .flatMap(List::stream)
                        .mapToInt(String::length)
                        .max()
                        .orElseThrow()
                + 2;
        TextTable table = TextTable.forColumns(
                colorScheme(),
                new Column(names, 2, Column.Overflow.SPAN),
                new Column(width() - names, 2, Column.Overflow.WRAP));
        commands.forEach((name, help) -> {
            UsageMessageSpec usage = help.commandSpec().usageMessage();
            table.addRowValues(colorScheme().commandText(name), colorScheme().text(usage.header()[0]));
        });
        return table.toString();
    }

    private int width() {
        return commandSpec().usageMessage().width();
    }
}
