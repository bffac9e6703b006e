package dev.sluice.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8081, http://127.0.0.1:8081/status",
        "http://127.0.0.1:8081/, http://127.0.0.1:8081/status",
        "http://127.0.0.1:8081/status, http://127.0.0.1:8081/status",
        "https://gate.example/sluice, https://gate.example/sluice/status",
        "http://[::1]:8081, http://[::1]:8081/status",
    })
    void findsTheDocument(String url, String page) {
        assertThat(WorkerAddress.of(url).orElseThrow().page()).hasToString(page);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8081",
                "127.0.0.1:8081",
                "localhost:8081",
                "file:///etc/passwd",
                "ftp://127.0.0.1",
                "http://",
                "http:///status",
                "http://user:secret@127.0.0.1",
                "http://127.0.0.1/?a=b",
                "http://127.0.0.1/#a",
                "http://127.0.0.1:99999",
                "http://a b/",
            })
    void takesNothingElse(String url) {
        assertThat(WorkerAddress.of(url)).isEmpty();
    }

    @Test
    void isCalledByHostAndPort() {
        assertThat(WorkerAddress.of("http://worker-1:8081").orElseThrow().label())
                .isEqualTo("worker-1:8081");
    }
}
