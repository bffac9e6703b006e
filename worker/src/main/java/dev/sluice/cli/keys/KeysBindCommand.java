package dev.sluice.cli.keys;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.keys.KeysetFile;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.db.Database;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice keys bind}. */
@Command(
        name = "bind",
        header = "Binds the keyset file to the database whose audit records recoveries.",
        description = {
            "From then on, unmask, find, erase by a masked column, rewrap and quarantine replay refuse to use the keys"
                    + " with any other database. This prevents mistakes, and stops someone who has the program but not"
                    + " the keys. Anyone who can read the keys does not need the program.",
            "",
            "Versions before this one cannot read a bound file: upgrade every worker first."
        })
public final class KeysBindCommand extends CliCommand implements Runnable {

    @Option(names = "--rebind", description = "Also if the file is bound to another database.")
    boolean rebind;

    @Override
    public void run() {
        Assembly assembly = assembly();
        UUID id = bind(assembly, rebind);
        KeysetFile file = assembly.keysetFile();
        print(
                new JsonLine().put("file", file.path()).put("database", id),
                file.path() + " is bound to the database " + id + ".");
    }

    /**
     * Binds the keyset file to the configured database.
     *
     * @return the database's id
     */
    public static UUID bind(Assembly assembly, boolean rebind) {
        try (Database database = assembly.database()) {
            UUID id = database.installationId();
            assembly.keysetFile().bind(id, rebind);
            return id;
        }
    }
}
