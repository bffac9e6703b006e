package dev.sluice.cli;

import dev.sluice.keys.KeyInfo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice keys disable}. */
@Command(
        name = "disable",
        header = "Puts a key out of use; it can be enabled again.",
        description = {"", "What it made is not read any more. Never the primary one.", ""})
final class KeysDisableCommand implements Callable<Integer> {

    @ParentCommand
    KeysCommand parent;

    @Parameters(paramLabel = "KEY", converter = KeyIdConverter.class, description = "Its id, as listed.")
    int keyId;

    @Override
    public Integer call() {
        KeyInfo disabled = parent.sluice.assembly().keysetFile().disable(keyId);
        parent.tell(
                disabled,
                "What it made is not read any more; sluice keys enable " + disabled.hexId() + " undoes that.",
                "Next: bring the keyset file to every worker. When nobody has missed it for as long as you keep backups:",
                "sluice keys destroy " + disabled.hexId());
        return ExitCode.DONE;
    }
}
