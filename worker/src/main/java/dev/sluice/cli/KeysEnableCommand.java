package dev.sluice.cli;

import dev.sluice.keys.KeyInfo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice keys enable}. */
@Command(name = "enable", header = "Puts a disabled key in use again, for reading what it made.")
final class KeysEnableCommand implements Callable<Integer> {

    @ParentCommand
    KeysCommand parent;

    @Parameters(paramLabel = "KEY", converter = KeyIdConverter.class, description = "Its id, as listed.")
    int keyId;

    @Override
    public Integer call() {
        KeyInfo enabled = parent.sluice.assembly().keysetFile().enable(keyId);
        parent.tell(enabled, "What it made can be read. Next: bring the keyset file to every worker.");
        return ExitCode.DONE;
    }
}
