package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 8, item 5: an audit of any size is verified in a heap that does not grow with it. */
@Tag("chaos")
class AuditVolumeIT {

    private static final int ENTRIES = 5_000_000;

    /** Each hash over the one before, by one statement: the canonical form of {@code sluice.audit_canonical}, spelt out. */
    private static final String FILL =
            """
            ALTER TABLE sluice.audit DROP CONSTRAINT audit_pkey;
            DROP INDEX sluice.audit_actor_at;
            INSERT INTO sluice.audit
            WITH RECURSIVE chain (seq, previous_hash, hash) AS (
                SELECT 0::bigint, NULL::bytea, decode(repeat('00', 32), 'hex')
                UNION ALL
                SELECT seq + 1, hash, sha256(hash || convert_to(
                    length((seq + 1)::text) || ':' || (seq + 1) || ',16:' || (1767225600000000 + (seq + 1) * 1000)
                    || ',3:ann,4:anna,6:unmask,4:DSAR,6:CASE-7,11:user-logins,1:1,2:{},', 'UTF8'))
                FROM chain WHERE seq < %d
            )
            SELECT seq, timestamptz '2026-01-01 00:00:00Z' + seq * interval '1 millisecond', 'ann', 'anna', 'unmask', 'DSAR',
                'CASE-7', 'user-logins', 1, '{}', previous_hash, hash
            FROM chain WHERE seq > 0;
            ALTER TABLE sluice.audit ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);
            """;

    /** Other tests, and other builds, may run beside this one. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private Ran verifyIn(Playground playground, int megabytes) throws IOException, InterruptedException {
        playground.set("JDK_JAVA_OPTIONS", "-Xmx" + megabytes + "m");
        return playground.ended(playground.startLong("audit", "verify"), PATIENCE);
    }

    @Test
    void verifiesFiveMillionEntriesInTheHeapThatVerifiesFive(@TempDir Path folder)
            throws IOException, InterruptedException {
        Playground small = Playground.ready(folder);
        small.execute(FILL.formatted(5));
        assertThat(verifyIn(small, 256).succeeded().out()).startsWith("Intact: 5 entries");

        Playground large = Playground.ready(folder);
        large.execute(FILL.formatted(ENTRIES));
        assertThat(verifyIn(large, 256).succeeded().out()).startsWith("Intact: 5000000 entries");
        large.execute("ALTER TABLE sluice.audit DISABLE TRIGGER ALL;"
                + "UPDATE sluice.audit SET ticket = 'CASE-8' WHERE seq = 4999999");
        assertThat(verifyIn(large, 256).out()).startsWith("BROKEN at entry 4999999: CONTENT");
    }

    /** As the attack left it: entries of 100 MB each, which earlier versions let one login write. */
    @Test
    void verifiesAndListsEntriesThatAreLargerThanTheHeap(@TempDir Path folder)
            throws IOException, InterruptedException {
        Playground playground = Playground.ready(folder);
        playground.execute(FILL.formatted(3)
                + "ALTER TABLE sluice.audit DISABLE TRIGGER ALL;"
                + "UPDATE sluice.audit SET details = repeat('0123456789', 15000000), os_user = repeat('x', 100000000);"
                + "DO $$ DECLARE last bytea := decode(repeat('00', 32), 'hex'); BEGIN FOR i IN 1..3 LOOP"
                + " UPDATE sluice.audit SET previous_hash = last WHERE seq = i;"
                + " UPDATE sluice.audit a SET hash = sha256(previous_hash || sluice.audit_canonical(a)) WHERE seq = i"
                + " RETURNING hash INTO last; END LOOP; END $$");

        assertThat(verifyIn(playground, 128).succeeded().out()).startsWith("Intact: 3 entries");
        assertThat(playground
                        .ended(playground.startLong("audit", "list"), PATIENCE)
                        .succeeded()
                        .lines())
                .hasSize(4);
    }
}
