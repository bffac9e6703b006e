package dev.sluice.cli.keys;

import dev.sluice.cli.command.CliCommand;
import dev.sluice.keys.KeysetFile;
import dev.sluice.output.JsonLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice keys rewrap-kek}. */
@Command(
        name = "rewrap-kek",
        header = "Encrypts the keyset file with another KMS key; no token changes.",
        description =
                "Reads the file with the KMS key that it names (and SLUICE_KMS_KEY, if set), or in clear text, and writes it"
                        + " with the new one.")
final class KeysRewrapKekCommand extends CliCommand implements Runnable {

    /** What the file becomes; exactly one of them. */
    static final class Target {

        @Option(names = "--kms-key", required = true, paramLabel = "ARN", description = "The new KMS key.")
        @Nullable
        String kmsKey;

        @Option(
                names = "--allow-cleartext-keys",
                required = true,
                description = "No KMS key: accept keys in clear text in a file that only its mode (0600) protects.")
        boolean clear;
    }

    @ArgGroup(multiplicity = "1")
    Target target = new Target();

    @Override
    public void run() {
        KeysetFile file = assembly().keysetFile();
        file.rewrap(target.kmsKey, target.clear);
        print(
                new JsonLine().put("file", file.path()).put("kms_key", target.kmsKey),
                target.kmsKey == null
                        ? file.path() + " is in clear text. Next: on every worker, unset SLUICE_KMS_KEY, copy the file"
                                + " there, and restart the worker."
                        : file.path() + " is encrypted by " + target.kmsKey
                                + ".\nNext: copy it to every worker, with that ARN as SLUICE_KMS_KEY if you set it. Anyone with"
                                + " the former key\ncan still read older copies, and anyone at all those in clear text:"
                                + " destroy them.");
    }
}
