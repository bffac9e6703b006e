package dev.sluice.cli.keys;

import dev.sluice.app.Assembly;
import dev.sluice.app.UnknownKeys;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysetFile;
import java.nio.file.Files;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice keys create}. */
@Command(
        name = "create",
        header = "Creates the keyset file, or adds the keysets that the pipeline lacks.",
        description = {
            "One keyset per masked field, and one that seals quarantined originals. Existing keysets are not changed."
                    + " With SLUICE_KMS_KEY, that KMS key encrypts the file. If a database is set, its table must not hold"
                    + " values of keys that the file lacks: then the file was lost, and must be restored.",
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

    @Option(
            names = "--despite-unknown-keys",
            description =
                    "Do not look whether the table already holds values of other keys, which new keys would not match.")
    boolean despiteUnknown;

    @Override
    public void run() {
        Assembly assembly = assembly();
        KeysetFile file = assembly.keysetFile();
        if (!despiteUnknown) {
            UnknownKeys.requireNone(assembly, unknownKeys(assembly, file));
        }
        List<KeyInfo> created = file.create(assembly.requiredKeys(), allowCleartext);
        if (created.isEmpty() && !json()) {
            out().println(assembly.keysFile() + " holds every keyset that pipeline "
                    + assembly.spec().name() + " needs; nothing was created.");
        } else {
            ListedKey.listing()
                    .print(program(), created.stream().map(ListedKey::of).toList());
        }
    }

    /** Empty, too, when there is no database to look at: keys are often created first. */
    private List<String> unknownKeys(Assembly assembly, KeysetFile file) {
        if (!assembly.settings().namesDatabase()) {
            return List.of();
        }
        List<KeyInfo> known = Files.exists(file.path()) ? file.read().list() : List.of();
        String problem;
        try {
            return UnknownKeys.sample(assembly, known);
        } catch (SettingsException e) {
            problem = e.getMessage();
        } catch (InfrastructureException e) {
            problem = e.getMessage();
        }
        report("warning: the table was not checked for values of other keys: " + problem);
        return List.of();
    }
}
