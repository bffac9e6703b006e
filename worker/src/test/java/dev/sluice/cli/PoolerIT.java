package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.PgBouncer;
import dev.sluice.RecoveryLogins;
import dev.sluice.TestSql;
import dev.sluice.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands through PgBouncer in transaction mode: two sessions of PostgreSQL for each login, taken in turns. */
class PoolerIT {

    private static final int SESSIONS = 2;

    private Playground playground;
    private PgBouncer pooler;

    @BeforeEach
    void startPooler(@TempDir Path folder) {
        assumeTrue(PgBouncer.program().isPresent(), "PgBouncer is not installed");
        playground = Playground.ready(folder);
        RecoveryLogins.create(playground.sql(), "ann", "bob");
        playground.execute("GRANT SELECT ON user_logins TO ann");
        pooler = PgBouncer.start(playground.databaseUrl, SESSIONS, "ann", "bob");
        playground.set("SLUICE_DATABASE_URL", pooler.url(playground.databaseUrl));
    }

    @AfterEach
    void stopPooler() {
        if (pooler != null) {
            pooler.close();
        }
    }

    private void as(String user) {
        playground.set("SLUICE_DATABASE_URL", pooler.url(RecoveryLogins.url(playground.databaseUrl, user)));
    }

    /** Other programs meet these sessions next. */
    private void requireUntouchedSessions() {
        String settings = "SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings WHERE name IN"
                + " ('search_path', 'statement_timeout', 'lock_timeout', 'default_transaction_read_only',"
                + " 'default_transaction_isolation', 'synchronous_commit')";
        String untouched =
                new TestSql(playground.databaseUrl, "").query(settings).getFirst();
        TestSql lent = new TestSql(pooler.url(playground.databaseUrl), "");
        for (int look = 0; look < 2 * SESSIONS; look++) {
            assertThat(lent.query(settings)).containsExactly(untouched);
        }
    }

    @Test
    void aRunKeepsExactBooks() {
        playground.send(Events.sample());
        playground.send(Events.logins(2_000));

        Ran run = playground.set("SLUICE_BATCH_MESSAGES", "20").sluice("run", "--until-empty", "--output", "json");

        assertThat(run.succeeded().lastLine())
                .startsWith("{\"received\":2100,\"stored\":2099,\"duplicates\":0,\"quarantined\":1,\"released\":0,");
        assertThat(playground.count("user_logins")).isEqualTo(2_099);
        assertThat(playground.count("sluice.quarantine")).isEqualTo(1);
        assertThat(playground.depth().isEmpty()).isTrue();
        requireUntouchedSessions();
    }

    @Test
    void aBackfillKeepsExactBooksHoweverOftenItRuns() throws IOException {
        Path archive = Files.createDirectory(playground.folder.resolve("archive"));
        for (int file = 0; file < 8; file++) {
            Files.write(archive.resolve(file + ".ndjson"), Events.logins(250));
        }
        Files.write(archive.resolve("bad.ndjson"), List.of(Events.BAD));
        List<String> command = List.of(
                "backfill", archive.toString(), "--sent-at", "2026-03-01", "--split-size", "4KiB", "--parallel", "4");

        Ran first = playground.sluice(command.toArray(String[]::new)).succeeded();
        Ran second = playground.sluice(command.toArray(String[]::new)).succeeded();

        assertThat(first.lastLine()).contains("2000 rows stored, 1 quarantined");
        assertThat(second.lastLine()).contains("2000 rows stored, 1 quarantined");
        assertThat(playground.count("user_logins")).isEqualTo(2_000);
        assertThat(playground.count("sluice.quarantine")).isEqualTo(1);
        requireUntouchedSessions();
    }

    @Test
    void theAuditNamesWhoRecovers() {
        playground.send(Events.logins(20));
        playground.drain();
        String[] tokens = playground
                .query("SELECT masked_ip FROM user_logins ORDER BY masked_ip LIMIT 8")
                .toArray(String[]::new);
        as("ann");

        for (String token : tokens) {
            playground
                    .sluice("unmask", token, "--reason", "FRAUD_INVESTIGATION", "--ticket", "CASE-7")
                    .succeeded();
        }

        assertThat(playground.query("SELECT DISTINCT actor || ' ' || action FROM sluice.audit ORDER BY 1"))
                .containsExactly("ann unmask", "ann unmask-result");
        assertThat(playground.sluice("audit", "verify").succeeded().out()).startsWith("Intact: 16 entries");
        assertThat(playground.sluice("audit", "list").succeeded().out()).contains("CASE-7");
        requireUntouchedSessions();
    }

    @Test
    void whatReadsAndRewritesTheTableWorks() {
        playground.send(Events.logins(300));
        playground.send(Events.sample());
        playground.sluice("run", "--until-empty").succeeded();
        MaskedLogins.rotate(playground, MaskedLogins.IP);

        for (String command : List.of(
                "doctor", "show", "duplicates", "keys list", "quarantine list", "retain --older-than 30d --dry-run")) {
            playground.sluice(command.split(" ", -1)).succeeded();
        }
        assertThat(playground.sluice("rewrap").succeeded().out()).contains("399");
        playground
                .sluice("erase", "--user-id", "user-7", "--reason", "DSAR", "--ticket", "DSR-1")
                .succeeded();

        assertThat(playground.count("user_logins")).isEqualTo(398);
        requireUntouchedSessions();
    }

    @Test
    void doctorSaysThatAPoolerAnswers() {
        assertThat(playground.sluice("doctor").succeeded().out())
                .contains("database pooler", "each transaction brings its own settings", "local to the server");
    }

    @Test
    void migrateIsRefusedUnlessThereIsNothingToDo() {
        assertThat(playground.sluice("migrate").succeeded().out()).contains("Schema sluice is current");
        playground.execute("DROP SCHEMA sluice CASCADE");

        Ran refused = playground.sluice("migrate");

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(refused.err()).contains("a pooler lends PostgreSQL's sessions", "for `sluice migrate` only");
        assertThat(playground.query("SELECT nspname FROM pg_namespace WHERE nspname = 'sluice'"))
                .isEmpty();
        Map<String, String> direct = new HashMap<>(playground.environment());
        direct.put("SLUICE_DATABASE_URL", playground.databaseUrl);
        Playground.sluice(direct, "migrate").succeeded();
        requireUntouchedSessions();
    }

    @Test
    void aParameterThatThePoolerRefusesIsExplained() {
        Ran refused = playground
                .set("SLUICE_DATABASE_URL", pooler.url(playground.databaseUrl) + "?options=-c%20work_mem%3D8MB")
                .sluice("show");

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(refused.err()).contains("leave the parameter options out of SLUICE_DATABASE_URL");
    }

    @Test
    void aDatabaseThatThePoolerDoesNotReachIsExplained() {
        Ran refused = playground
                .set("SLUICE_DATABASE_URL", pooler.url(playground.databaseUrl) + "_absent")
                .sluice("show");

        assertThat(refused.err()).contains("a pooler refused, or lost the server", "knows this user and database");
    }
}
