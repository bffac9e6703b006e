package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.FieldCounts.ColumnCount;
import dev.sluice.mapping.FieldCounts.UnreadField;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mapper counts of fields that are missing, and of fields that nobody reads. */
class FieldCountersTest {

    private static final String SPEC =
            """
            pipeline: test
            source: { queue: q, idempotency-key: message-id }
            sink: { table: t }
            columns:
              device_type: { from: device_type, type: text }
              page:        { from: /client/page-url, type: text }
              day:         { from: day, type: date, default: sent-date }
              trace:       { from-attribute: trace_id, type: text }
              constant:    { type: text, default: x }
            """;

    private final JsonMapper mapper = TestMappers.jsonMapper(SPEC);
    private final JsonMapper naming = TestMappers.jsonMapper(SPEC, true);

    @Test
    void countsPerColumnTheRecordsWithoutItsField() {
        TestMappers.map(mapper, "[{},{\"device_type\":\"a\"},{\"device_type\":7},{\"client\":{\"page-url\":\"p\"}}]");

        assertThat(mapper.fieldCounts().records()).isEqualTo(4);
        assertThat(absent(mapper))
                .isEqualTo(Map.of("device_type", 2L, "/client/page-url", 3L, "day", 4L, "attribute trace_id", 4L));
        assertThat(mapper.fieldCounts().columns().stream()
                        .filter(ColumnCount::hasDefault)
                        .map(ColumnCount::column))
                .containsExactly("day");
    }

    @Test
    void takesANullForAFieldThatIsThere() {
        TestMappers.map(mapper, "{\"device_type\":null,\"day\":null}");

        assertThat(absent(mapper)).containsEntry("device_type", 0L).containsEntry("day", 0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deviceType", "DEVICE-TYPE", "devicetype", "Device_Type", "trace-id", "pageUrl", "DAY"})
    void namesOtherSpellingsOfThePipelinesOwnNames(String name) {
        TestMappers.map(mapper, "{\"" + name + "\":1}");
        TestMappers.map(mapper, "{\"" + name + "\":{\"x\":1}}");

        assertThat(mapper.fieldCounts().unread()).containsExactly(new UnreadField(name, 2));
    }

    @Test
    void namesAFieldWithinAnObjectByItsPointer() {
        TestMappers.map(mapper, "{\"client\":{\"pageUrl\":1}}");

        assertThat(mapper.fieldCounts().unread()).containsExactly(new UnreadField("/client/pageUrl", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@example.com", "device", "device_types", "x", "", "_"})
    void countsOtherNamesWithoutNamingThem(String name) {
        TestMappers.map(mapper, "{\"" + name + "\":1,\"device_type\":\"a\"}");

        assertThat(mapper.fieldCounts().unread()).isEmpty();
        assertThat(mapper.fieldCounts().dropped()).isEqualTo(1);
        assertThat(mapper.fieldCounts().toString()).doesNotContain("alice");
    }

    @Test
    void namesThemIfAskedTo() {
        TestMappers.map(naming, "[{\"device\":1,\"b\":1},{\"b\":1}]");

        assertThat(naming.fieldCounts().unread())
                .containsExactly(new UnreadField("b", 2), new UnreadField("device", 1));
    }

    @Test
    void namesNothingThatIsLongOrNotPrintable() {
        TestMappers.map(naming, "{\"" + "x".repeat(201) + "\":1,\"a\\u001bb\":1,\"\\u202e\":1,\" \":1}");

        assertThat(naming.fieldCounts().unread()).isEmpty();
        assertThat(naming.fieldCounts().dropped()).isEqualTo(4);
    }

    /** Random names must not take the place of a spelling. */
    @Test
    void namesAtMost100OthersAnd100Spellings() {
        String others =
                IntStream.range(0, 1_000).mapToObj(i -> "\"k" + i + "\":1").collect(Collectors.joining(","));
        String spellings = IntStream.range(1, 1_000)
                .mapToObj(i -> "\"day" + "_".repeat(i % 150) + "-".repeat(i / 150) + "\":1")
                .collect(Collectors.joining(","));
        TestMappers.map(naming, "{" + others + "}");
        TestMappers.map(naming, "{" + spellings + ",\"k1\":1}");
        TestMappers.map(naming, "{\"k1\":1}");

        assertThat(naming.fieldCounts().unread()).hasSize(200).contains(new UnreadField("k1", 3));
        assertThat(naming.fieldCounts().dropped()).isEqualTo(2_001);
    }

    @ParameterizedTest
    @CsvSource({
        "a,A,true",
        "a_b,aB,true",
        "ab,a--b,true",
        "a,ab,false",
        "ab,a,false",
        "_,-,true",
        "ı,I,true",
        "é,É,true"
    })
    void comparesSpellings(String one, String other, boolean same) {
        assertThat(Vocabulary.same(one, other)).isEqualTo(same);
    }

    @Test
    void addsAndSubtractsCounts() {
        TestMappers.map(naming, "{\"k\":1}");
        FieldCounts first = naming.fieldCounts();
        TestMappers.map(naming, "{\"k\":1,\"l\":1,\"device_type\":\"a\"}");
        FieldCounts second = naming.fieldCounts();

        FieldCounts since = second.since(first);

        assertThat(since.records()).isEqualTo(1);
        assertThat(since.dropped()).isEqualTo(2);
        assertThat(since.unread()).containsExactlyInAnyOrder(new UnreadField("k", 1), new UnreadField("l", 1));
        assertThat(since.columns().get(0).absent()).isZero();
        assertThat(since.columns().get(1).absent()).isEqualTo(1);
        assertThat(first.plus(since)).isEqualTo(second);
        assertThat(FieldCounts.NONE.plus(second)).isEqualTo(second);
        assertThat(second.since(second).unread()).isEmpty();
        assertThat(second.since(FieldCounts.NONE)).isEqualTo(second);
    }

    private static Map<String, Long> absent(Mapper mapper) {
        return mapper.fieldCounts().columns().stream()
                .collect(Collectors.toMap(ColumnCount::field, ColumnCount::absent));
    }
}
