package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExamplesIT {

    private static final Path PAYMENTS = Document.root().resolve("examples/payments");

    /** Clear values that stand in the messages and must not stand in what the demo prints. */
    private static final List<String> CANARIES = List.of(
            "ann@example.com",
            "Ann@Example.com",
            "bo@example.net",
            "192.0.2.10",
            "198.51.100.23",
            "2001:db8:17::5",
            "card-aaaa",
            "Ann Example");

    @Test
    void paymentsMessagesBecomeRowsButForTheTwoBadOnes() throws IOException {
        Path messages = PAYMENTS.resolve("payments.ndjson");
        InProcess demo = InProcess.run(
                Map.of(),
                "demo",
                "--pipeline",
                PAYMENTS.resolve("payments.yaml").toString(),
                "--messages",
                messages.toString(),
                "--output",
                "json");

        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.lastLine())
                .startsWith("{\"received\":13,\"stored\":11,\"duplicates\":0,\"quarantined\":2,\"released\":0,");
        assertThat(rows(demo)).hasSize(10); // of 11: the demo shows ten
        assertThat(tokensOf(demo, "email")).containsExactlyInAnyOrder(2L, 3L, 3L, 3L);
        assertThat(tokensOf(demo, "ip_network")).containsExactlyInAnyOrder(2L, 3L, 3L, 3L);
        assertThat(demo.out()).contains("\"reason\":\"not-a-number\",\"column\":\"amount\"", "json-in-string");
        assertThat(Files.readString(messages)).contains(CANARIES);
        assertThat(demo.out() + demo.err()).doesNotContain(CANARIES);
    }

    @Test
    void paymentsTestsPass() {
        InProcess test = InProcess.run(
                Map.of(), "pipeline", "test", PAYMENTS.resolve("payments.yaml").toString());

        assertThat(test.exitCode()).as(test.out() + test.err()).isZero();
        assertThat(test.out()).contains("serialised twice").endsWith("7 tests passed\n");
        assertThat(test.out()).doesNotContain(CANARIES);
    }

    private static Stream<String> rows(InProcess demo) {
        return demo.out().lines().filter(line -> line.startsWith("{\"payment_id\":"));
    }

    /** How often each value of a column is shared, by the demo's list of duplicates. */
    private static Stream<Long> tokensOf(InProcess demo, String column) {
        return demo.out()
                .lines()
                .filter(line -> line.startsWith("{\"column\":\"" + column + "\""))
                .map(line -> Long.valueOf(line.replaceFirst(".*\"rows\":([0-9]+).*", "$1")));
    }
}
