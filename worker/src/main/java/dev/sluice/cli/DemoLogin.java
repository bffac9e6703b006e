package dev.sluice.cli;

import dev.sluice.postgres.schema.Roles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Whom the demo connects as: for each kind of user a login of its own, as docs/roles.md asks for. */
enum DemoLogin {
    WORKER(Roles.WRITER),
    ANALYST(Roles.ANALYST),
    RECOVERY(Roles.RECOVERY);

    private final String role;

    DemoLogin(String role) {
        this.role = role;
    }

    /** The group role whose rights it has. */
    String role() {
        return role;
    }

    /** Its name in the database. */
    String user() {
        return "demo_" + name().toLowerCase(Locale.ROOT);
    }

    /**
     * Writes a file to be sourced by a shell: the environment, and who connects. The password stands there, where only the
     * caller reads it, and neither on the terminal nor in the command line of psql, which reads the same variables.
     *
     * @param folder for the file
     * @param environment what all logins have in common
     * @param databaseUrl for this login, with the password
     * @return the file
     */
    Path export(Path folder, Map<String, String> environment, String databaseUrl) {
        URI url = URI.create(databaseUrl);
        String[] login = url.getUserInfo().split(":", 2);
        Map<String, String> all = new TreeMap<>(environment);
        all.put("PGHOST", url.getHost());
        all.put("PGPORT", Integer.toString(url.getPort()));
        all.put("PGDATABASE", url.getPath().substring(1));
        all.put("PGUSER", login[0]);
        all.put("PGPASSWORD", login[1]);
        // A URL would come before its parts.
        StringBuilder script = new StringBuilder("unset SLUICE_DATABASE_URL SLUICE_DATABASE_URL_FILE\n");
        all.forEach((name, value) -> script.append("export ")
                .append(name)
                .append('=')
                .append(quoted(value))
                .append('\n'));
        return write(folder.resolve(user() + ".env"), script.toString());
    }

    private static Path write(Path file, String text) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One word for any shell of the POSIX family. */
    private static String quoted(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}
