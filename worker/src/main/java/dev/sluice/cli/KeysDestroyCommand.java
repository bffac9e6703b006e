package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeyInfo.Status;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice keys destroy}. */
@Command(
        name = "destroy",
        header = "Drops a disabled key for good.",
        description = {
            "",
            "What it made can never be read again. Refused while rows of the pipeline's table or of the quarantine bear",
            "its id, or cannot be looked at. Copies of the keyset file still hold it: destroy those, too.",
            ""
        })
final class KeysDestroyCommand implements Callable<Integer> {

    /** What reading the largest table may take. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    @ParentCommand
    KeysCommand parent;

    @Parameters(paramLabel = "KEY", converter = KeyIdConverter.class, description = "Its id, as listed.")
    int keyId;

    @Option(names = "--yes", description = "Does not ask.")
    boolean yes;

    @Option(
            names = "--even-if-used",
            description = "Do not look for rows; those there are can never be read again (crypto-shredding).")
    boolean evenIfUsed;

    @Override
    public Integer call() {
        Assembly assembly = parent.sluice.assembly();
        Optional<KeyInfo> key = assembly.keysets().find(keyId);
        if (key.isPresent() && key.get().status() == Status.DISABLED) {
            requireUnused(assembly, key.get());
            requireConsent(key.get());
        }
        parent.tell(
                assembly.keysetFile().destroy(keyId),
                "Nothing that it made can be read again. Backups of the keyset file still hold it: destroy those, too.");
        return ExitCode.DONE;
    }

    /** An idempotency key's hashes do not bear its id, and nobody reads them back. */
    private void requireUnused(Assembly assembly, KeyInfo key) {
        if (evenIfUsed || key.field().equals(Keysets.IDEMPOTENCY)) {
            return;
        }
        if (!assembly.countsRowsOf(key)) {
            throw unknown(key, "its field is of another pipeline: name that by --pipeline");
        }
        if (!assembly.settings().namesDatabase()) {
            throw unknown(key, "no database is set (SLUICE_DATABASE_URL, PGHOST)");
        }
        long rows = assembly.keyUse(PATIENCE).rows().getOrDefault(key.id(), 0L);
        if (rows > 0) {
            throw new KeysException(rows + " rows bear key " + key.hexId() + " of " + key.field()
                    + " and could never be read again: rewrap them first, or say --even-if-used");
        }
    }

    private static KeysException unknown(KeyInfo key, String why) {
        return new KeysException(
                "whether rows bear key " + key.hexId() + " cannot be seen: " + why + ", or say --even-if-used");
    }

    private void requireConsent(KeyInfo key) {
        if (yes) {
            return;
        }
        Console console = parent.sluice.console();
        if (!console.interactive()) {
            throw refusal("destroy is for good; say --yes");
        }
        console.err().print("Destroy key " + key.hexId() + " of " + key.field() + " for good? Type its id: ");
        if (!console.answer().equals(key.hexId())) {
            throw refusal("not confirmed, nothing was destroyed");
        }
    }

    private ParameterException refusal(String message) {
        return new ParameterException(parent.sluice.command.commandLine(), message);
    }
}
