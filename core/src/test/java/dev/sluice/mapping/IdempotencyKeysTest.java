package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.keys.KeyKind;
import dev.sluice.keys.Keysets;
import dev.sluice.yaml.InvalidDocumentException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code source.idempotency-key}, from the pipeline file to the key that a record bears. */
class IdempotencyKeysTest {

    private static final Keysets KEYS = Keysets.ephemeral(Map.of(Keysets.IDEMPOTENCY, KeyKind.KEYED_HASH));

    @Nested
    class InTheFile {

        @Test
        void isTheMessageUnlessTheFileSaysMore() {
            assertThat(key("")).isEqualTo(new IdempotencyKey.MessageId());
            assertThat(key(", idempotency-key: message-id")).isEqualTo(new IdempotencyKey.MessageId());
        }

        @Test
        void isAFieldByNameOrPointerForFourteenDays() {
            assertThat(key(", idempotency-key: \"field:event\""))
                    .isEqualTo(new IdempotencyKey.Field("event", List.of("event"), Duration.ofDays(14)));
            assertThat(key(", idempotency-key: \"field:/meta/id\""))
                    .isEqualTo(new IdempotencyKey.Field("/meta/id", List.of("meta", "id"), Duration.ofDays(14)));
        }

        @Test
        void isTheContentForAsLongAsTheFileSays() {
            assertThat(key(", idempotency-key: content, idempotency-window: 999d"))
                    .isEqualTo(new IdempotencyKey.Content(Duration.ofDays(999)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"field:\"", "Content", "event", "\"Field:event\"", "\"field\""})
        void isNothingElse(String text) {
            assertThatThrownBy(() -> key(", idempotency-key: " + text))
                    .isInstanceOf(InvalidDocumentException.class)
                    .hasMessageContaining(
                            "idempotency-key: message-id, field:<name>, field:</json/pointer> or content");
        }

        @ParameterizedTest
        @ValueSource(strings = {"14", "0d", "1000d", "14h", "-1d", "1.5d", "14 d"})
        void takesWholeDaysFromOneOnForAWindow(String window) {
            assertThatThrownBy(() -> key(", idempotency-key: content, idempotency-window: \"" + window + "\""))
                    .isInstanceOf(InvalidDocumentException.class)
                    .hasMessageContaining("idempotency-window: days were expected");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", ", idempotency-key: message-id"})
        void takesNoWindowWithTheMessage(String rest) {
            assertThatThrownBy(() -> key(rest + ", idempotency-window: 14d"))
                    .isInstanceOf(InvalidDocumentException.class)
                    .hasMessageContaining("idempotency-window: applies to");
        }

        @ParameterizedTest
        @ValueSource(strings = {"/v/id", "/v/a/b"})
        void cannotLieInsideAColumn(String pointer) {
            assertThatThrownBy(() -> key(", idempotency-key: \"field:" + pointer + "\""))
                    .isInstanceOf(InvalidDocumentException.class)
                    .hasMessageContaining("lies inside the field of column v");
        }

        private static IdempotencyKey key(String rest) {
            return SpecReader.read("test.yaml", yaml(rest)).source().idempotencyKey();
        }
    }

    @Nested
    class OfARecord {

        private final Mapper byField = mapper(", idempotency-key: \"field:event\"");
        private final Mapper byContent = mapper(", idempotency-key: content");

        @Test
        void isNoneWhereRecordsAreKnownByTheirMessages() {
            assertThat(outcomes(mapper(""), "m", "{\"v\":\"a\"}")
                            .get(0)
                            .original()
                            .idempotencyKey())
                    .isNull();
        }

        @Test
        void dependsOnTheFieldAndOnNothingElse() {
            byte[] key = only(byField, "m-1", "{\"v\":\"a\",\"event\":\"e-1\"}");

            assertThat(key).hasSize(RecordKeys.KEY_BYTES);
            assertThat(only(byField, "m-2", " { \"event\":\"e-\\u0031\", \"v\":\"b\" }"))
                    .isEqualTo(key);
            assertThat(only(byField, "m-1", "{\"v\":\"a\",\"event\":\"e-2\"}")).isNotEqualTo(key);
            assertThat(only(byContent, "m-1", "{\"v\":\"a\",\"event\":\"e-1\"}"))
                    .isNotEqualTo(key);
        }

        @Test
        void tellsANumberFromATextOfItsDigits() {
            assertThat(only(byField, "m", "{\"v\":\"a\",\"event\":7}"))
                    .isEqualTo(only(byField, "n", "{\"v\":\"b\",\"event\":7}"))
                    .isNotEqualTo(only(byField, "m", "{\"v\":\"a\",\"event\":\"7\"}"));
        }

        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '~',
                delimiter = '|',
                value = {
                    "{`v`:`a`}                  | MISSING",
                    "{`v`:`a`,`event`:null}     | MISSING",
                    "{`v`:`a`,`event`:` `}      | BLANK",
                    "{`v`:`a`,`event`:true}     | NOT_TEXT",
                    "{`v`:`a`,`event`:1.5}      | NOT_TEXT",
                    "{`v`:`a`,`event`:[1]}      | NOT_TEXT"
                })
        void rejectsARecordWithoutAnIdUnderAKeyOfItsPlace(String body, Reason reason) {
            Outcome outcome = outcomes(byField, "m", body.replace('`', '"')).get(0);

            assertThat(outcome).isInstanceOfSatisfying(Rejection.class, rejection -> {
                assertThat(rejection.reason()).isEqualTo(reason);
                assertThat(rejection.column()).isEqualTo("event");
            });
            assertThat(key(outcome))
                    .isEqualTo(only(byField, "m", body.replace('`', '"')))
                    .isNotEqualTo(only(byField, "n", body.replace('`', '"')));
        }

        @Test
        void isOfTheRecordsBytesWhereItIsTheContent() {
            byte[] key = only(byContent, "m", "{\"v\":\"a\"}");

            assertThat(only(byContent, "n", "{\"v\":\"a\"}")).isEqualTo(key);
            assertThat(only(byContent, "m", "{ \"v\":\"a\"}")).isNotEqualTo(key);
            assertThat(keys(byContent, "m", "[ {\"v\":\"a\"},{\"v\":\"b\"} ]"))
                    .satisfiesExactly(first -> assertThat(first).isEqualTo(key), second -> assertThat(second)
                            .isNotEqualTo(key));
        }

        @Test
        void isOfTheWholeBodyWhereNoRecordCouldBeTakenOut() {
            assertThat(only(byContent, "m", "no json")).isEqualTo(only(byContent, "n", "no json"));
            assertThat(only(byField, "m", "no json")).isNotEqualTo(only(byField, "n", "no json"));
        }

        @Test
        void tellsElementsOfAnArrayWithoutIdsApart() {
            List<byte[]> keys = keys(byField, "m", "[{\"v\":\"a\"},{\"v\":\"a\"}]");

            assertThat(keys.get(0)).isNotEqualTo(keys.get(1));
        }

        @Test
        void differsByPipelineAndByKey() {
            String body = "{\"v\":\"a\"}";
            String other = yaml(", idempotency-key: content").replace("pipeline: p", "pipeline: other");
            Keysets otherKeys = Keysets.ephemeral(Map.of(Keysets.IDEMPOTENCY, KeyKind.KEYED_HASH));

            assertThat(only(Mappers.compile(SpecReader.read("x", other), KEYS), "m", body))
                    .isNotEqualTo(only(byContent, "m", body));
            assertThat(only(
                            Mappers.compile(SpecReader.read("x", yaml(", idempotency-key: content")), otherKeys),
                            "m",
                            body))
                    .isNotEqualTo(only(byContent, "m", body));
        }

        private static Mapper mapper(String rest) {
            return Mappers.compile(SpecReader.read("test.yaml", yaml(rest)), KEYS);
        }

        private static byte[] only(Mapper mapper, String messageId, String body) {
            List<byte[]> keys = keys(mapper, messageId, body);
            assertThat(keys).hasSize(1);
            return keys.get(0);
        }

        private static List<byte[]> keys(Mapper mapper, String messageId, String body) {
            List<byte[]> keys = new ArrayList<>();
            outcomes(mapper, messageId, body).forEach(outcome -> keys.add(key(outcome)));
            return keys;
        }

        private static byte[] key(Outcome outcome) {
            return Objects.requireNonNull(outcome.original().idempotencyKey());
        }

        private static List<Outcome> outcomes(Mapper mapper, String messageId, String body) {
            return mapper.map(messageId, TestMappers.SENT_AT, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String yaml(String rest) {
        return "pipeline: p\nsource: { queue: q" + rest
                + " }\nsink: { table: t }\ncolumns: { v: { from: v, type: text } }\n";
    }
}
