package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.measure.Metric;
import dev.sluice.bench.measure.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private static final String LOAD = "Long run";

    private final Results results = new Results();

    @Test
    void aTableHasMediansWithTheirSpreadAndOnlyMeasuredColumns() {
        add("Sluice", Map.of(Metric.RATE, 30_700.4, Metric.CLIENT_CPU, 52.04));
        add("Sluice", Map.of(Metric.RATE, 29_900.0, Metric.CLIENT_CPU, 52.01));
        add("Sluice", Map.of(Metric.RATE, 31_200.0, Metric.CLIENT_CPU, 51.96));
        add("boto3", Map.of(Metric.RATE, 330.0));

        assertThat(results.table(LOAD, List.of(Metric.RATE, Metric.CLIENT_CPU, Metric.IDLE_CPU)))
                .isEqualTo(
                        """
                        | who    | messages/s             | client CPU s per million |
                        |--------|------------------------|--------------------------|
                        | Sluice | 30,700 (29,900-31,200) | 52.0                     |
                        | boto3  | 330                    | -                        |
                        """);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Spread(2.5, 1, 4));
    }

    @Test
    void aContenderWithoutSamplesHasARowAndAReason() {
        add("Sluice", Map.of(Metric.RATE, 1.0));
        results.skipped(LOAD, "boto3", "not installed");
        assertThat(results.isComplete()).isTrue();
        results.failed(LOAD, "Spring", "lost a message");

        assertThat(results.table(LOAD, List.of(Metric.RATE)))
                .contains(
                        "| boto3  | -          |",
                        "\nboto3: skipped: not installed\n",
                        "\nSpring: failed: lost a message\n");
        assertThat(results.isComplete()).isFalse();
    }

    @Test
    void aGoalThatWasNotMeasuredKeepsItsEarlierFigure() {
        Asked asked = new Asked()
                .ratio("times boto3", ">= 18", figure("Sluice", Metric.RATE), figure("boto3", Metric.RATE))
                .figure("first row", "< 2", figure("Sluice", Metric.FIRST_ROW_SECONDS));
        add("Sluice", Map.of(Metric.RATE, 1_000.0));
        add("boto3", Map.of(Metric.RATE, 400.0));
        String first = asked.table(results, "");

        assertThat(first).contains("| times boto3 | >= 18 | 2.50         |", "| first row   | < 2   | not measured |");
        assertThat(asked.table(new Results(), first)).contains("| times boto3 | >= 18 | 2.50         |");
    }

    @Test
    void aPageKeepsWhatStandsOutsideOfItsBlocks(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("page.md"), "# Title\n\n<!-- bench: a -->\nold\n<!-- end -->\n\nA note.\n");
        Page page = Page.read(file);

        assertThat(page.block("a")).isEqualTo("old");
        page.put("a", "new");
        page.put("b", "more");
        page.save();

        assertThat(file)
                .hasContent(
                        """
                        # Title

                        <!-- bench: a -->
                        new
                        <!-- end -->

                        A note.

                        <!-- bench: b -->
                        more
                        <!-- end -->
                        """);
    }

    private void add(String contender, Map<Metric, Double> values) {
        Sample sample = new Sample();
        values.forEach(sample::put);
        results.add(LOAD, contender, sample);
    }

    private static Asked.Figure figure(String contender, Metric metric) {
        return new Asked.Figure(LOAD, contender, metric);
    }
}
