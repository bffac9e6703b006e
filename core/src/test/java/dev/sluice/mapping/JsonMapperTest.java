package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonMapperTest {

    private static final String SPEC =
            """
            pipeline: test
            source: { queue: q %s }
            sink: { table: t }
            columns:
              a: { from: a, type: integer, required: true }
              b: { from: /nested/b, type: text }
              c: { from: /list/1, type: text }
            """;

    private final Mapper mapper = TestMappers.compile(SPEC.formatted(""));

    @Nested
    class Bodies {

        @ParameterizedTest(name = "{0}")
        @MethodSource("dev.sluice.mapping.JsonMapperTest#badBodies")
        void isRejectedAsAWholeWithItsReason(Reason reason, String body) {
            Outcome outcome = TestMappers.only(mapper, body);

            assertThat(outcome).isInstanceOfSatisfying(Rejection.class, rejection -> {
                assertThat(rejection.reason()).isEqualTo(reason);
                assertThat(rejection.column()).isNull();
            });
        }

        @Test
        void readsPastOneByteOrderMark() {
            assertThat(TestMappers.valueOrReason(mapper, "\ufeff{\"a\":1}")).isEqualTo(1);
            assertThat(TestMappers.valueOrReason(mapper, "\ufeff\ufeff{\"a\":1}"))
                    .isEqualTo(Reason.NOT_JSON);
        }

        @Test
        void rejectsWhatIsNotUtf8() {
            byte[] latin1 = "{\"a\":1,\"x\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
            byte[] surrogate = {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', ':', '1', '}'};

            assertThat(reason(latin1)).isEqualTo(Reason.NOT_UTF8);
            assertThat(reason(surrogate)).isEqualTo(Reason.NOT_UTF8);
            assertThat(reason("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE))).isEqualTo(Reason.NOT_JSON);
        }

        private Reason reason(byte[] body) {
            return ((Rejection) mapper.map("id", TestMappers.SENT_AT, body).get(0)).reason();
        }
    }

    @Nested
    class Records {

        @Test
        void looksIntoObjectsAndArrays() {
            Row row = (Row)
                    TestMappers.only(mapper, "{\"list\":[\"x\",\"y\",[1]],\"nested\":{\"z\":{},\"b\":\"q\"},\"a\":1}");

            assertThat(Arrays.asList(row.value(0), row.value(1), row.value(2))).containsExactly(1, "q", "y");
        }

        @Test
        void takesAWrongShapeOnTheWayForAnAbsentValue() {
            Row row = (Row) TestMappers.only(mapper, "{\"a\":1,\"nested\":5,\"list\":{\"0\":1}}");

            assertThat(row.value(1)).isNull();
        }

        @Test
        void namesTheFirstColumnOfThePipelineThatFails() {
            Rejection rejection = (Rejection) TestMappers.only(mapper, "{\"nested\":{\"b\":1},\"a\":\"x\"}");

            assertThat(rejection.column()).isEqualTo("a");
            assertThat(rejection.reason()).isEqualTo(Reason.NOT_A_WHOLE_NUMBER);
        }

        @Test
        void dropsAndCountsFieldsThatNoColumnNames() {
            TestMappers.only(mapper, "{\"a\":1,\"A\":2,\"other\":{\"a\":\"x\",\"deep\":[1]},\"nested\":{\"c\":1}}");

            assertThat(mapper.fieldCounts().dropped()).isEqualTo(3);
        }

        @Test
        void rejectsARecordOfVeryManyFields() {
            String fields =
                    IntStream.range(0, 15_000).mapToObj(i -> "\"k" + i + "\":1").collect(Collectors.joining(","));

            assertThat(TestMappers.valueOrReason(mapper, "{\"a\":1," + fields + "}"))
                    .isEqualTo(Reason.TOO_LARGE);
            assertThat(TestMappers.map(mapper, "[{\"a\":1," + fields + "},{\"a\":2}]").stream()
                            .map(outcome -> outcome instanceof Rejection bad ? bad.reason() : outcome.toString()))
                    .containsExactly(Reason.TOO_LARGE, "Row[3 columns]");
        }

        /** What comes behind them is not even read: a name twice would have another reason. */
        @Test
        void readsNoMoreOfARecordThan20000Tokens() {
            String most = "{\"a\":1,\"x\":[" + "0,".repeat(19_993) + "0]";

            assertThat(TestMappers.valueOrReason(mapper, most + "}")).isEqualTo(1);
            assertThat(TestMappers.valueOrReason(mapper, most + ",\"y\":1}")).isEqualTo(Reason.TOO_LARGE);
            assertThat(TestMappers.valueOrReason(mapper, most + ",\"y\":1,\"a\":1}"))
                    .isEqualTo(Reason.TOO_LARGE);
        }
    }

    @Nested
    class Batches {

        @Test
        void givesOneOutcomePerElementInOrder() {
            List<Outcome> outcomes =
                    TestMappers.map(mapper, " [ {\"a\":1} , 7, {\"a\":\"x\"}, null, [{\"a\":3}], {\"a\":2} ]");

            assertThat(outcomes).hasSize(6);
            assertThat(((Row) outcomes.get(0)).value(0)).isEqualTo(1);
            assertThat(((Row) outcomes.get(5)).value(0)).isEqualTo(2);
            assertThat(outcomes.subList(1, 5)).allSatisfy(o -> assertThat(o).isInstanceOf(Rejection.class));
        }

        @Test
        void keepsOfEachElementItsOwnText() {
            List<Outcome> outcomes = TestMappers.map(mapper, "[{\"a\":1} , 12, \"ü\\\"]\", {\"a\": \"x\"},[1,[2]]]");

            assertThat(outcomes.stream().map(o -> new String(o.original().seal(), StandardCharsets.UTF_8)))
                    .containsExactly("{\"a\":1}", "12", "\"ü\\\"]\"", "{\"a\": \"x\"}", "[1,[2]]");
            assertThat(outcomes).allSatisfy(o -> assertThat(o.original().form()).isEqualTo(Original.Form.RECORD));
        }

        @Test
        void keepsOfEachElementItsOwnTextBehindAByteOrderMark() {
            assertThat(TestMappers.map(mapper, "\ufeff[{\"a\":\"x\"},7]").stream()
                            .map(o -> new String(o.original().seal(), StandardCharsets.UTF_8)))
                    .containsExactly("{\"a\":\"x\"}", "7");
        }

        @Test
        void takesNoMoreThan65536Records() {
            String most = "[" + "0,".repeat(65_535) + "0";

            assertThat(TestMappers.map(mapper, most + "]")).hasSize(65_536);
            assertThat(TestMappers.valueOrReason(mapper, most + ",0]")).isEqualTo(Reason.TOO_LARGE);
        }

        @Test
        void givesNoRowsOfABodyThatBreaksOff() {
            assertThat(TestMappers.valueOrReason(mapper, "[{\"a\":1},{\"a\":2}"))
                    .isEqualTo(Reason.TRUNCATED);
        }
    }

    @Nested
    class Packing {

        private final Mapper sns = TestMappers.compile(SPEC.formatted(", unwrap: sns"));
        private final Mapper gzip = TestMappers.compile(SPEC.formatted(", compression: gzip"));

        @Test
        void unwrapsNotifications() {
            String body = "{\"Type\":\"Notification\",\"TopicArn\":\"arn\",\"Message\":\"{\\\"a\\\":4}\"}";

            assertThat(TestMappers.valueOrReason(sns, body)).isEqualTo(4);
        }

        @Test
        void rejectsWhatIsNoNotification() {
            assertThat(TestMappers.valueOrReason(sns, "{\"a\":4}")).isEqualTo(Reason.NOT_SNS);
            assertThat(TestMappers.valueOrReason(sns, "{\"Type\":\"SubscriptionConfirmation\",\"Message\":\"x\"}"))
                    .isEqualTo(Reason.NOT_SNS);
            assertThat(TestMappers.valueOrReason(sns, "{\"Type\":\"Notification\",\"Message\":{\"a\":1}}"))
                    .isEqualTo(Reason.NOT_SNS);
        }

        @Test
        void keepsTheBodyAsReceivedWhenItCannotBeUnpacked() {
            Outcome outcome = TestMappers.only(gzip, "no gzip");

            assertThat(outcome.original().form()).isEqualTo(Original.Form.BODY);
            assertThat(outcome.original().seal())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("no gzip");
        }

        @Test
        void unpacksGzip() throws IOException {
            assertThat(TestMappers.valueOrReason(gzip, packed("{\"a\":5}"))).isEqualTo(5);
            assertThat(TestMappers.valueOrReason(gzip, "{\"a\":5}")).isEqualTo(Reason.NOT_GZIP);
            assertThat(TestMappers.valueOrReason(gzip, packed("{\"a\":5}").substring(0, 20)))
                    .isEqualTo(Reason.NOT_GZIP);
        }

        @Test
        void unpacksEveryMemberAndNothingElse() throws IOException {
            byte[] first = members("{\"a\"");
            byte[] both = joined(first, members(":5}"));
            byte[] named = joined(
                    new byte[] {0x1f, (byte) 0x8b, 8, 0x1c, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, 'n', 0, 'c', 0},
                    Arrays.copyOfRange(both, 10, both.length));

            assertThat(TestMappers.valueOrReason(gzip, base64(both))).isEqualTo(5);
            assertThat(TestMappers.valueOrReason(gzip, base64(named))).isEqualTo(5);
            for (int length = 0; length < both.length; length++) {
                Reason expected = length == first.length ? Reason.TRUNCATED : Reason.NOT_GZIP;
                assertThat(TestMappers.valueOrReason(gzip, base64(Arrays.copyOf(both, length))))
                        .as("cut to %d bytes", length)
                        .isEqualTo(expected);
            }
            assertThat(TestMappers.valueOrReason(gzip, base64(Arrays.copyOf(both, both.length + 30))))
                    .isEqualTo(Reason.NOT_GZIP);
        }

        @Test
        void stopsUnpackingAtTheCap() throws IOException {
            assertThat(TestMappers.valueOrReason(gzip, packed(" ".repeat(30 << 20))))
                    .isEqualTo(Reason.GZIP_TOO_LARGE);
            assertThat(TestMappers.valueOrReason(gzip, packed(" ".repeat(1 << 20))))
                    .isEqualTo(Reason.GZIP_TOO_LARGE);
        }
    }

    @Test
    void answersAnyBytesWithRowsOrRejections() {
        long seed = 20_261_121L;
        Random random = new Random(seed);
        String alphabet = "{}[]\",:\\u0a1e+-. \t\nnulltruefalse";
        for (int round = 0; round < 20_000; round++) {
            byte[] body = random.ints(random.nextInt(40), 0, alphabet.length())
                    .mapToObj(i -> String.valueOf(alphabet.charAt(i)))
                    .collect(Collectors.joining())
                    .getBytes(StandardCharsets.UTF_8);

            assertThat(mapper.map("id", TestMappers.SENT_AT, body))
                    .as("seed %d round %d", seed, round)
                    .isNotEmpty();
        }
    }

    @Test
    void showsNoValueInAnyText() {
        Outcome rejection = TestMappers.only(mapper, "{\"a\":\"canary-1\"}");
        Outcome row = TestMappers.only(mapper, "{\"a\":1,\"nested\":{\"b\":\"canary-1\"}}");

        assertThat(rejection + " " + row + rejection.original()).doesNotContain("canary");
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                Arguments.of(Reason.EMPTY_BODY, ""),
                Arguments.of(Reason.EMPTY_BODY, " \r\n\t"),
                Arguments.of(Reason.NOT_AN_OBJECT, "null"),
                Arguments.of(Reason.NOT_AN_OBJECT, "true"),
                Arguments.of(Reason.NOT_AN_OBJECT, "17"),
                Arguments.of(Reason.NOT_AN_OBJECT, "\"text\""),
                Arguments.of(Reason.JSON_IN_STRING, "\"{\\\"a\\\":1}\""),
                Arguments.of(Reason.EMPTY_ARRAY, "[]"),
                Arguments.of(Reason.TRUNCATED, "{\"a\":1"),
                Arguments.of(Reason.TRUNCATED, "{\"a\":"),
                Arguments.of(Reason.TRUNCATED, "{\"a\":\"x"),
                Arguments.of(Reason.NOT_JSON, "{\"a\":1,}"),
                Arguments.of(Reason.NOT_JSON, "{'a':1}"),
                Arguments.of(Reason.NOT_JSON, "{\"a\":1/* c */}"),
                Arguments.of(Reason.NOT_JSON, "{\"a\":NaN}"),
                Arguments.of(Reason.NOT_JSON, "{\"a\":+1}"),
                Arguments.of(Reason.NOT_JSON, "{\"a\":01}"),
                Arguments.of(Reason.NOT_JSON, "{\"a\":0x1}"),
                Arguments.of(Reason.NOT_JSON, "{\"a\":1}\u0000"),
                Arguments.of(Reason.TRAILING_CONTENT, "{\"a\":1}{\"a\":2}"),
                Arguments.of(Reason.TRAILING_CONTENT, "{\"a\":1} x"),
                Arguments.of(Reason.TRAILING_CONTENT, "[{\"a\":1}]]"),
                Arguments.of(Reason.DUPLICATE_KEY, "{\"a\":1,\"a\":2}"),
                Arguments.of(Reason.DUPLICATE_KEY, "{\"a\":1,\"x\":{\"y\":1,\"y\":1}}"),
                Arguments.of(Reason.TOO_DEEP, "{\"a\":1,\"x\":" + "[".repeat(32) + "]".repeat(32) + "}"),
                Arguments.of(Reason.TOO_DEEP, "[".repeat(100_000)),
                Arguments.of(
                        Reason.TOO_LARGE,
                        "{\"a\":1,\"x\":" + "[".repeat(30) + "{\"" + "k".repeat(1_100) + "\":1}" + "]".repeat(30)
                                + "}"),
                Arguments.of(Reason.TOO_LARGE, "{\"a\":1,\"" + "k".repeat(50_000) + "\":1}"),
                Arguments.of(Reason.BASE64_BODY, "eyJhIjoxfQ==eyJhIjoxfQ=="),
                Arguments.of(Reason.SNS_ENVELOPE, "{\"Type\":\"Notification\",\"TopicArn\":\"x\",\"Message\":\"m\"}"),
                Arguments.of(
                        Reason.EVENTBRIDGE_ENVELOPE, "{\"detail-type\":\"x\",\"source\":\"x\",\"detail\":{\"a\":1}}"),
                Arguments.of(Reason.S3_EVENT, "{\"Records\":[{\"eventSource\":\"aws:s3\"}]}"),
                Arguments.of(
                        Reason.S3_EVENT, "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"b\"}"),
                Arguments.of(
                        Reason.EXTENDED_CLIENT_POINTER,
                        "[\"software.amazon.payloadoffloading.PayloadS3Pointer\",{\"s3BucketName\":\"b\",\"s3Key\":\"k\"}]"));
    }

    private static String packed(String text) throws IOException {
        return base64(members(text));
    }

    private static byte[] members(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
