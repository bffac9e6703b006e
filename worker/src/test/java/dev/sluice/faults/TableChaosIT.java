package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of the fault matrix in which the target table is at fault, as far as they take minutes. */
@Tag("chaos")
class TableChaosIT {

    private static final int VISIBILITY_SECONDS = 30;

    @TempDir
    private Path folder;

    /** A row takes half a second, so that 40 of them take as long as a statement may. */
    @Test
    void row35_batchSlowerThanTheStatementTimeout() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS).set("SLUICE_CONSUMERS", "1")) {
            rig.execute("CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS"
                    + " $$ BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END $$;"
                    + " CREATE TRIGGER slow BEFORE INSERT ON public.user_logins FOR EACH ROW"
                    + " EXECUTE FUNCTION public.slow()");
            rig.send(120);

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.output()).contains("57014");
            assertThat(worker.hasPausedReceiving()).isFalse();
            assertThat(worker.summary().quarantined()).isZero();
            assertThat(rig.deliveries().redelivered()).isEmpty();
            Checker.of(rig, 120).check();
        }
    }

    /** With the real postponements, 30 s and 60 s. */
    @Test
    void row35_culpritIsQuarantinedAtItsThirdReceive() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            rig.execute("CREATE FUNCTION public.fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " IF NEW.device_type = 'fridge' THEN RAISE 'canary' USING ERRCODE = 'XX000'; END IF;"
                    + " RETURN NEW; END $$; CREATE TRIGGER fails BEFORE INSERT ON public.user_logins"
                    + " FOR EACH ROW EXECUTE FUNCTION public.fails()");
            rig.send(50);
            rig.send(List.of(rig.event("fridge")));
            rig.send(50);

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().quarantined()).isEqualTo(1);
            assertThat(rig.query("SELECT concat_ws(' ', sqlstate, receive_count) FROM sluice.quarantine"))
                    .containsExactly("XX000 3");
            Checker.of(rig, 101).check();
        }
    }
}
