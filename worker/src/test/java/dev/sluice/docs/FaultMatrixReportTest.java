package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultMatrixReportTest {

    private static final String XML =
            """
            <testsuite name="dev.sluice.faults.ChaosIT">
              <properties><property name="java.version" value="25.0.3"/></properties>
              <testcase name="row11_outOfMemory" classname="dev.sluice.faults.ChaosIT" time="133.6"/>
              <testcase name="row09_secondSignal" classname="dev.sluice.faults.ChaosIT" time="0.2"><failure/></testcase>
              <testcase name="row27_clocks" classname="dev.sluice.faults.ChaosIT" time="0"><skipped/></testcase>
              <testcase name="row27_clocks(int)[2]" classname="dev.sluice.faults.ChaosIT" time="2"/>
              <testcase name="helper" classname="dev.sluice.faults.ChaosIT" time="1"/>
            </testsuite>
            """;

    @Test
    void reportsEachTestOnceInOrderAndKeepsTheNotes(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("TEST-dev.sluice.faults.ChaosIT.xml"), XML);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-03-01T12:00:00Z")));

        String report = FaultMatrixReport.report(folder, "old table\n\n## Notes\n\nA note.\n");

        assertThat(report)
                .contains("JDK 25.0.3", "- Tests: 3, failed 1, skipped 1\n")
                .endsWith(
                        """
                        | 9 | `ChaosIT.row09_secondSignal` | red | 0 | 2026-03-01 |
                        | 11 | `ChaosIT.row11_outOfMemory` | green | 134 | 2026-03-01 |
                        | 27 | `ChaosIT.row27_clocks` | skipped | 2 | 2026-03-01 |

                        ## Notes

                        A note.
                        """);
    }

    @Test
    void keepsTheOldReportWhenTheMatrixHasNotRun(@TempDir Path folder) throws IOException {
        Path report = Files.writeString(folder.resolve("report.md"), "old");

        assertThatThrownBy(() -> FaultMatrixReport.main(new String[] {folder.toString(), report.toString()}))
                .isInstanceOf(IOException.class);
        assertThat(report).hasContent("old");
    }
}
