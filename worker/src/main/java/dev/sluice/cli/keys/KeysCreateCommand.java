package dev.sluice.cli.keys;

import dev.sluice.app.Assembly;
import dev.sluice.app.UnknownKeys;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.KeysetName;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice keys create}. */
@Command(
        name = "create",
        header = "Creates the keyset file, or adds the keysets that the pipeline lacks.",
        description = {
            "One keyset per masked field, and one that seals quarantined originals; in pipelines with keys: by, these"
                    + " for each tenant. Existing keysets are not changed."
                    + " With SLUICE_KMS_KEY, that KMS key encrypts the file. If a database is set, its table must not hold"
                    + " values of keys that the file lacks: then the file was lost, and must be restored.",
            "",
            "Back up the file, but not where the backups of the table are: without it (and the KMS key) nothing can be"
                    + " recovered, with it everything can."
        },
        footer = {
            "Examples:",
            "  SLUICE_KMS_KEY=arn:aws:kms:... sluice --keys sluice.keys.json keys create",
            "  sluice --keys sluice.keys.json keys create --allow-cleartext-keys",
            "  sluice --keys sluice.keys.json keys create --tenant acme --tenant emca"
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

    @Option(
            names = "--tenant",
            paramLabel = "NAME|-",
            description =
                    "For pipelines with keys: by: create keys for this tenant; repeatable. - reads names from standard"
                            + " input, one per line.")
    List<String> tenants = List.of();

    @Override
    public void run() {
        Assembly assembly = assembly();
        KeysetFile file = assembly.keysetFile();
        Set<String> served = named(assembly.spec());
        Optional<Keysets> known = Files.exists(file.path()) ? Optional.of(file.read()) : Optional.empty();
        known.map(assembly.spec()::tenantsIn).ifPresent(served::addAll); // a new column needs keys for each
        if (!despiteUnknown) {
            UnknownKeys.requireNone(
                    assembly, unknownKeys(assembly, known.map(Keysets::list).orElse(List.of())));
        }
        List<KeyInfo> created = file.create(assembly.requiredKeysets(served), allowCleartext);
        if (created.isEmpty() && !json()) {
            out().println(assembly.keysFile() + " holds every keyset that pipeline "
                    + assembly.spec().name() + " needs; nothing was created.");
        } else {
            ListedKey.listing()
                    .print(program(), created.stream().map(ListedKey::of).toList());
        }
    }

    private Set<String> named(PipelineSpec spec) {
        Set<String> named = new LinkedHashSet<>(
                tenants.equals(List.of("-"))
                        ? inputLines(Integer.MAX_VALUE).stream()
                                .map(String::strip)
                                .filter(line -> !line.isEmpty())
                                .toList()
                        : tenants);
        if (!named.isEmpty() && spec.tenants() == null) {
            throw usageError("--tenant: pipeline " + spec.name()
                    + " has no keys: by, so all its events are masked with the same keys");
        }
        if (!named.stream().allMatch(KeysetName::isTenant)) {
            throw usageError("--tenant: names of 1 to " + KeysetName.MAX_TENANT_LENGTH
                    + " characters were expected, without control characters");
        }
        return named;
    }

    /** Empty, too, when there is no database to look at: keys are often created first. */
    private List<String> unknownKeys(Assembly assembly, List<KeyInfo> known) {
        if (!assembly.settings().namesDatabase()) {
            return List.of();
        }
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
