package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.keys.KeyInfo;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluice keys create}. */
@Command(
        name = "create",
        header = "Makes the keyset file, or adds to it the keysets that the pipeline lacks.",
        description = {
            "",
            "One keyset per masked field, and one that seals quarantined originals. Keysets that are there stay as",
            "they are. With SLUICE_KMS_KEY the file is encrypted by that KMS key. Back the file up where the table's",
            "backups are not: without it nothing can be recovered, and with it (and the KMS key) everything can.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  SLUICE_KMS_KEY=arn:aws:kms:... sluice --keys sluice.keys.json keys create",
            "  sluice --keys sluice.keys.json keys create --allow-cleartext-keys"
        })
final class KeysCreateCommand implements Callable<Integer> {

    @ParentCommand
    KeysCommand parent;

    @Option(
            names = "--allow-cleartext-keys",
            description = "Accept that the keys lie in clear text in a file, guarded by its mode (0600) alone.")
    boolean allowCleartext;

    @Override
    public Integer call() {
        Assembly assembly = parent.sluice.assembly();
        List<KeyInfo> created = assembly.keysetFile().create(assembly.wantedKeys(), allowCleartext);
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
