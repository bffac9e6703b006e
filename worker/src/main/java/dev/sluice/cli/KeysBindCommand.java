package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.keys.KeysetFile;
import dev.sluice.postgres.db.Database;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluice keys bind}. */
@Command(
        name = "bind",
        header = "Binds the keyset file to the database whose audit is told of recoveries.",
        description = {
            "",
            "From then on, unmask, find, erase by a masked column, rewrap and quarantine replay refuse the keys beside any",
            "other database. This guards against mistakes, and against somebody who has the program and not the keys;",
            "anyone who can read the keys needs no program. Programs of versions before this one do not read a bound file:",
            "upgrade every worker first.",
            ""
        })
final class KeysBindCommand implements Callable<Integer> {

    @ParentCommand
    KeysCommand parent;

    @Option(names = "--rebind", description = "Also when the file is bound to another database.")
    boolean rebind;

    @Override
    public Integer call() {
        Assembly assembly = parent.sluice.assembly();
        UUID id = bind(assembly, rebind);
        KeysetFile file = assembly.keysetFile();
        parent.sluice
                .console()
                .out()
                .println(
                        parent.sluice.json()
                                ? new JsonLine().put("file", file.path()).put("database", id)
                                : file.path() + " is bound to the database " + id + ".");
        return ExitCode.DONE;
    }

    static UUID bind(Assembly assembly, boolean rebind) {
        try (Database database = assembly.database()) {
            UUID id = database.installationId();
            assembly.keysetFile().bind(id, rebind);
            return id;
        }
    }
}
