package dev.sluice.cli;

import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice config}. */
@Command(name = "config", header = "Shows the configuration.", subcommands = ConfigCommand.Show.class)
final class ConfigCommand implements Runnable {

    @ParentCommand
    Sluice sluice;

    @Override
    public void run() {
        throw new ParameterException(sluice.command.commandLine(), "config: show was expected");
    }

    /** {@code sluice config show}. */
    @Command(
            name = "show",
            header = "Shows every setting, its value and where it came from; secrets redacted.",
            description = {"", "Flag comes before environment, environment before file, file before default.", ""})
    static final class Show implements Callable<Integer> {

        @ParentCommand
        ConfigCommand parent;

        @Override
        public Integer call() {
            Sluice sluice = parent.sluice;
            Settings settings = sluice.settings();
            TextTable table = new TextTable(false, "setting", "value", "from");
            for (Setting setting : Setting.values()) {
                String value = settings.shown(setting);
                String origin = settings.origin(setting);
                if (sluice.json()) {
                    sluice.console()
                            .out()
                            .println(new JsonLine()
                                    .put("setting", setting.key())
                                    .put("value", value)
                                    .put("from", origin));
                }
                table.add(List.of(setting.key(), value == null ? "-" : value, origin == null ? "not set" : origin));
            }
            if (!sluice.json()) {
                table.print(sluice.console().out());
            }
            return ExitCode.DONE;
        }
    }
}
