package dev.sluice.cli.keys;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.keys.KeyInfo;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice keys create}. */
@Command(
        name = "create",
        header = "Creates the keyset file, or adds the keysets that the pipeline lacks.",
        description = {
            "One keyset per masked field, and one that seals quarantined originals. Existing keysets are not changed."
                    + " With SLUICE_KMS_KEY, that KMS key encrypts the file.",
            "",
            "Back up the file, but not where the backups of the table are: without it (and the KMS key) nothing can be"
                    + " recovered, with it everything can."
        },
        footer = {
            "Examples:",
            "  SLUICE_KMS_KEY=arn:aws:kms:... sluice --keys sluice.keys.json keys create",
            "  sluice --keys sluice.keys.json keys create --allow-cleartext-keys"
        })
final class KeysCreateCommand extends CliCommand implements Runnable {

    @Option(
            names = "--allow-cleartext-keys",
            description = "Accept keys in clear text in a file that only its mode (0600) protects.")
    boolean allowCleartext;

    @Override
    public void run() {
        Assembly assembly = assembly();
        List<KeyInfo> created = assembly.keysetFile().create(assembly.requiredKeys(), allowCleartext);
        if (created.isEmpty() && !json()) {
            out().println(assembly.keysFile() + " holds every keyset that pipeline "
                    + assembly.spec().name() + " needs; nothing was created.");
        } else {
            KeysCommand.listing().print(program(), created);
        }
    }
}
