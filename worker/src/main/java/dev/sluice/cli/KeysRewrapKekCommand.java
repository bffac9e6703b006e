package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.keys.KeysetFile;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluice keys rewrap-kek}. */
@Command(
        name = "rewrap-kek",
        header = "Encrypts the keyset file by another KMS key; no token changes.",
        description = {
            "",
            "Reads the file under the KMS key that it names (and SLUICE_KMS_KEY, if that is set) and writes it under",
            "the new one. Also from a file in clear, and, if that is allowed, to one.",
            ""
        })
final class KeysRewrapKekCommand implements Callable<Integer> {

    /** What the file becomes; one of both. */
    static final class Target {
        @Option(names = "--kms-key", required = true, paramLabel = "ARN", description = "The new KMS key.")
        @Nullable
        String kmsKey;

        @Option(
                names = "--allow-cleartext-keys",
                required = true,
                description = "No KMS key: the keys lie in clear text in a file, guarded by its mode (0600) alone.")
        boolean clear;
    }

    @ParentCommand
    KeysCommand parent;

    @ArgGroup(multiplicity = "1")
    Target target = new Target();

    @Override
    public Integer call() {
        Assembly assembly = parent.sluice.assembly();
        KeysetFile file = assembly.keysetFile();
        file.rewrap(target.kmsKey, target.clear);
        parent.sluice.console().out().println(parent.sluice.json() ? json(file) : text(file));
        return ExitCode.DONE;
    }

    private String json(KeysetFile file) {
        return new JsonLine()
                .put("file", file.path())
                .put("kms-key", target.kmsKey)
                .toString();
    }

    private String text(KeysetFile file) {
        return target.kmsKey == null
                ? file.path() + " is in clear. Next: unset SLUICE_KMS_KEY for every worker, bring the file to it, and"
                        + " restart it."
                : file.path() + " is encrypted by " + target.kmsKey
                        + ".\nNext: bring it to every worker, with that ARN as SLUICE_KMS_KEY if you set it. Copies under"
                        + " the former key\n(or in clear) can still be read by who has it: destroy them.";
    }
}
