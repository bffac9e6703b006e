package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluice keys list}. */
@Command(
        name = "list",
        header = "Lists the keys of the keyset file: ids, states and rows, no key.",
        description = {
            "",
            "The rows of each key are counted in the pipeline's table and in the quarantine, which reads all of both.",
            "They are left out for other pipelines' keys, and where no database is set or reached.",
            ""
        })
final class KeysListCommand implements Callable<Integer> {

    /** What reading the largest table may take. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    @ParentCommand
    KeysCommand parent;

    @Option(names = "--no-rows", description = "Do not count rows; needs no database.")
    boolean noRows;

    @Override
    public Integer call() {
        Assembly assembly = parent.sluice.assembly();
        List<KeyInfo> keys = assembly.keysets().list();
        if (noRows) {
            parent.print(keys);
            return ExitCode.DONE;
        }
        Optional<Map<Integer, Long>> counted = count(assembly);
        parent.printWithRows(
                keys, keys.stream().map(key -> cell(assembly, key, counted)).toList());
        return ExitCode.DONE;
    }

    private @Nullable Object cell(Assembly assembly, KeyInfo key, Optional<Map<Integer, Long>> counted) {
        boolean known = counted.isPresent() && assembly.countsRowsOf(key);
        if (known) {
            return counted.orElseThrow().getOrDefault(key.id(), 0L);
        }
        return parent.sluice.json() ? null : "";
    }

    private Optional<Map<Integer, Long>> count(Assembly assembly) {
        if (!assembly.settings().namesDatabase()) {
            return uncounted("no database is set (SLUICE_DATABASE_URL, PGHOST)");
        }
        try {
            return Optional.of(assembly.keyUse(PATIENCE).rows());
        } catch (SettingsException e) {
            return uncounted(e.getMessage());
        } catch (InfrastructureException e) {
            return uncounted(e.getMessage());
        }
    }

    private Optional<Map<Integer, Long>> uncounted(String why) {
        parent.sluice.console().err().println("sluice: rows were not counted: " + why);
        return Optional.empty();
    }
}
