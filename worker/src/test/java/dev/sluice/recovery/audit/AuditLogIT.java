package dev.sluice.recovery.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.TestSql;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.Pipelines;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.Migrations;
import dev.sluice.recovery.audit.Verification.Broken;
import dev.sluice.recovery.audit.Verification.Fault;
import dev.sluice.recovery.audit.Verification.Intact;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    private final DatabaseSettings address = TestSettings.database(url);
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

    /** As the functions do that are granted to somebody; the owner may call the one that they end in. */
    private AuditHead append(String ticket, String details) {
        String head = sql.query("SELECT seq || ':' || encode(hash, 'hex') FROM sluice.audit_append('unmask', 'ann',"
                        + " 'DSAR', '" + ticket + "', 'user-logins', 2, '" + details.replace("'", "''") + "')")
                .getFirst();
        return AuditHead.parse(head).orElseThrow();
    }

    private List<AuditEntry> newest(int limit) {
        List<AuditEntry> entries = new ArrayList<>();
        audit.list(limit, entries::add);
        return entries;
    }

    @Test
    void recordsWhoAndWhenByTheServersWord() {
        AuditHead head = append("CASE-7", "{\"tokens\":[\"a\",\"b\"]}");

        AuditEntry entry = newest(10).getFirst();
        assertThat(entry.head()).isEqualTo(head);
        assertThat(entry.actor()).isEqualTo("sluice");
        assertThat(entry.action()).isEqualTo("unmask");
        assertThat(entry.reason()).isEqualTo("DSAR");
        assertThat(entry.details()).isEqualTo("{\"tokens\":[\"a\",\"b\"]}");
        assertThat(audit.head()).contains(head);
        assertThat(AuditHead.parse(head.toString())).contains(head);
    }

    @Test
    void findsAnEmptyTrailIntact() {
        assertThat(audit.head()).isEmpty();
        assertThat(audit.verify(null)).isEqualTo(new Intact(0));
    }

    @Test
    void agreesWithTheDatabaseOnTextsThatNeedCare() {
        Stream.of("", ",", "1:,", "\u00e4\ud83d\ude00", "a\nb", "'; DROP", "~").forEach(text -> append("T", text));

        assertThat(audit.verify(audit.head().orElseThrow())).isEqualTo(new Intact(7));
    }

    /** Older versions let them grow; pieces must not break a character of several bytes, nor one of two Java chars. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "\u00e4", "\ud83d\ude00z"})
    void verifiesTextsOfManyPieces(String text) {
        append("T", "{}");
        sql.execute("ALTER TABLE sluice.audit DISABLE TRIGGER ALL;"
                + "UPDATE sluice.audit SET details = repeat('" + text + "', 9000000), os_user = repeat('x', 5000);"
                + "UPDATE sluice.audit a SET hash = sha256(previous_hash || sluice.audit_canonical(a))");
        assertThat(audit.verify(null)).isEqualTo(new Intact(1));
        assertThat(newest(1).getFirst().details()).contains(" bytes)").hasSizeLessThan(3_000);
        sql.execute("UPDATE sluice.audit SET details = overlay(details PLACING 'b' FROM 8999999)");
        assertThat(audit.verify(null)).isEqualTo(new Broken(1, Fault.CONTENT));
    }

    @Test
    void keepsOneLineWhenManyAppend() throws Exception {
        Callable<AuditHead> append = () -> append("x", "{}");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<AuditHead> appended : threads.invokeAll(Collections.nCopies(40, append))) {
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
        append("x", "{}");

        assertThatThrownBy(() -> sql.execute(change)).hasStackTraceContaining("append-only");
        assertThat(audit.verify(null)).isEqualTo(new Intact(1));
    }

    @Test
    void appendsNothingWithoutTheRight() {
        sql.execute("DO $$ BEGIN CREATE ROLE nobody_much LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                + "GRANT USAGE ON SCHEMA sluice TO nobody_much");
        DatabaseSettings other = TestSettings.database(SERVER.loginUrl(url, "nobody_much"));
        try (Database connected = Database.open(other, 1)) {
            OperatorAudit operator = new OperatorAudit(connected, Pipelines.load("user-logins"));
            assertThatThrownBy(() -> operator.retainBegins("create_date", LocalDate.EPOCH))
                    .isInstanceOfSatisfying(InfrastructureException.class, refused -> assertThat(refused.kind())
                            .isEqualTo(InfrastructureException.Kind.NOT_PERMITTED));
        }
        assertThat(audit.head()).isEmpty();
    }

    /** By somebody who may do everything in the database. */
    @Nested
    class Touched {

        private AuditHead last;

        @BeforeEach
        void appendFive() {
            Stream.of("a", "b", "c", "d").forEach(ticket -> append(ticket, "{}"));
            last = append("e", "{}");
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

        /** Java has no such time, or no such number of microseconds. */
        @ParameterizedTest
        @ValueSource(strings = {"infinity", "-infinity", "294276-12-31 23:59:59.999999+00"})
        void byATimeThatCannotBe(String time) {
            sql.execute("UPDATE sluice.audit SET at = '" + time + "' WHERE seq = 3");
            assertThat(audit.verify(null)).isEqualTo(new Broken(3, Fault.CONTENT));
            assertThat(newest(5)).hasSize(5);
        }

        @ParameterizedTest
        @ValueSource(strings = {"at", "previous_hash", "hash", "actor", "value_count", "details"})
        void byTakingAwayWhatEveryEntryHas(String column) {
            sql.execute("ALTER TABLE sluice.audit ALTER " + column + " DROP NOT NULL;" + "UPDATE sluice.audit SET "
                    + column + " = NULL WHERE seq = 3");
            assertThat(audit.verify(null)).isEqualTo(new Broken(3, Fault.CONTENT));
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
