package dev.sluice.cli;

import dev.sluice.cli.command.CommandFamily;
import dev.sluice.cli.command.ListOutput;
import dev.sluice.cli.command.Listing;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;

/** {@code sluice config}. */
@Command(
        name = "config",
        header = "Shows and checks the configuration.",
        description = "Settings come from flags, the environment and a file.",
        subcommands = ConfigValidateCommand.class)
final class ConfigCommand extends CommandFamily {

    @Command(
            name = "show",
            header = "Shows every setting, its value and where it comes from. Secrets are redacted.",
            description = "Flags override the environment, which overrides the file, which overrides defaults.")
    @ListOutput
    void show() {
        Settings settings = program().settings();
        new Listing<Setting>()
                .column("setting", Setting::key)
                .text("value", setting -> Objects.requireNonNullElse(settings.shown(setting), "-"))
                .json("value", settings::shown)
                .text("from", setting -> Objects.requireNonNullElse(settings.origin(setting), "not set"))
                .json("from", settings::origin)
                .whole()
                .print(program(), List.of(Setting.values()));
    }
}
