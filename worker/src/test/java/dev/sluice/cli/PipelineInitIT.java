package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.Pipelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PipelineInitIT {

    private static final String CANARY = "canary4711";

    private Playground playground;
    private Path folder;

    @BeforeEach
    void open(@TempDir Path temporary) {
        folder = temporary;
        playground = Playground.empty(temporary)
                .unset("SLUICE_KEYS")
                .unset("SLUICE_DATABASE_URL")
                .unset("AWS_ENDPOINT_URL_SQS");
    }

    @Test
    void draftsThePaymentsExampleWithEveryPersonalFieldMasked() throws IOException {
        Path samples = Path.of("../examples/payments/payments.ndjson").toAbsolutePath();

        Ran init = playground.sluice("pipeline", "init", "--from", samples.toString());

        Map<String, Column> columns = columns(init.succeeded().out());
        assertThat(columns.values().stream()
                        .filter(column -> column.mask() != null)
                        .map(Column::name))
                .containsExactlyInAnyOrder("customer_name", "customer_email", "customer_ip", "card_fingerprint");
        assertThat(init.out())
                .contains("customer_email: { from: /customer/email, ", "kind: deterministic-aead, as: email")
                .contains("customer_ip: { from: /customer/ip, type: varchar(50), required: true, mask:")
                .contains("created_ms: { from: created_ms, type: timestamptz, convert: epoch-millis }")
                .contains("id: { from: id, type: uuid, required: true }")
                .contains("items: { from: items, type: jsonb }")
                .contains("1 of 12 values have another type");
        assertThat(init.err()).doesNotContain("@").contains("not read: 1 message, not-an-object");
        Files.readAllLines(samples).stream()
                .filter(line -> line.contains("\"name\":\""))
                .map(line -> line.replaceAll(".*?\"name\":\"([^\"]+)\".*", "$1"))
                .forEach(name -> assertThat(init.out() + init.err()).doesNotContain(name));
    }

    @Test
    void theSameSamplesGiveTheSameDraft() {
        Path samples = playground.write("logins.ndjson", String.join("\n", Events.logins(20)));

        assertThat(playground
                        .sluice("pipeline", "init", "--from", samples.toString())
                        .out())
                .isEqualTo(playground
                        .sluice("pipeline", "init", "--from", samples.toString())
                        .out())
                .contains("pipeline: logins\n");
    }

    @Test
    void neverReplacesAFileUnasked() throws IOException {
        Path samples = playground.write("logins.ndjson", Events.logins(1).getFirst());
        Path draft = playground.write("draft.yaml", "mine");
        String[] init = {"pipeline", "init", "--from", samples.toString(), "--to", draft.toString()};

        assertThat(playground.sluice(init).refused(ExitCode.USAGE)).contains("exists; --force replaces it");
        assertThat(draft).hasContent("mine");
        playground
                .sluice(Stream.concat(Stream.of(init), Stream.of("--force")).toArray(String[]::new))
                .succeeded();
        assertThat(Files.readString(draft)).startsWith("# Drafted from 1 sample records");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oddSamples")
    void draftsOddSamplesSoThatTheyWouldBeStored(String title, String samples, List<String> masked) {
        Path file = playground.write("odd.ndjson", samples);
        Path draft = folder.resolve("odd.yaml");

        Ran init = playground.sluice(
                "pipeline", "init", "--from", file.toString(), "--name", "odd", "--to", draft.toString());

        assertThat(init.succeeded().err()).doesNotContain(CANARY);
        assertThat(draft).content().doesNotContain(CANARY);
        playground.sluice("pipeline", "validate", draft.toString()).succeeded();
        Ran check = playground.sluice("check", "--pipeline", draft.toString(), file.toString());
        assertThat(check.succeeded().err()).isEmpty();
        assertThat(Pipelines.load(draft.toString()).columns().stream()
                        .filter(column -> column.mask() != null)
                        .map(Column::name))
                .containsExactlyElementsOf(masked);
    }

    static Stream<Arguments> oddSamples() {
        String wide = IntStream.range(0, 3_000)
                .mapToObj(i -> "\"f" + Integer.toString(i, 36) + "\":" + i)
                .collect(Collectors.joining(",", "{", "}"));
        return Stream.of(
                sample("one record", "{\"kind\":\"a\",\"n\":1}"),
                sample("names that clash", "{\"a b\":1,\"A-B\":2,\"aB\":3,\"a_b\":4}\n{\"a b\":1}"),
                sample("names that SQL reserves", "{\"user\":true,\"order\":1,\"xmin\":2,\"select\":3}"),
                sample(
                        "names of other scripts and signs",
                        "{\"größe\":1,\"日本\":2,\"😀\":3,\"/a~b\":4,\"\":5,\"a: #\":6,\"${HOME}\":8,\"null\":7}"),
                sample("a name beyond 63 bytes", "{\"" + "n".repeat(90) + "\":1,\"" + "n".repeat(91) + "\":2}"),
                sample(
                        "nesting",
                        "{\"a\":{\"b\":{\"c\":{\"d\":{\"email\":\"" + CANARY + "@example.com\"}}}}}",
                        "a_b_c_d_email"),
                sample("all null and empty", "{\"a\":null,\"b\":{},\"c\":[],\"n\":1}\n{\"a\":null,\"n\":1}"),
                sample(
                        "mixed types",
                        "{\"a\":1,\"b\":\"" + CANARY + "\"}\n{\"a\":\"" + CANARY + "\",\"b\":[1]}\n{\"n\":1}"),
                sample(
                        "huge numbers",
                        "{\"a\":12345678901234567890,\"b\":1e400,\"c\":0.000000000001,\"d\":1e999999,\"n\":1}"),
                sample(
                        "numbers and booleans as texts",
                        "{\"a\":\"42\",\"b\":\"true\"}\n{\"a\":\"43\",\"b\":\"false\"}",
                        "a",
                        "b"),
                sample(
                        "personal data in names",
                        "{\"n\":1,\"" + CANARY + "@example.com\":1,\"seen\":{\"" + CANARY + "99999\":1}}"),
                sample(
                        "an SNS envelope",
                        "{\"Type\":\"Notification\",\"Message\":\"{\\\"email\\\":\\\"" + CANARY
                                + "@example.com\\\"}\"}",
                        "email"),
                sample(
                        "a CloudEvent",
                        "{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\",\"id\":\"1\",\"data\":{\"phone\":\"+49 30 901820\"}}",
                        "specversion",
                        "data_phone"),
                sample("arrays of persons", "{\"n\":1,\"people\":[{\"mail\":\"" + CANARY + "@example.com\"}]}"),
                sample("a thousand fields and more", wide));
    }

    private static Arguments sample(String title, String samples, String... masked) {
        return Arguments.of(title, samples, List.of(masked));
    }

    @ParameterizedTest
    @MethodSource("nothingToDraftFrom")
    void saysSoIfThereIsNothingToDraftFrom(String samples) {
        Ran init = playground.sluiceReading(samples, "pipeline", "init", "--from", "-");

        assertThat(init.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(init.out()).isEmpty();
        assertThat(init.err()).contains("no draft").doesNotContain(CANARY);
    }

    static Stream<String> nothingToDraftFrom() {
        return Stream.of("", "[]", "{}", "\"" + CANARY + "\"", "{\"a\":\"\\u0000" + CANARY + "\"}");
    }

    private static Map<String, Column> columns(String yaml) {
        PipelineSpec spec = Pipelines.read("draft", yaml);
        return spec.columns().stream().collect(Collectors.toMap(Column::name, Function.identity()));
    }
}
