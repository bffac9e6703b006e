package dev.sluice.cli.demo;

import dev.sluice.postgres.schema.Roles;
import java.util.Locale;

/** A login of the demo, with the rights of one group role. */
enum DemoLogin {
    WORKER(Roles.WRITER),
    ANALYST(Roles.ANALYST),
    RECOVERY(Roles.RECOVERY);

    final String role;

    DemoLogin(String role) {
        this.role = role;
    }

    /** Its name in the database. */
    String user() {
        return "demo_" + name().toLowerCase(Locale.ROOT);
    }
}
