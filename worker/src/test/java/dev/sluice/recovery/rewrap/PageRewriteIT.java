package dev.sluice.recovery.rewrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.TestSql;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.Migrations;
import dev.sluice.recovery.rewrap.PageCursor.Page;
import dev.sluice.recovery.rewrap.Replacement.NewValue.Kept;
import dev.sluice.recovery.rewrap.Replacement.NewValue.Masked;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageRewriteIT {

    /** Ends with the JVM, by itself. */
    private static final PostgresServer SERVER = PostgresServer.start();

    private static final PipelineSpec.Sink SINK = new PipelineSpec.Sink("public", "t");

    private final String url = SERVER.createDatabase();
    private final TestSql sql = new TestSql(url, TestSql.PUBLIC_FIRST);
    private final Database database = Database.open(TestSettings.database(url), 2);
    private final PassCounters counters = new PassCounters();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void replacesBothColumnsOfARowAtOnceAndTouchesNoOther() {
        sql.execute(
                "CREATE TABLE t AS SELECT i AS id, 'old' || i AS a, CASE WHEN i % 2 = 0 THEN 'old' || i END AS \"B\""
                        + " FROM generate_series(1, 9) AS i; UPDATE t SET a = 'new' WHERE id = 3; UPDATE t SET a = 'old?' WHERE id = 5");
        List<String> before = sql.query("SELECT xmin FROM t WHERE id IN (3, 5) ORDER BY id");

        long written = new PageRewrite(database, List.of(new Upper("a"), new Upper("B")), counters).run(all());

        assertThat(written).isEqualTo(7);
        assertThat(sql.query("SELECT concat_ws(' ', id, a, \"B\") FROM t ORDER BY id"))
                .containsExactly(
                        "1 OLD1",
                        "2 OLD2 OLD2",
                        "3 new",
                        "4 OLD4 OLD4",
                        "5 old?",
                        "6 OLD6 OLD6",
                        "7 OLD7",
                        "8 OLD8 OLD8",
                        "9 OLD9");
        assertThat(sql.query("SELECT xmin FROM t WHERE id IN (3, 5) ORDER BY id"))
                .isEqualTo(before);
        assertThat(counters.found()).isEqualTo(7);
        assertThat(counters.unchanged()).singleElement().satisfies(values -> {
            assertThat(values.count()).isOne();
            assertThat(values.examples()).singleElement().asString().startsWith("public.t (0,");
        });
    }

    @Test
    void recordsThePagesRowsInItsTransactionUntilTheyAreTaken() {
        new Migrations(TestSettings.database(url)).run();
        sql.execute("CREATE TABLE t AS SELECT i AS id, 'old' || i AS a FROM generate_series(1, 9) AS i");
        RewrittenRows rows = new RewrittenRows(UUID.randomUUID());
        RewrittenRows ofAnother = new RewrittenRows(UUID.randomUUID());
        PageRewrite rewrite = new PageRewrite(database, List.of(new Upper("a")), counters, rows);

        rewrite.run(all());
        rewrite.run(all());

        assertThat(sql.query("SELECT rows FROM sluice.rewrap_rows")).containsExactly("9");
        assertThat(ofAnother.take(database)).isZero();
        assertThat(rows.take(database)).isEqualTo(9);
        assertThat(sql.query("SELECT rows FROM sluice.rewrap_rows")).isEmpty();
    }

    @Test
    void recordsNothingOfAPageThatIsRolledBack() {
        new Migrations(TestSettings.database(url)).run();
        sql.execute("CREATE TABLE t AS SELECT i AS id, 'old' || i AS a FROM generate_series(1, 9) AS i;"
                + "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;"
                + "CREATE CONSTRAINT TRIGGER no AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                + " EXECUTE FUNCTION no()");
        PageRewrite rewrite =
                new PageRewrite(database, List.of(new Upper("a")), counters, new RewrittenRows(UUID.randomUUID()));

        assertThatThrownBy(() -> rewrite.run(all())).isInstanceOf(InfrastructureException.class);

        assertThat(sql.query("SELECT rows FROM sluice.rewrap_rows")).isEmpty();
        assertThat(counters.replaced()).isZero();
    }

    @Test
    void leavesARowThatChangedMeanwhile() {
        sql.execute("CREATE TABLE t AS SELECT 1 AS id, 'old1' AS a");
        Replacement meddling = new Upper("a") {
            @Override
            public @Nullable NewValue replace(String stored) {
                sql.execute("UPDATE t SET a = 'old2'");
                return super.replace(stored);
            }
        };

        assertThat(new PageRewrite(database, List.of(meddling), counters).run(all()))
                .isZero();

        assertThat(sql.query("SELECT a FROM t")).containsExactly("old2");
        assertThat(counters.found()).isOne();
        assertThat(counters.replaced()).isZero();
    }

    /** Otherwise each page would read the whole table. */
    @Test
    void readsThePageAndNotTheTable() {
        sql.execute("CREATE TABLE t AS SELECT i AS id, 'old' || i AS a FROM generate_series(1, 50000) AS i; ANALYZE t");
        String from = PageRewrite.from(Partition.of(database, SINK).getFirst(), List.of(new Upper("a")))
                .replaceFirst("\\?", "'(32,0)'")
                .replaceFirst("\\?", "'(64,0)'");

        assertThat(sql.query("EXPLAIN SELECT ctid" + from).getFirst()).startsWith("Tid Range Scan");
    }

    @Test
    void findsPartitionsAndPartitionsOfThem() {
        sql.execute("CREATE TABLE t (id integer, a text) PARTITION BY LIST (id);"
                + "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);"
                + "CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2) PARTITION BY LIST (a);"
                + "CREATE TABLE \"T 3\" PARTITION OF t2 DEFAULT; INSERT INTO t VALUES (1, 'x'), (2, 'y')");

        assertThat(Partition.of(database, SINK))
                .extracting(Partition::name)
                .containsExactlyInAnyOrder("public.t1", "public.\"T 3\"");
        assertThat(Partition.of(database, SINK)).extracting(Partition::blocks).containsOnly(1L);
    }

    @Test
    void refusesTablesOfWhichItWouldNotSeeEveryRow() {
        sql.execute("CREATE TABLE t (a text); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
                + "DO $$ BEGIN CREATE ROLE bound_by_rls LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                + "GRANT ALL ON t TO bound_by_rls");
        DatabaseSettings bound = TestSettings.database(SERVER.loginUrl(url, "bound_by_rls"));
        try (Database connected = Database.open(bound, 1)) {
            assertThatThrownBy(() -> Partition.of(connected, SINK))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("row-level security");
        }
    }

    private Page all() {
        Partition partition = Partition.of(database, SINK).getFirst();
        return new Page(partition, 0, partition.blocks());
    }

    /** Stands in for keys: lower case is old, and a question mark cannot be read. */
    private static class Upper implements Replacement {

        private final String column;

        Upper(String column) {
            this.column = column;
        }

        @Override
        public String column() {
            return column;
        }

        @Override
        public String condition(String text) {
            return text + " LIKE 'old%'";
        }

        @Override
        public @Nullable NewValue replace(String stored) {
            if (!stored.startsWith("old")) {
                return null;
            }
            return stored.endsWith("?") ? new Kept("unreadable") : new Masked(stored.toUpperCase(Locale.ROOT));
        }
    }
}
