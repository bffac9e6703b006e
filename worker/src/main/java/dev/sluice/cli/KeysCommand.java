package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysetFile;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice keys}. */
@Command(
        name = "keys",
        header = "Makes and lists keys.",
        subcommands = {KeysCommand.Create.class, KeysCommand.Show.class})
final class KeysCommand implements Runnable {

    @ParentCommand
    Sluice sluice;

    @Override
    public void run() {
        throw new ParameterException(sluice.command.commandLine(), "keys: create or list was expected");
    }

    private void print(List<KeyInfo> keys) {
        List<String> headings = List.of("field", "use", "key id", "status", "primary");
        RowView.print(
                sluice,
                headings,
                keys.stream()
                        .map(key -> List.<Object>of(
                                key.field(),
                                key.kind().label(),
                                key.hexId(),
                                key.status().name().toLowerCase(Locale.ROOT),
                                key.primary()))
                        .toList());
    }

    /** {@code sluice keys create}. */
    @Command(
            name = "create",
            header = "Makes the keyset file, or adds to it the keysets that the pipeline lacks.",
            description = {
                "",
                "One keyset per masked field, and one that seals quarantined originals. Keysets that are there stay as",
                "they are. Back the file up where the table's backups are not: without it nothing can be recovered,",
                "and with it everything can.",
                ""
            },
            footer = {"", "Example:", "  sluice --keys sluice.keys.json keys create --allow-cleartext-keys"})
    static final class Create implements Callable<Integer> {

        @ParentCommand
        KeysCommand parent;

        @Option(
                names = "--allow-cleartext-keys",
                description = "Accept that the keys lie in clear text in a file, guarded by its mode (0600) alone.")
        boolean allowCleartext;

        @Override
        public Integer call() {
            Assembly assembly = parent.sluice.assembly();
            List<KeyInfo> created = KeysetFile.at(assembly.keysFile()).create(assembly.wantedKeys(), allowCleartext);
            if (created.isEmpty() && !parent.sluice.json()) {
                parent.sluice
                        .console()
                        .out()
                        .println(assembly.keysFile() + " holds every keyset that pipeline "
                                + assembly.spec().name() + " needs; nothing was made.");
            } else {
                parent.print(created);
            }
            return ExitCode.DONE;
        }
    }

    /** {@code sluice keys list}. */
    @Command(name = "list", header = "Lists the keys of the keyset file: ids and states, no key.")
    static final class Show implements Callable<Integer> {

        @ParentCommand
        KeysCommand parent;

        @Override
        public Integer call() {
            parent.print(parent.sluice.assembly().keysets().list());
            return ExitCode.DONE;
        }
    }
}
