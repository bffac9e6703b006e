package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageIT {

    @Test
    void aRunReportsOnceWhatItReadsAndWritesAndNeedsNoCatalogue(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("lineage.ndjson");
        Playground playground = Playground.ready(folder)
                .set("SLUICE_LINEAGE_FILE", file.toString())
                // Nothing listens on port 1.
                .set("OPENLINEAGE_URL", "http://127.0.0.1:1");
        playground.send(
                List.of(
                        """
                {"user_id":"canary-1","app_version":"2.3.0","device_type":"ios","ip":"192.0.2.1","locale":null,"device_id":"canary-2"}"""));

        Ran run = playground.drain();

        assertThat(run.out()).contains("stored 1 ");
        assertThat(run.err()).containsOnlyOnce("Lineage was not reported to 127.0.0.1:1: it cannot be reached");
        assertThat(Files.readAllLines(file)).singleElement().satisfies(event -> assertThat(event)
                .contains("\"name\":\"" + playground.queue + "\"")
                .containsPattern(
                        "\"namespace\":\"postgres://127.0.0.1:\\d+\",\"name\":\"sluice_\\d+\\.public\\.user_logins\"")
                .doesNotContain("canary", "192.0.2.1"));
    }
}
