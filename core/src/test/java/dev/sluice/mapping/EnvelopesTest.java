package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.yaml.InvalidDocumentException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code source.unwrap}: what is an envelope, what is not, and the rejection of one that the pipeline does not unwrap. */
class EnvelopesTest {

    private static final String SPEC =
            """
            pipeline: test
            source: { queue: q, unwrap: %s }
            sink: { table: t }
            columns:
              a: { from: a, type: integer, required: true }
            """;

    private static final String EVENTBRIDGE =
            """
            {"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718","detail-type":"login","source":"shop",
             "account":"111122223333","time":"2026-03-01T12:00:00Z","region":"eu-west-1","resources":[],"detail":%s}
            """;

    private static final String CLOUDEVENT =
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/shop\",\"type\":\"login\"%s}";

    private final Mapper plain = TestMappers.compile(SPEC.formatted("none"));
    private final Mapper sns = TestMappers.compile(SPEC.formatted("sns"));
    private final Mapper eventBridge = TestMappers.compile(SPEC.formatted("eventbridge"));
    private final Mapper cloudEvents = TestMappers.compile(SPEC.formatted("cloudevents"));

    @Nested
    class EventBridge {

        @Test
        void givesTheDetail() {
            assertThat(value(eventBridge, EVENTBRIDGE.formatted("{ \"a\": 4 }")))
                    .isEqualTo(4);
        }

        @Test
        void sealsTheDetailAsARecord() {
            Outcome outcome = TestMappers.only(eventBridge, "\ufeff" + EVENTBRIDGE.formatted("{\"a\":\"ü\"}"));

            assertThat(outcome.original().form()).isEqualTo(Original.Form.RECORD);
            assertThat(outcome.original().seal())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("{\"a\":\"ü\"}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "7", "\"{}\"", "[{\"a\":1}]"})
        void refusesADetailThatIsNotAnObject(String detail) {
            assertThat(value(eventBridge, EVENTBRIDGE.formatted(detail))).isEqualTo(Reason.NOT_EVENTBRIDGE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"version", "id", "detail-type", "source", "account", "time", "region", "detail"})
        void refusesABodyWithoutARequiredField(String field) {
            String body = EVENTBRIDGE.formatted("{\"a\":4}");

            assertThat(value(eventBridge, body.replace("\"" + field + "\":", "\"x\":")))
                    .isEqualTo(Reason.NOT_EVENTBRIDGE);
        }

        @Test
        void refusesWhatFollows() {
            assertThat(value(eventBridge, EVENTBRIDGE.formatted("{\"a\":4}") + "{}"))
                    .isEqualTo(Reason.NOT_EVENTBRIDGE);
            assertThat(value(eventBridge, "[" + EVENTBRIDGE.formatted("{\"a\":4}") + "]"))
                    .isEqualTo(Reason.NOT_EVENTBRIDGE);
        }

        @Test
        void keepsTheWholeBodyOfWhatItRefuses() {
            Outcome outcome = TestMappers.only(eventBridge, "{\"a\":4}");

            assertThat(outcome.original().form()).isEqualTo(Original.Form.BODY);
            assertThat(outcome.original().seal())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("{\"a\":4}");
        }
    }

    @Nested
    class CloudEvents {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    ",\"data\":{\"a\":4}",
                    ",\"datacontenttype\":\"application/json\",\"data\": {\"a\": 4}",
                    ",\"datacontenttype\":\"Application/Vnd.Shop+JSON; charset=utf-8\",\"data\":{\"a\":4}",
                    ",\"datacontenttype\":null,\"data\":{\"a\":4},\"subject\":\"s\",\"anything\":true",
                    ",\"data_base64\":\"eyJhIjo0fQ==\"",
                    ",\"data_base64\":\"77u/eyJhIjo0fQ==\"",
                })
        void giveTheirData(String rest) {
            assertThat(value(cloudEvents, CLOUDEVENT.formatted(rest))).isEqualTo(4);
        }

        @Test
        void mayHoldAnArrayOfRecords() {
            assertThat(values(CLOUDEVENT.formatted(",\"data\":[{\"a\":1},{\"a\":2}]")))
                    .containsExactly(1, 2);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    ",\"data\":null",
                    ",\"data\":{\"a\":4},\"data_base64\":\"e30=\"",
                    ",\"data_base64\":\"{}\"",
                    ",\"data_base64\":{}",
                    ",\"datacontenttype\":7,\"data\":{\"a\":4}",
                    ",\"data\":{\"a\":4}}{",
                    ",\"data\":{\"a\":4},\"data\":{\"a\":5}",
                })
        void areRefusedWithoutUnambiguousData(String rest) {
            assertThat(value(cloudEvents, CLOUDEVENT.formatted(rest))).isEqualTo(Reason.NOT_CLOUDEVENTS);
        }

        @ParameterizedTest
        @ValueSource(strings = {"specversion", "id", "source", "type"})
        void areRefusedWithoutARequiredAttribute(String attribute) {
            String body = CLOUDEVENT.formatted(",\"data\":{\"a\":4}");

            assertThat(value(cloudEvents, body.replace("\"" + attribute + "\":", "\"x\":")))
                    .isEqualTo(Reason.NOT_CLOUDEVENTS);
            assertThat(value(cloudEvents, body.replace("\"1.0\"", "\"0.3\""))).isEqualTo(Reason.NOT_CLOUDEVENTS);
        }

        @ParameterizedTest
        @ValueSource(strings = {"application/octet-stream", "text/plain", "application/jsonp", "json", ""})
        void areRefusedByNameIfTheirContentIsNotJson(String type) {
            assertThat(value(
                            cloudEvents,
                            CLOUDEVENT.formatted(",\"datacontenttype\":\"" + type + "\",\"data_base64\":\"AAEC\"")))
                    .isEqualTo(Reason.NOT_JSON_DATA);
        }

        @Test
        void areRejectedAsAnyBodyIfTheirDataIsNotARecord() {
            assertThat(value(cloudEvents, CLOUDEVENT.formatted(",\"data\":\"{}\"")))
                    .isEqualTo(Reason.JSON_IN_STRING);
            assertThat(value(cloudEvents, CLOUDEVENT.formatted(",\"data\":7"))).isEqualTo(Reason.NOT_AN_OBJECT);
            assertThat(value(cloudEvents, CLOUDEVENT.formatted(",\"data_base64\":\"" + base64("{\"a\":") + "\"")))
                    .isEqualTo(Reason.TRUNCATED);
            assertThat(value(cloudEvents, CLOUDEVENT.formatted(",\"data_base64\":\"/w==\"")))
                    .isEqualTo(Reason.NOT_UTF8);
        }
    }

    @Nested
    class Batches {

        @Test
        void giveOneRecordPerEvent() {
            String body = "[" + CLOUDEVENT.formatted(",\"data\":{\"a\":1}") + " ,"
                    + CLOUDEVENT.formatted(",\"data\":7") + ","
                    + CLOUDEVENT.formatted(",\"data\":\"x\"") + ","
                    + CLOUDEVENT.formatted(",\"data\":[{\"a\":1}]") + ","
                    + CLOUDEVENT.formatted(",\"data_base64\":\"" + base64("{\"a\":2}") + "\"") + "]";

            assertThat(values(body))
                    .containsExactly(1, Reason.NOT_AN_OBJECT, Reason.NOT_AN_OBJECT, Reason.NOT_AN_OBJECT, 2);
        }

        @Test
        void sealEachEventsDataAlone() {
            String body = "[" + CLOUDEVENT.formatted(",\"data\":{\"a\":\"x\"}") + ","
                    + CLOUDEVENT.formatted(",\"data\": -1.5e3 ") + "]";

            assertThat(TestMappers.map(cloudEvents, body).stream()
                            .map(o -> new String(o.original().seal(), StandardCharsets.UTF_8)))
                    .containsExactly("{\"a\":\"x\"}", "-1.5e3");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"{}", "7", "[]", "null", "{\"specversion\":\"1.0\",\"id\":\"2\",\"type\":\"t\",\"data\":{}}"
                })
        void areRefusedWholeForOneElementThatIsNotAnEvent(String element) {
            Outcome outcome = TestMappers.only(
                    cloudEvents, "[" + CLOUDEVENT.formatted(",\"data\":{\"a\":1}") + "," + element + "]");

            assertThat(((Rejection) outcome).reason()).isEqualTo(Reason.NOT_CLOUDEVENTS);
            assertThat(outcome.original().form()).isEqualTo(Original.Form.BODY);
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"a\":1},{\"a\":2}", "{\"a\":1}]", "{\"a\":1", ""})
        void takeEachDecodedTextForOneValue(String text) {
            String body = "[" + CLOUDEVENT.formatted(",\"data_base64\":\"" + base64(text) + "\"") + "]";

            assertThat(TestMappers.only(cloudEvents, body)).isInstanceOfSatisfying(Rejection.class, r -> assertThat(
                            r.original().form())
                    .isEqualTo(Original.Form.BODY));
        }

        @Test
        void areNotEmpty() {
            assertThat(value(cloudEvents, "[]")).isEqualTo(Reason.EMPTY_ARRAY);
        }
    }

    @Nested
    class Unexpected {

        @Test
        void areNamedIfTheRecordWouldBeRejected() {
            String event = CLOUDEVENT.formatted(",\"data\":{\"a\":4}");

            assertThat(value(plain, event)).isEqualTo(Reason.CLOUDEVENTS_ENVELOPE);
            assertThat(value(plain, EVENTBRIDGE.formatted("{\"a\":4}"))).isEqualTo(Reason.EVENTBRIDGE_ENVELOPE);
            assertThat(value(plain, event.replace("\"specversion\"", "\"a\":4,\"specversion\"")))
                    .isEqualTo(4);
        }

        /** So that a replay can unwrap it. */
        @Test
        void keepABatchWhole() {
            String event = CLOUDEVENT.formatted(",\"data\":{\"a\":4}");
            Outcome outcome = TestMappers.only(plain, "[" + event + "," + event + "]");

            assertThat(((Rejection) outcome).reason()).isEqualTo(Reason.CLOUDEVENTS_ENVELOPE);
            assertThat(outcome.original().form()).isEqualTo(Original.Form.BODY);
        }

        @Test
        void s3NotificationsAreRefusedByNameInEveryEnvelope() {
            String records = "{\"Records\":[{\"eventSource\":\"aws:s3\"}]}";
            String detail =
                    "{\"version\":\"0\",\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"},\"requester\":\"r\"}";

            assertThat(value(plain, records)).isEqualTo(Reason.S3_EVENT);
            assertThat(value(
                            sns,
                            "{\"Type\":\"Notification\",\"TopicArn\":\"arn\",\"Message\":\""
                                    + records.replace("\"", "\\\"") + "\"}"))
                    .isEqualTo(Reason.S3_EVENT);
            assertThat(value(eventBridge, EVENTBRIDGE.formatted(detail))).isEqualTo(Reason.S3_EVENT);
            assertThat(value(cloudEvents, CLOUDEVENT.formatted(",\"data\":" + records)))
                    .isEqualTo(Reason.S3_EVENT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eventbridge", "cloudevents"})
    void takeNoCompressionInTheFile(String unwrap) {
        assertThatThrownBy(() -> TestMappers.compile(SPEC.formatted(unwrap + ", compression: gzip")))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("compression: does not apply to unwrap: " + unwrap);
    }

    private static Object value(Mapper mapper, String body) {
        return TestMappers.valueOrReason(mapper, body);
    }

    private List<Object> values(String body) {
        return TestMappers.map(cloudEvents, body).stream()
                .<Object>map(o -> o instanceof Rejection r ? r.reason() : String.valueOf(((Row) o).value(0)))
                .map(v -> v instanceof String text ? Integer.valueOf(text) : v)
                .toList();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
