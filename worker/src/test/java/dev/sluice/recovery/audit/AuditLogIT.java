package dev.sluice.recovery.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.TestSql;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.pipeline.InfrastructureException;
import dev.sluice.postgres.Database;
import dev.sluice.postgres.DatabaseAddress;
import dev.sluice.postgres.Migrations;
import dev.sluice.recovery.audit.Verification.Broken;
import dev.sluice.recovery.audit.Verification.Fault;
import dev.sluice.recovery.audit.Verification.Intact;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogIT {

    /** Ends with the JVM, by itself. */
    private static final PostgresServer SERVER = PostgresServer.start();

    private final String url = SERVER.createDatabase();
    private final TestSql sql = new TestSql(url, TestSql.PUBLIC_FIRST);
    private final DatabaseAddress address = DatabaseAddress.from(Map.of("SLUICE_DATABASE_URL", url), false);
    private Database database;
    private AuditLog audit;

    @BeforeEach
    void migrate() {
        new Migrations(address).run();
        database = Database.open(address, 4);
        audit = new AuditLog(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void recordsWhoAndWhenByTheServersWord() {
        Head head = audit.append(new Entry(
                Action.UNMASK,
                Reason.DSAR,
                "CASE-7",
                "user-logins",
                2,
                new Details().put("tokens", List.of("a", "b"))));

        Recorded entry = audit.list(10).getFirst();
        assertThat(entry.head()).isEqualTo(head);
        assertThat(entry.actor()).isEqualTo("sluice");
        assertThat(entry.action()).isEqualTo("unmask");
        assertThat(entry.reason()).isEqualTo("DSAR");
        assertThat(entry.details()).isEqualTo("{\"tokens\":[\"a\",\"b\"]}");
        assertThat(audit.head()).contains(head);
        assertThat(Head.parse(head.toString())).contains(head);
    }

    @Test
    void findsAnEmptyTrailIntact() {
        assertThat(audit.head()).isEmpty();
        assertThat(audit.verify(null)).isEqualTo(new Intact(0));
    }

    @Test
    void agreesWithTheDatabaseOnTextsThatNeedCare() {
        Stream.of("", ",", "1:,", "\u00e4\ud83d\ude00", "a\nb", "'; DROP", "~")
                .forEach(ticket -> audit.append(new Entry(
                        Action.UNMASK, Reason.INCIDENT, ticket, "user-logins", 1, new Details().put("n", ticket))));

        assertThat(audit.verify(audit.head().orElseThrow())).isEqualTo(new Intact(7));
    }

    @Test
    void keepsOneLineWhenManyAppend() throws Exception {
        Callable<Head> append = () -> audit.append(entry("x"));
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Head> appended : threads.invokeAll(Collections.nCopies(40, append))) {
                appended.get();
            }
        }
        assertThat(audit.verify(null)).isEqualTo(new Intact(40));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UPDATE sluice.audit SET actor = 'somebody'", "DELETE FROM sluice.audit", "TRUNCATE sluice.audit"
            })
    void refusesChangesEvenToTheOwner(String change) {
        audit.append(entry("x"));

        assertThatThrownBy(() -> sql.execute(change)).hasStackTraceContaining("append-only");
        assertThat(audit.verify(null)).isEqualTo(new Intact(1));
    }

    @Test
    void appendsNothingWithoutTheRight() {
        sql.execute("DO $$ BEGIN CREATE ROLE nobody_much LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                + "GRANT USAGE ON SCHEMA sluice TO nobody_much");
        DatabaseAddress other =
                DatabaseAddress.from(Map.of("SLUICE_DATABASE_URL", SERVER.loginUrl(url, "nobody_much")), false);
        try (Database connected = Database.open(other, 1)) {
            assertThatThrownBy(() -> new AuditLog(connected).append(entry("x")))
                    .isInstanceOfSatisfying(InfrastructureException.class, refused -> assertThat(refused.kind())
                            .isEqualTo(InfrastructureException.Kind.NOT_PERMITTED));
        }
        assertThat(audit.head()).isEmpty();
    }

    private static Entry entry(String ticket) {
        return new Entry(Action.UNMASK, Reason.INCIDENT, ticket, "user-logins", 1, new Details());
    }

    /** By somebody who may do everything in the database. */
    @Nested
    class Touched {

        private Head last;

        @BeforeEach
        void appendFive() {
            Stream.of("a", "b", "c", "d").forEach(ticket -> audit.append(entry(ticket)));
            last = audit.append(entry("e"));
            assertThat(audit.verify(last)).isEqualTo(new Intact(5));
            sql.execute("ALTER TABLE sluice.audit DISABLE TRIGGER ALL");
        }

        @Test
        void byEditing() {
            sql.execute("UPDATE sluice.audit SET ticket = 'z' WHERE seq = 3");
            assertThat(audit.verify(null)).isEqualTo(new Broken(3, Fault.CONTENT));
        }

        @Test
        void byEditingWithANewHash() {
            sql.execute(
                    "UPDATE sluice.audit SET ticket = 'z' WHERE seq = 3;"
                            + "UPDATE sluice.audit a SET hash = sha256(previous_hash || sluice.audit_canonical(a)) WHERE seq = 3");
            assertThat(audit.verify(null)).isEqualTo(new Broken(4, Fault.LINK));
        }

        @Test
        void byDeletingInTheMiddle() {
            sql.execute("DELETE FROM sluice.audit WHERE seq = 3");
            assertThat(audit.verify(null)).isEqualTo(new Broken(3, Fault.MISSING));
        }

        @Test
        void byDeletingAndRenumbering() {
            sql.execute("DELETE FROM sluice.audit WHERE seq = 3; UPDATE sluice.audit SET seq = seq - 1 WHERE seq = 4;"
                    + "UPDATE sluice.audit SET seq = seq - 1 WHERE seq = 5");
            assertThat(audit.verify(null)).isEqualTo(new Broken(3, Fault.CONTENT));
        }

        @Test
        void bySwapping() {
            sql.execute("UPDATE sluice.audit SET seq = 99 WHERE seq = 2; UPDATE sluice.audit SET seq = 2 WHERE seq = 3;"
                    + "UPDATE sluice.audit SET seq = 3 WHERE seq = 99");
            assertThat(audit.verify(null)).isEqualTo(new Broken(2, Fault.CONTENT));
        }

        @Test
        void byDeletingTheLastWhichOnlyTheAnchorTells() {
            sql.execute("DELETE FROM sluice.audit WHERE seq = 5");
            assertThat(audit.verify(null)).isEqualTo(new Intact(4));
            assertThat(audit.verify(last)).isEqualTo(new Broken(5, Fault.MISSING));
        }

        @Test
        void byRewritingTheWholeTrailWhichOnlyTheAnchorTells() {
            sql.execute("DELETE FROM sluice.audit; SELECT sluice.audit_append('unmask', 'x', NULL, 'z', 'p', 1, '{}')"
                    + " FROM generate_series(1, 5)");
            assertThat(audit.verify(null)).isEqualTo(new Intact(5));
            assertThat(audit.verify(last)).isEqualTo(new Broken(5, Fault.ANCHOR));
        }
    }
}
