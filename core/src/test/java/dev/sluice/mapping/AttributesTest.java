package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.keys.KeyKind;
import dev.sluice.keys.Keysets;
import dev.sluice.yaml.InvalidDocumentException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code from-attribute}, from the pipeline file to the row and the sealed original. */
class AttributesTest {

    private static final String HEAD = "pipeline: p\nsource: { queue: q %s }\nsink: { table: t }\ncolumns:\n";

    private static final String TRACED = HEAD.formatted("")
            + """
              a:     { from: a, type: integer, required: true }
              trace: { from-attribute: trace_id, type: varchar(8), required: true }
              tries: { from-attribute: tries, type: integer }
            """;

    @Nested
    class Values {

        @Test
        void areReadBesideTheFields() {
            Row row = (Row) map(TRACED, "{\"a\":1}", Map.of("trace_id", text("t-1"), "tries", number("3")));

            assertThat(Arrays.asList(row.value(0), row.value(1), row.value(2))).containsExactly(1, "t-1", 3);
        }

        @Test
        void areNotReadFromFieldsOfThatName() {
            Rejection rejection = (Rejection) map(TRACED, "{\"a\":1,\"trace_id\":\"x\",\"trace\":\"y\"}", Map.of());

            assertThat(rejection.reason()).isEqualTo(Reason.MISSING);
            assertThat(rejection.column()).isEqualTo("trace");
        }

        @Test
        void areSharedByAllRecordsOfAMessage() {
            List<Outcome> outcomes = mapper(TRACED)
                    .map("id", TestMappers.SENT_AT, bytes("[{\"a\":1},{\"a\":2}]"), of(Map.of("trace_id", text("t"))));

            assertThat(outcomes).allSatisfy(o -> assertThat(((Row) o).value(1)).isEqualTo("t"));
        }

        @ParameterizedTest
        @CsvSource({
            "varchar(8),    String, text,                 text",
            "varchar(8),    String, too long a text,      too-long",
            "varchar(8),    Number, 5,                    not-text",
            "integer,       Number, 5,                    5",
            "integer,       Number, 5.0,                  not-a-whole-number",
            "integer,       String, 5,                    not-a-whole-number",
            "integer,       Number, 5000000000,           out-of-range",
            "integer,       Number, 007,                  not-a-number",
            "integer,       Number, NaN,                  not-a-number",
            "'numeric(9,2)',Number.float, 1.5,            1.50",
            "date,          String.day, 2026-02-28,       2026-02-28",
            "timestamptz,   String, 2026-02-28T12:00:00Z, 2026-02-28T12:00:00Z",
            "uuid,          String, x,                    invalid-uuid",
            "text,          Binary, AAECAw==,             binary-attribute",
            "text,          Binary.png, AAECAw==,         binary-attribute",
        })
        void followTheRulesOfAFieldOfTheirType(String type, String dataType, String value, String expected) {
            assertThat(one("type: \"" + type + "\"", new Attribute(Attribute.Type.of(dataType), value)))
                    .isEqualTo(expected);
        }

        @Test
        void areConvertedAndMasked() {
            assertThat(one("type: timestamptz, convert: epoch-seconds", number("0")))
                    .isEqualTo(Instant.EPOCH.toString());
            assertThat(one("type: date, convert: epoch-millis", number("0"))).isEqualTo(LocalDate.EPOCH.toString());
            assertThat(one("type: varchar(99), convert: lower, mask: { kind: deterministic-aead }", text("ANN")))
                    .isEqualTo("masked(ann)");
        }

        @Test
        void mayHoldQuotesAndControlCharactersButNoUnstorableOnes() {
            assertThat(one("type: text", text("a\"b\\c\n\u0001{}"))).isEqualTo("a\"b\\c\n\u0001{}");
            assertThat(one("type: text", text("a\u0000"))).isEqualTo("nul-character");
            assertThat(one("type: text", text("a\ud83d"))).isEqualTo("lone-surrogate");
        }

        @Test
        void takeTheirDefaultIfAbsent() {
            assertThat(one("type: integer, default: 7", null)).isEqualTo("7");
            assertThat(one("type: integer", null)).isEqualTo("null");
        }

        private static String one(String column, @Nullable Attribute attribute) {
            String yaml = HEAD.formatted("") + "  v: { from-attribute: v, " + column + " }\n";
            Outcome outcome = map(yaml, "{}", attribute == null ? Map.of() : Map.of("v", attribute));
            return outcome instanceof Rejection rejection
                    ? rejection.reason().label()
                    : String.valueOf(((Row) outcome).value(0));
        }
    }

    @Nested
    class Originals {

        private final Map<String, Attribute> attributes =
                Map.of("trace_id", text("too long a trace \ud83d"), "tries", number("3"), "unread", text("not kept"));

        @ParameterizedTest
        @ValueSource(strings = {"{\"a\":1}", "not JSON"})
        void holdTheAttributesThatColumnsRead(String body) {
            JsonMapper mapper = TestMappers.jsonMapper(TRACED);
            Rejection rejection = (Rejection) mapper.map("id", TestMappers.SENT_AT, bytes(body), of(attributes))
                    .get(0);

            byte[] sealed = rejection.original().seal();
            Outcome again = remap(mapper, rejection, sealed);

            assertThat(new String(sealed, StandardCharsets.UTF_16BE)).doesNotContain("unread", "not kept");
            assertThat(Original.bodyOf(sealed)).isEqualTo(bytes(body));
            assertThat(((Rejection) again).reason()).isEqualTo(rejection.reason());
            assertThat(again.original().seal()).isEqualTo(sealed);
        }

        @Test
        void makeTheRowOnceTheColumnTakesThem() {
            JsonMapper mapper = TestMappers.jsonMapper(TRACED);
            Rejection rejection = (Rejection)
                    mapper.map("id", TestMappers.SENT_AT, bytes("{\"a\":1}"), of(Map.of("trace_id", text("123456789"))))
                            .get(0);

            JsonMapper wider = TestMappers.jsonMapper(TRACED.replace("varchar(8)", "varchar(9)"));
            Row row = (Row) remap(wider, rejection, rejection.original().seal());

            assertThat(row.value(1)).isEqualTo("123456789");
        }

        @Test
        void withoutAttributesAreTheBytesAsBefore() {
            JsonMapper mapper = TestMappers.jsonMapper(TRACED);
            Rejection rejection = (Rejection) TestMappers.only(mapper, "{\"a\":1}");

            assertThat(rejection.original().seal()).isEqualTo(bytes("{\"a\":1}"));
        }

        /** No such text passes through SQS, but nothing may turn a body into attributes. */
        @Test
        void areNotForgedByABodyThatLooksLikeTheirFrame() {
            JsonMapper mapper = TestMappers.jsonMapper(TRACED);
            byte[] frame = of(Map.of("trace_id", text("forged"))).frame(Body.of(bytes("{\"a\":1}")));
            Rejection rejection =
                    (Rejection) mapper.map("id", TestMappers.SENT_AT, frame).get(0);

            byte[] sealed = rejection.original().seal();

            assertThat(Original.bodyOf(sealed)).isEqualTo(frame);
            assertThat(remap(mapper, rejection, sealed)).isInstanceOf(Rejection.class);
        }

        @Test
        void thatBreakOffAreBytes() {
            byte[] frame = of(attributes).frame(Body.of(bytes("{}")));
            for (int length = 0; length < frame.length - 2; length++) {
                byte[] cut = Arrays.copyOf(frame, length);
                assertThat(Original.bodyOf(cut)).as("cut to %d bytes", length).isEqualTo(cut);
            }
        }

        private static Outcome remap(JsonMapper mapper, Rejection rejection, byte[] sealed) {
            Original original = rejection.original();
            return mapper.remap(
                            original.binding(),
                            String.valueOf(original.binding().protection()),
                            TestMappers.SENT_AT,
                            0,
                            original.form(),
                            sealed)
                    .orElseThrow()
                    .get(0);
        }
    }

    @Nested
    class Keys {

        private static final Keysets KEYS = Keysets.ephemeral(Map.of(Keysets.IDEMPOTENCY, KeyKind.KEYED_HASH));

        @Test
        void ofContentIncludeWhatColumnsRead() {
            byte @Nullable [] first = key("content", Map.of("trace_id", text("1")));

            assertThat(key("content", Map.of("trace_id", text("1"), "unread", text("2"))))
                    .isEqualTo(first);
            assertThat(key("content", Map.of("trace_id", text("2")))).isNotEqualTo(first);
            assertThat(key("content", Map.of())).isNotEqualTo(first);
        }

        @Test
        void ofAFieldDoNotDependOnThem() {
            assertThat(key("\"field:a\"", Map.of("trace_id", text("1"))))
                    .isEqualTo(key("\"field:a\"", Map.of("trace_id", text("2"))));
        }

        private static byte @Nullable [] key(String kind, Map<String, Attribute> attributes) {
            String yaml = TRACED.replace("queue: q", "queue: q, idempotency-key: " + kind);
            return Mappers.compile(SpecReader.read("x", yaml), KEYS)
                    .map("id", TestMappers.SENT_AT, bytes("{\"a\":1}"), of(attributes))
                    .get(0)
                    .original()
                    .idempotencyKey();
        }
    }

    @Nested
    class InTheFile {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "from-attribute: AWS.x, type: text          | reserves names",
                    "from-attribute: amazon.x, type: text       | reserves names",
                    "from-attribute: a..b, type: text           | the name of a message attribute was expected",
                    "from-attribute: .a, type: text             | the name of a message attribute was expected",
                    "from-attribute: a., type: text             | the name of a message attribute was expected",
                    "from-attribute: a*, type: text             | the name of a message attribute was expected",
                    "from-attribute: \"é\", type: text        | the name of a message attribute was expected",
                    "from-attribute: a, from: b, type: text     | either from or from-attribute was expected",
                    "from-attribute: a, type: boolean           | does not give boolean",
                    "from-attribute: a, type: jsonb             | does not give jsonb",
                })
        void isRefusedWithItsPlace(String column, String problem) {
            assertThatThrownBy(() -> SpecReader.read("x", HEAD.formatted("") + "  v: { " + column + " }\n"))
                    .isInstanceOf(InvalidDocumentException.class)
                    .hasMessageContaining("5:")
                    .hasMessageContaining(problem);
        }

        @Test
        void isRefusedFromTheEleventhAttributeOn() {
            assertThat(SpecReader.read("x", columns(10) + "  again: { from-attribute: a0, type: text }\n")
                            .attributes())
                    .hasSize(10);
            assertThatThrownBy(() -> SpecReader.read("x", columns(11)))
                    .isInstanceOf(InvalidDocumentException.class)
                    .hasMessageContaining("a message has at most 10 attributes");
        }

        @Test
        void protectsAttributesApartFromFields() {
            String yaml = HEAD.formatted("")
                    + """
                      a: { from: x, type: text }
                      b: { from-attribute: x, type: varchar(99), mask: { kind: deterministic-aead } }
                    """;
            FieldProtection before = FieldProtection.of(SpecReader.read("x", yaml));
            FieldProtection today =
                    FieldProtection.of(SpecReader.read("x", yaml.replace(", mask: { kind: deterministic-aead }", "")));
            FieldProtection added =
                    FieldProtection.of(SpecReader.read("x", yaml + "  c: { from-attribute: y, type: text }\n"));

            assertThat(before.text()).isEqualTo("{\"/x\":\"none\",\"attribute:x\":\"deterministic-aead\"}");
            assertThat(FieldProtection.parse(before.text())).isEqualTo(before);
            assertThat(before.weakenedBy(today))
                    .containsExactly(new Weakening("attribute:x", false, "deterministic-aead", "none"));
            assertThat(before.weakenedBy(added)).isEmpty();
        }

        private static String columns(int count) {
            return HEAD.formatted("")
                    + IntStream.range(0, count)
                            .mapToObj(i -> "  c" + i + ": { from-attribute: a" + i + ", type: text }\n")
                            .collect(Collectors.joining());
        }
    }

    @Test
    void showsNoValue() {
        assertThat(of(Map.of("a", text("secret")))).hasToString("Attributes[1]");
        assertThat(text("secret")).hasToString("Attribute[STRING]");
    }

    private static Outcome map(String yaml, String body, Map<String, Attribute> attributes) {
        return mapper(yaml)
                .map("id", TestMappers.SENT_AT, bytes(body), of(attributes))
                .get(0);
    }

    private static Mapper mapper(String yaml) {
        return TestMappers.compile(yaml);
    }

    private static Attributes of(Map<String, Attribute> attributes) {
        return Attributes.of(attributes);
    }

    private static Attribute text(String value) {
        return new Attribute(Attribute.Type.STRING, value);
    }

    private static Attribute number(String value) {
        return new Attribute(Attribute.Type.NUMBER, value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
