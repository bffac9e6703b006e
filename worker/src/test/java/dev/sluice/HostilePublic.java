package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A schema {@code public} full of functions, operators and types that SQL may take for those of {@code pg_catalog}, as
 * anybody can make them who may create there. They do what the originals do and count their calls by Sluice's sessions.
 */
public final class HostilePublic {

    private final TestSql database;

    private HostilePublic(TestSql database) {
        this.database = database;
    }

    /** Fills the schema, and puts it before {@code pg_catalog} for whoever connects from now on: the worst case. */
    public static HostilePublic in(TestSql database) {
        database.execute(script());
        HostilePublic hostile = new HostilePublic(database);
        hostile.requireThatItWorks();
        database.execute(
                "DO $$ BEGIN EXECUTE pg_catalog.format('ALTER DATABASE %I SET search_path = public, pg_catalog',"
                        + " pg_catalog.current_database()); END $$");
        return hostile;
    }

    /** The positive control: a session that says what we used to say is heard. */
    private void requireThatItWorks() {
        database.execute("SET application_name = 'sluice'; SET search_path = public, pg_catalog;"
                + " SELECT to_regclass('pg_class'::varchar); SELECT 'a'::text; SELECT count(*) FROM pg_class;"
                + " SELECT 1 FROM pg_class WHERE relname = 'x'; SELECT now(); SELECT unnest(ARRAY[1])");
        assertThat(database.query("SELECT DISTINCT what FROM hostile.call"))
                .contains(
                        "to_regclass(character varying)",
                        "domain text",
                        "aggregate count",
                        "name = name",
                        "now()",
                        "unnest(anyarray)");
        database.execute("DELETE FROM hostile.call; SELECT pg_catalog.setval('hostile.count', 1, false)");
    }

    /** Nothing of it was called by a session of Sluice's, not even in a transaction that was rolled back. */
    public void requireUncalled() {
        assertThat(database.query("SELECT DISTINCT what || ' as ' || login FROM hostile.call ORDER BY 1"))
                .isEmpty();
        assertThat(database.query("SELECT is_called FROM hostile.count")).containsExactly("f");
    }

    private static String script() {
        try (InputStream script =
                Objects.requireNonNull(HostilePublic.class.getResourceAsStream("hostile-public.sql"))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
