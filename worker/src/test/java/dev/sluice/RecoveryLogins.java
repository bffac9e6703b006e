package dev.sluice;

import java.net.URI;

/** Database users who may recover, with the rights that docs/recover.md gives {@code sluice_recovery} and no other. */
public final class RecoveryLogins {

    private RecoveryLogins() {}

    /** Makes users of the server, who are there for all of its databases, and gives them rights in this one. */
    public static void create(TestSql owner, String... names) {
        for (String name : names) {
            owner.execute("DO $$ BEGIN CREATE ROLE " + name + " LOGIN PASSWORD '" + password(owner.url())
                    + "'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");
            owner.execute(rights(name));
        }
    }

    private static String rights(String name) {
        return """
        GRANT USAGE ON SCHEMA sluice TO sluice_recovery;
        GRANT SELECT ON sluice.audit, sluice.recovery_request, sluice.quarantine TO sluice_recovery;
        GRANT EXECUTE ON FUNCTION
            sluice.recovery_unmask(text, text, text, text, text[], text[], integer[]),
            sluice.recovery_find(text, text, text, text, text[], text[]),
            sluice.recovery_result(text, bigint, integer, text[], text[], integer),
            sluice.recovery_submit(text, text, text, text, text[], text[], text),
            sluice.recovery_approve(text, text, bigint),
            sluice.recovery_fetch(text, text, bigint),
            sluice.recovery_export(text, text, text, text, text, bigint, text[], text[]),
            sluice.installation_id(), sluice.mutex_holder(text) TO sluice_recovery;
        """
                .replace("sluice_recovery", name);
    }

    /** The same database for one of these users. They have the owner's password. */
    public static String url(String ownersUrl, String name) {
        return ownersUrl.replace("//sluice:", "//" + name + ":");
    }

    private static String password(String url) {
        return URI.create(url).getUserInfo().split(":", 2)[1];
    }
}
