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
import dev.sluice.recovery.rewrap.NewValue.Fresh;
import dev.sluice.recovery.rewrap.NewValue.Kept;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageRewriteIT {

    /** Ends with the JVM, by itself. */
    private static final PostgresServer SERVER = PostgresServer.start();

    private static final PipelineSpec.Sink SINK = new PipelineSpec.Sink("public", "t");

    private final String url = SERVER.createDatabase();
    private final TestSql sql = new TestSql(url, TestSql.PUBLIC_FIRST);
    private final Database database = Database.open(TestSettings.database(url), 2);
    private final PassCounters tally = new PassCounters();

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

        long written = new PageRewrite(database, List.of(new Upper("a"), new Upper("B")), tally).run(all());

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
        assertThat(tally.found()).isEqualTo(7);
        assertThat(tally.left()).singleElement().satisfies(left -> {
            assertThat(left.values()).isOne();
            assertThat(left.places()).singleElement().asString().startsWith("public.t (0,");
        });
    }

    @Test
    void leavesARowThatChangedMeanwhile() {
        sql.execute("CREATE TABLE t AS SELECT 1 AS id, 'old1' AS a");
        Replacement meddling = new Upper("a") {
            @Override
            public NewValue renew(String stored) {
                sql.execute("UPDATE t SET a = 'old2'");
                return super.renew(stored);
            }
        };

        assertThat(new PageRewrite(database, List.of(meddling), tally).run(all()))
                .isZero();

        assertThat(sql.query("SELECT a FROM t")).containsExactly("old2");
        assertThat(tally.found()).isOne();
        assertThat(tally.replaced()).isZero();
    }

    /** Otherwise each page would read the whole table. */
    @Test
    void readsThePageAndNotTheTable() {
        sql.execute("CREATE TABLE t AS SELECT i AS id, 'old' || i AS a FROM generate_series(1, 50000) AS i; ANALYZE t");
        String from = PageRewrite.from(Partitions.of(database, SINK).getFirst(), List.of(new Upper("a")))
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

        assertThat(Partitions.of(database, SINK))
                .extracting(Partition::name)
                .containsExactlyInAnyOrder("public.t1", "public.\"T 3\"");
        assertThat(Partitions.of(database, SINK)).extracting(Partition::blocks).containsOnly(1L);
    }

    @Test
    void refusesTablesOfWhichItWouldNotSeeEveryRow() {
        sql.execute("CREATE TABLE t (a text); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
                + "DO $$ BEGIN CREATE ROLE bound_by_rls LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                + "GRANT ALL ON t TO bound_by_rls");
        DatabaseSettings bound = TestSettings.database(SERVER.loginUrl(url, "bound_by_rls"));
        try (Database connected = Database.open(bound, 1)) {
            assertThatThrownBy(() -> Partitions.of(connected, SINK))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("row-level security");
        }
    }

    private BlockRange all() {
        Partition leaf = Partitions.of(database, SINK).getFirst();
        return new BlockRange(leaf, 0, leaf.blocks());
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
        public boolean concerns(String stored) {
            return stored.startsWith("old");
        }

        @Override
        public NewValue renew(String stored) {
            return stored.endsWith("?") ? new Kept("unreadable") : new Fresh(stored.toUpperCase(Locale.ROOT));
        }
    }
}
