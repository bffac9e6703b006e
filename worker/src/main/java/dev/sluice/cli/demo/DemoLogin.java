package dev.sluice.cli.demo;

import dev.sluice.postgres.schema.Roles;
import java.util.Locale;

/** A login of the demo, with the rights of group roles. */
enum DemoLogin {
    WORKER(Roles.WRITER),
    ANALYST(Roles.ANALYST),
    RECOVERY(Roles.RECOVERY),
    /** Looks at everything, and replays. */
    CONSOLE(Roles.RECOVERY + ", " + Roles.OPERATOR);

    final String role;

    DemoLogin(String role) {
        this.role = role;
    }

    /** Its name in the database. */
    String user() {
        return "demo_" + name().toLowerCase(Locale.ROOT);
    }
}
