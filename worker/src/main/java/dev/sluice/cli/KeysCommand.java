package dev.sluice.cli;

import dev.sluice.keys.KeyInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice keys}. */
@Command(
        name = "keys",
        header = "Makes, lists and rotates keys.",
        description = {
            "",
            "A key goes from add to promote (new values are made with it), and its forerunner from disable to destroy.",
            "Running workers take a changed keyset file by themselves. docs/rotate.md tells the whole way.",
            ""
        },
        subcommands = {
            KeysCreateCommand.class,
            KeysListCommand.class,
            KeysAddCommand.class,
            KeysPromoteCommand.class,
            KeysDisableCommand.class,
            KeysEnableCommand.class,
            KeysDestroyCommand.class,
            KeysRewrapKekCommand.class,
            KeysBindCommand.class
        })
final class KeysCommand implements Runnable {

    private static final List<String> HEADINGS = List.of("field", "use", "key id", "status", "primary");

    @ParentCommand
    Sluice sluice;

    @Override
    public void run() {
        throw new ParameterException(
                sluice.command.commandLine(),
                "keys: create, list, add, promote, disable, enable, destroy, rewrap-kek or bind was expected");
    }

    void print(List<KeyInfo> keys) {
        RowView.printWhole(
                sluice, HEADINGS, keys.stream().map(KeysCommand::cells).toList());
    }

    /** @param rows of each key; an empty text where they were not counted */
    void printWithRows(List<KeyInfo> keys, List<? extends @Nullable Object> rows) {
        List<List<@Nullable Object>> lines = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            List<@Nullable Object> line = new ArrayList<>(cells(keys.get(i)));
            line.add(rows.get(i));
            lines.add(line);
        }
        List<String> headings = new ArrayList<>(HEADINGS);
        headings.add("rows");
        RowView.printWhole(sluice, headings, lines);
    }

    /** A changed key, and for people what comes next. */
    void tell(KeyInfo key, String... lines) {
        if (sluice.json()) {
            print(List.of(key));
            return;
        }
        String state = key.primary() ? "primary" : key.status().label();
        sluice.console().out().println("Key " + key.hexId() + " of " + key.field() + " is " + state + ".");
        Arrays.stream(lines).forEach(sluice.console().out()::println);
    }

    private static List<Object> cells(KeyInfo key) {
        return List.of(
                key.field(), key.kind().label(), key.hexId(), key.status().label(), key.primary());
    }
}
