package dev.sluice.cli;

import dev.sluice.keys.KeyInfo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice keys promote}. */
@Command(
        name = "promote",
        header = "Makes a key the primary one: new values are made with it.",
        description = {
            "",
            "Every worker must know the key by then, or it cannot read what the others make. The former primary key",
            "stays enabled, so that what it made is still read.",
            ""
        })
final class KeysPromoteCommand implements Callable<Integer> {

    @ParentCommand
    KeysCommand parent;

    @Parameters(paramLabel = "KEY", converter = KeyIdConverter.class, description = "Its id, as listed.")
    int keyId;

    @Option(
            names = "--epoch",
            description = "For hashes, which cannot be rewrapped: accept that values before and after never join.")
    boolean epoch;

    @Override
    public Integer call() {
        KeyInfo promoted = parent.sluice.assembly().keysetFile().promote(keyId, epoch);
        parent.tell(
                promoted, "New values are made with it. Next: bring the keyset file to every worker.", next(promoted));
        return ExitCode.DONE;
    }

    private static String next(KeyInfo key) {
        return switch (key.kind()) {
            case DETERMINISTIC_AEAD ->
                "Values from before do not join with new ones until they are rewrapped: sluice rewrap. When sluice keys"
                        + " list\ncounts no rows of the former key: sluice keys disable.";
            case KEYED_HASH ->
                "Hashes from before stay as they are and never join with new ones. When nobody looks them up any more:"
                        + "\nsluice keys disable.";
            case SEALING ->
                "Originals from before stay sealed under the former key. When sluice keys list counts none of them:"
                        + "\nsluice keys disable.";
        };
    }
}
