package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.HostilePublic;
import dev.sluice.TestSql;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever may create in a schema on the path runs nothing by our commands (CVE-2018-1058's class). */
class TableResolutionIT {

    private Playground playground;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
    }

    private void createKeys() {
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
    }

    /** PostgreSQL's own default path; PostgreSQL 14's default rights on {@code public}, which upgrades keep. */
    @Test
    void analystsFunctionDoesNotRunAsTheOwner() {
        createKeys();
        playground.execute("GRANT CREATE ON SCHEMA public TO PUBLIC");
        String analyst = "path_analyst_" + playground.queue.replace('-', '_');
        playground.execute("CREATE ROLE " + analyst + " LOGIN");
        playground.execute("CREATE TABLE public.ran_as (who text); GRANT INSERT ON public.ran_as TO PUBLIC");
        new TestSql(playground.loginUrl(analyst), TestSql.PUBLIC_FIRST)
                .execute("CREATE FUNCTION public.to_regclass(varchar) RETURNS regclass LANGUAGE sql AS"
                        + " 'INSERT INTO public.ran_as VALUES (current_user);"
                        + " SELECT pg_catalog.to_regclass($1::text)'");

        for (String command : List.of(
                "migrate",
                "migrate --roles",
                "doctor",
                "show",
                "duplicates --column masked_device_id",
                "audit list",
                "audit verify",
                "quarantine list",
                "keys list",
                "assess --seconds 1",
                "run --until-empty",
                "retain --older-than 400d")) {
            playground.sluice(command.split(" ")).succeeded();
            assertThat(playground.query("SELECT who FROM public.ran_as"))
                    .as(command)
                    .isEmpty();
        }
    }

    @Test
    void everyCommandWorksAndCallsNothingThatAStrangerMade() {
        playground.set("SLUICE_PIPELINE", pipeline("field:id").toString());
        createKeys();
        playground.set("SLUICE_PIPELINE", pipeline("message-id").toString());
        HostilePublic hostile = HostilePublic.in(playground.sql());
        requireUncalledBy(hostile, "migrate", "--roles", "--partition-by", "day");
        // The table's own trigger finds its table on the role's path, also at COMMIT.
        playground.execute("CREATE TABLE journal (what varchar(9));"
                + "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN INSERT INTO journal VALUES (TG_OP); RETURN NULL; END';"
                + "CREATE CONSTRAINT TRIGGER late AFTER INSERT OR UPDATE OR DELETE ON clicks DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW EXECUTE FUNCTION note()");
        playground.execute("ALTER TABLE clicks ADD CONSTRAINT small CHECK (id < 5)");
        playground.send(List.of(click(1), click(2), click(7), "no json"));
        requireUncalledBy(hostile, "run", "--until-empty");
        playground.set("SLUICE_PIPELINE", pipeline("field:id").toString());
        playground.send(List.of(click(3), click(3)));
        requireUncalledBy(hostile, "run", "--until-empty");
        assertThat(playground.count("clicks")).isEqualTo(3);
        playground.execute("ALTER TABLE clicks DROP CONSTRAINT small");

        MaskedLogins.rotate(playground, "paths.page");
        MaskedLogins.rotate(playground, "quarantine");
        for (String command : List.of(
                "doctor",
                "show",
                "duplicates --column page",
                "keys list",
                "assess --seconds 1",
                "quarantine list",
                "keys bind",
                "quarantine show 1 --ticket T-5",
                "quarantine replay --all --ticket T-5",
                "rewrap",
                "quarantine purge --older-than 30d --yes",
                "find --column page --reason INCIDENT --ticket T-1 a",
                "unmask requests",
                "retain --older-than 400d",
                "retain --older-than 1d",
                "erase --column page --subject a --dry-run --reason INCIDENT --ticket T-6",
                "erase --column id --subject 1 --ticket T-2 --null page",
                "erase --column id --subject 2 --ticket T-3",
                "audit list",
                "audit verify",
                "migrate --roles")) {
            requireUncalledBy(hostile, command.split(" "));
        }
        assertThat(playground.query("SELECT DISTINCT what FROM journal ORDER BY 1"))
                .containsExactly("DELETE", "INSERT", "UPDATE");
        String token = playground
                .query("SELECT page FROM clicks WHERE page IS NOT NULL LIMIT 1")
                .getFirst();
        requireUncalledBy(hostile, "unmask", token, "--reason", "INCIDENT", "--ticket", "T-4");
    }

    /** PostgreSQL 14's default on public, a schema of a stranger's, and one in which only those create who may. */
    @Test
    void namesSchemasOnThePathInWhichOthersCreate() {
        createKeys();
        String other = "path_other_" + playground.queue.replace('-', '_');
        playground.execute("CREATE ROLE " + other + "; CREATE SCHEMA theirs; GRANT CREATE, USAGE ON SCHEMA theirs TO "
                + other + "; CREATE SCHEMA fine; GRANT CREATE ON SCHEMA public TO PUBLIC;"
                + "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = fine, theirs, public',"
                + " current_database()); END $$");
        String open = "others can create in schema public (PUBLIC)";
        String theirs = "others can create in schema theirs (" + other + ")";
        for (String command : List.of("migrate", "migrate --roles")) {
            assertThat(playground.sluice(command.split(" ")).succeeded().err())
                    .as(command)
                    .contains(open, "REVOKE CREATE ON SCHEMA \"public\" FROM PUBLIC", theirs)
                    .doesNotContain("schema fine");
        }
        assertThat(playground.sluice("doctor").succeeded().out()).contains(open, theirs);
        playground.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC; REVOKE CREATE ON SCHEMA theirs FROM " + other);
        assertThat(playground.sluice("migrate").succeeded().err()).isEmpty();
        assertThat(playground.sluice("doctor").succeeded().out())
                .contains("no other role can create in its schemas")
                .doesNotContain("others can create");
    }

    private void requireUncalledBy(HostilePublic hostile, String... command) {
        Ran ran = playground.sluice(command);
        assertThat(ran.exitCode())
                .as(String.join(" ", command) + ": " + ran.err())
                .isZero();
        hostile.requireUncalled();
    }

    private static String click(int id) {
        return "{\"id\":" + id + ",\"page\":\"a\"}";
    }

    private Path pipeline(String idempotencyKey) {
        return playground.write(
                "paths.yaml",
                """
                pipeline: paths
                source: { queue: q, idempotency-key: %s }
                sink: { table: clicks }
                columns:
                  id:   { from: id,   type: integer, required: true }
                  page: { from: page, type: varchar(256), mask: { kind: deterministic-aead } }
                  day:  { type: date, default: sent-date }
                """
                        .formatted(idempotencyKey));
    }
}
