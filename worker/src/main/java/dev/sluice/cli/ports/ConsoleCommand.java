package dev.sluice.cli.ports;

import dev.sluice.access.AccessToken;
import dev.sluice.access.Role;
import dev.sluice.cli.command.CommandFamily;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.output.JsonLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice console}. */
@Command(
        name = "console",
        header = "Makes tokens for the console.",
        description = "The console is the page that sluice run serves on --console-port.")
@CommandHelp(uses = {})
public final class ConsoleCommand extends CommandFamily {

    @Command(
            name = "token",
            header = "Makes a token for a person or a program.",
            description = {
                "Prints a new random token, which is not stored anywhere, and the line for the file of"
                        + " --console-tokens-file, which holds its hash only. Add the line to the file (mode 600) and give"
                        + " the token to its owner. To revoke it, remove the line; the worker notices at once.",
            },
            footer = {"Examples:", "  sluice console token ada", "  sluice console token bob --role operator"})
    void token(
            @Parameters(paramLabel = "NAME", description = "Whose token it is: letters, digits and ._@+-, up to 64.")
                    String name,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            defaultValue = "viewer",
                            description = "viewer looks (default); operator also replays quarantined records.")
                    Role role) {
        if (!AccessToken.isName(name)) {
            throw usageError("NAME: up to 64 letters, digits and ._@+- were expected, a letter or digit first");
        }
        String token = AccessToken.generate();
        String line = AccessToken.line(name, role, token);
        print(
                new JsonLine()
                        .put("name", name)
                        .put("role", role.label())
                        .put("token", token)
                        .put("line", line),
                "token: " + token + "\nline:  " + line);
        report("the token is shown this once; add the line to the tokens file");
    }
}
