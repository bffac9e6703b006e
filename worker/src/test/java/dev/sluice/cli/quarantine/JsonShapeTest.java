package dev.sluice.cli.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonShapeTest {

    @Test
    void tellsNamesTypesAndLengthsInOrder() {
        assertThat(shape("{\"ip\":\"192.0.2.1\",\"n\":-1.5,\"ok\":true,\"none\":null,\"o\":{\"x\":1},\"a\":[1,2]}"))
                .isEqualTo("ip: text of 9 characters, n: number of 4 characters, ok: boolean, none: null, o: object,"
                        + " a: array");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ip\":\"canary\"}",
                "\"canary\"",
                "[\"canary\"]",
                "{\"user canary@example.com\":1}",
                "{\"canary1\":1}",
                "{\"o\":{\"canary\":\"canary\"}}",
                "{\"ip\":\"canary",
                "{\"ip\":canary}",
                "canary",
                "{\"a\":\"x\"} canary"
            })
    void tellsNoValueAndNoNameThatMayBeOne(String original) {
        assertThat(shape(original)).doesNotContain("canary").isNotEmpty();
    }

    @Test
    void tellsHowFarItIsJson() {
        assertThat(shape("{\"a\":1,\"b\":tru}"))
                .startsWith("a: number of 1 characters")
                .endsWith("then not JSON");
        assertThat(shape("{\"a\":1,\"b\":{\"c\":}}")).endsWith("then not JSON");
        assertThat(shape("oops")).isEqualTo("not JSON");
        assertThat(shape("")).isEqualTo("nothing");
        assertThat(shape("{}")).isEqualTo("an object without fields");
    }

    @Test
    void stopsAfterFiftyFields() {
        String many = IntStream.range(0, 51)
                .mapToObj(i -> "\"" + "a".repeat(i % 39 + 1) + "\":1")
                .collect(Collectors.joining(",", "{", "}"));

        assertThat(shape(many)).endsWith(", and more");
    }

    private static String shape(String original) {
        return JsonShape.of(original.getBytes(StandardCharsets.UTF_8));
    }
}
