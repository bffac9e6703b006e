package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.FieldCounts;
import dev.sluice.mapping.FieldCounts.ColumnCount;
import dev.sluice.mapping.FieldCounts.UnreadField;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldReportTest {

    @Test
    void suspectsARenameWhereASpellingAppears() {
        FieldCounts now = counts(100, 93, new UnreadField("deviceType", 93));

        assertThat(new FieldReport(now, FieldCounts.NONE).suspicions())
                .containsExactly(
                        "device_type was absent from 93 of 100 records; a field deviceType that no column reads"
                                + " appeared 93 times: was it renamed?");
        assertThat(new FieldReport(now, counts(10_000, 2)).suspicions())
                .containsExactly(
                        "device_type was absent from 93 of 100 records (2 of 10000 in the days before); a field"
                                + " deviceType that no column reads appeared 93 times: was it renamed?");
    }

    @Test
    void saysNothingOfASpellingBesideTheField() {
        assertThat(new FieldReport(counts(100, 0, new UnreadField("deviceType", 100)), FieldCounts.NONE).suspicions())
                .isEmpty();
    }

    @Test
    void saysNothingOfWhatWasAlwaysSo() {
        FieldCounts now = counts(100, 93, new UnreadField("deviceType", 90));
        FieldCounts before = counts(1_000, 930, new UnreadField("deviceType", 930));

        assertThat(new FieldReport(now, before).suspicions()).isEmpty();
    }

    @Test
    void reportsAFieldThatIsAbsentMoreOftenThanBefore() {
        assertThat(new FieldReport(counts(100, 30), counts(1_000, 100)).suspicions())
                .containsExactly("device_type was absent from 30 of 100 records (100 of 1000 in the days before)");
        assertThat(new FieldReport(counts(100, 29), counts(1_000, 100)).suspicions())
                .isEmpty();
        assertThat(new FieldReport(counts(9, 9), counts(1_000, 100)).suspicions())
                .isEmpty();
    }

    @Test
    void withoutADayBeforeReportsWhatIsAbsentFromAllUnlessADefaultExpectsIt() {
        assertThat(new FieldReport(counts(10, 10), FieldCounts.NONE).suspicions())
                .containsExactly("device_type was absent from 10 of 10 records");
        assertThat(new FieldReport(counts(10, 9), FieldCounts.NONE).suspicions())
                .isEmpty();
        assertThat(new FieldReport(counts(9, 9), FieldCounts.NONE).suspicions()).isEmpty();
    }

    @Test
    void listsAtMostTwentyFieldsAndCountsTheOthers() {
        UnreadField[] many = java.util.stream.IntStream.range(0, 30)
                .mapToObj(i -> new UnreadField("k" + i, 2))
                .toArray(UnreadField[]::new);

        assertThat(new FieldReport(counts(10, 0, many), FieldCounts.NONE).unread())
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("Fields that no column reads: k0 2, k1 2,")
                        .endsWith("k19 2, others 20"));
        assertThat(new FieldReport(counts(10, 0), FieldCounts.NONE).unread()).isEmpty();
    }

    private static FieldCounts counts(long records, long absent, UnreadField... unread) {
        long dropped = List.of(unread).stream().mapToLong(UnreadField::count).sum();
        return new FieldCounts(
                records,
                List.of(
                        new ColumnCount("device", "device_type", false, absent),
                        new ColumnCount("day", "day", true, records)),
                List.of(unread),
                dropped);
    }
}
