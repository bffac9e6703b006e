package dev.sluice.cli.demo;

import dev.sluice.access.AccessToken;
import dev.sluice.access.Role;
import dev.sluice.app.Assembly;
import dev.sluice.cli.command.Program;
import dev.sluice.config.Setting;
import dev.sluice.sandbox.Sandbox;
import dev.sluice.sqs.QueueAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment of the demo: variables that point at the sandbox, and a database login for each kind of user, as
 * docs/roles.md recommends. Used by one thread.
 */
final class DemoEnvironment {

    /** All that the caller can set: everything else would lead out of the sandbox. */
    private static final Set<Setting> ALLOWED = EnumSet.of(Setting.PIPELINE, Setting.LOG_LEVEL);

    private final Program program;
    private final Sandbox sandbox;
    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<DemoLogin, String> databaseUrls = new EnumMap<>(DemoLogin.class);

    /** @param folder for the keyset file and the passwords; removed by the caller */
    DemoEnvironment(Program program, Sandbox sandbox, Path folder) {
        this.program = program;
        this.sandbox = sandbox;
        this.folder = folder;
        environment.put("AWS_ENDPOINT_URL_SQS", sandbox.sqsEndpoint().toString());
        environment.put("AWS_REGION", "us-east-1");
        // The only name that version 1 of the aws command reads.
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("AWS_ACCESS_KEY_ID", "demo");
        environment.put("AWS_SECRET_ACCESS_KEY", "demo");
        environment.put("SLUICE_KEYS", folder.resolve("demo.keys.json").toString());
        for (Setting setting : ALLOWED) {
            String variable = setting.variables().getFirst();
            String value = program.console().environment().get(variable);
            if (value != null) {
                environment.put(variable, value);
            }
        }
        // A pipeline may name its queue by a URL at AWS; the sandbox has a queue of the same name.
        environment.put("SLUICE_QUEUE", QueueAddress.parse(asOwner().queue()).name());
    }

    /** The parts, connected as the owner, who creates everything and does nothing else. */
    Assembly asOwner() {
        return as(sandbox.databaseUrl());
    }

    /** The parts, connected as that login. */
    Assembly as(DemoLogin login) {
        return as(databaseUrl(login));
    }

    private Assembly as(String databaseUrl) {
        return with(Map.of("SLUICE_DATABASE_URL", databaseUrl));
    }

    /**
     * The parts of a worker with both ports, each on a free number, and a login for the console.
     *
     * @param token of the console's one user, who is an operator
     */
    Assembly withPorts(String token) {
        String user = AccessToken.line("demo", Role.OPERATOR, token) + "\n";
        return with(Map.of(
                "SLUICE_DATABASE_URL",
                databaseUrl(DemoLogin.WORKER),
                "SLUICE_CONSOLE_DATABASE_URL",
                databaseUrl(DemoLogin.CONSOLE),
                "SLUICE_CONSOLE_TOKENS_FILE",
                write(folder.resolve("console.tokens"), user).toString(),
                "SLUICE_CONSOLE_PORT",
                "0",
                "SLUICE_HEALTH_PORT",
                "0"));
    }

    private Assembly with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new Assembly(program.settings(all, ALLOWED));
    }

    /** With the password. Creates the login at first use. */
    private String databaseUrl(DemoLogin login) {
        return databaseUrls.computeIfAbsent(login, created -> sandbox.createLogin(created.user(), created.role));
    }

    /**
     * Writes a file for a shell to source: the environment, and the login. The password is in this file, which only the
     * caller can read, and neither on the terminal nor on the command line of psql, which reads the same variables.
     *
     * @return the file
     */
    Path export(DemoLogin login) {
        URI url = URI.create(databaseUrl(login));
        String[] userAndPassword = url.getUserInfo().split(":", 2);
        Map<String, String> all = new TreeMap<>(environment);
        all.put("PGHOST", url.getHost());
        all.put("PGPORT", Integer.toString(url.getPort()));
        all.put("PGDATABASE", url.getPath().substring(1));
        all.put("PGUSER", userAndPassword[0]);
        all.put("PGPASSWORD", userAndPassword[1]);
        // A URL would override its parts.
        StringBuilder script = new StringBuilder("unset SLUICE_DATABASE_URL SLUICE_DATABASE_URL_FILE\n");
        all.forEach((name, value) -> script.append("export ")
                .append(name)
                .append('=')
                .append(quoted(value))
                .append('\n'));
        return write(folder.resolve(login.user() + ".env"), script.toString());
    }

    private static Path write(Path file, String text) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One word for any POSIX shell. */
    private static String quoted(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}
