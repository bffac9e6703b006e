package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.Keysets;
import dev.sluice.mask.Masks;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice keys add}. */
@Command(
        name = "add",
        header = "Adds a key to a field, for every worker to know before it is used.",
        description = {"", "Enabled, but not primary: nothing is made with it until sluice keys promote.", ""},
        footer = {"", "Examples:", "  sluice keys add masked_ip", "  sluice keys add quarantine"})
final class KeysAddCommand implements Callable<Integer> {

    @ParentCommand
    KeysCommand parent;

    @Parameters(
            paramLabel = "FIELD",
            description = "A masked column of the pipeline, PIPELINE.COLUMN, quarantine or idempotency.")
    String field;

    @Option(
            names = "--epoch",
            description = "For hashes, which cannot be rewrapped: accept that values before and after never join.")
    boolean epoch;

    @Override
    public Integer call() {
        Assembly assembly = parent.sluice.assembly();
        KeyInfo added = assembly.keysetFile().add(fieldOf(assembly), epoch);
        parent.tell(
                added,
                "Nothing is made with it yet.",
                "Next: bring the keyset file to every worker, wait until each has read it (within some ten seconds, or",
                "at SIGHUP), then: sluice keys promote " + added.hexId() + (epoch ? " --epoch" : ""));
        return ExitCode.DONE;
    }

    private String fieldOf(Assembly assembly) {
        boolean whole =
                field.indexOf('.') >= 0 || field.equals(Keysets.QUARANTINE) || field.equals(Keysets.IDEMPOTENCY);
        return whole ? field : Masks.field(assembly.spec().name(), field);
    }
}
