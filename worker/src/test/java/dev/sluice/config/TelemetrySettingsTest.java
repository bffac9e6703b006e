package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.TelemetrySettings.Endpoint;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetrySettingsTest {

    private static final String SECRET = "canary-4711";
    private static final String BASE = "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318";

    private static Settings settings(String... variables) {
        Map<String, String> environment = new HashMap<>();
        Arrays.stream(variables)
                .forEach(variable -> environment.put(
                        variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1)));
        return SettingsReader.read(Map.of(), null, environment);
    }

    private static Endpoint metrics(String... variables) {
        return Objects.requireNonNull(settings(variables).telemetry().metrics()).endpoint();
    }

    private static Endpoint traces(String... variables) {
        return Objects.requireNonNull(settings(variables).telemetry().traces()).endpoint();
    }

    private static void assertRefused(String why, String... variables) {
        Settings settings = settings(variables);
        assertThatThrownBy(settings::telemetry)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining(SECRET);
        assertThat(settings.problems()).as("what config validate shows").anyMatch(problem -> problem.contains(why));
    }

    @Nested
    class Switch {

        @Test
        void isOffByDefault() {
            TelemetrySettings telemetry =
                    settings("OTEL_EXPORTER_OTLP_HEADERS=key=" + SECRET).telemetry();

            assertThat(telemetry.metrics()).isNull();
            assertThat(telemetry.traces()).isNull();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    BASE,
                    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://localhost:4318/v1/metrics",
                    "OTEL_METRICS_EXPORTER=otlp"
                })
        void sendsMetricsOnceAnEndpointOrTheExporterIsSet(String variable) {
            TelemetrySettings telemetry = settings(variable).telemetry();

            assertThat(telemetry.metrics()).isNotNull();
            assertThat(telemetry.traces()).as("needs its own word").isNull();
        }

        @Test
        void sendsTracesOnlyIfTheExporterIsSet() {
            assertThat(settings(BASE, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://localhost:4318")
                            .telemetry()
                            .traces())
                    .isNull();
            assertThat(settings("OTEL_TRACES_EXPORTER=otlp").telemetry().traces())
                    .isNotNull();
        }

        @ParameterizedTest
        @ValueSource(strings = {"OTEL_METRICS_EXPORTER=none", "OTEL_SDK_DISABLED=true", "OTEL_SDK_DISABLED=TRUE"})
        void canBeTurnedOffDespiteAnEndpoint(String variable) {
            assertThat(settings(BASE, variable).telemetry().metrics()).isNull();
        }

        /** Such variables are set for all programs of a cluster. */
        @Test
        void whatIsOffIsNotChecked() {
            assertThatCode(() -> settings(
                                    "OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
                                    "OTEL_METRIC_EXPORT_INTERVAL=soon",
                                    "OTEL_RESOURCE_ATTRIBUTES=none")
                            .telemetry())
                    .doesNotThrowAnyException();
        }

        @Test
        void refusesOtherExporters() {
            assertRefused("otel.metrics-exporter (environment OTEL_METRICS_EXPORTER)", "OTEL_METRICS_EXPORTER=console");
            assertRefused("otel.traces-exporter (environment OTEL_TRACES_EXPORTER)", "OTEL_TRACES_EXPORTER=zipkin");
        }
    }

    @Nested
    class Endpoints {

        @ParameterizedTest
        @CsvSource({
            "http://localhost:4318,          http://localhost:4318/v1/metrics",
            "http://localhost:4318/,         http://localhost:4318/v1/metrics",
            "https://c.example/otlp,         https://c.example/otlp/v1/metrics",
            "https://c.example/otlp/,        https://c.example/otlp/v1/metrics",
            "https://c.example/v1/metrics,   https://c.example/v1/metrics/v1/metrics"
        })
        void theGeneralOneIsFollowedByThePathOfTheSignal(String general, String expected) {
            assertThat(metrics("OTEL_EXPORTER_OTLP_ENDPOINT=" + general).url()).isEqualTo(URI.create(expected));
            assertThat(traces("OTEL_TRACES_EXPORTER=otlp", "OTEL_EXPORTER_OTLP_ENDPOINT=" + general)
                            .url())
                    .isEqualTo(URI.create(expected.replaceFirst("metrics\\z", "traces")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"https://c.example", "https://c.example/", "https://c.example/ingest/otlp"})
        void theOneOfTheSignalIsTakenAsItIsAndCountsFirst(String specific) {
            assertThat(metrics(BASE, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=" + specific)
                            .url())
                    .isEqualTo(URI.create(specific));
        }

        @Test
        void theDefaultIsACollectorOnThisMachine() {
            assertThat(metrics("OTEL_METRICS_EXPORTER=otlp").url())
                    .isEqualTo(URI.create("http://localhost:4318/v1/metrics"));
            assertThat(traces("OTEL_TRACES_EXPORTER=otlp").url())
                    .isEqualTo(URI.create("http://localhost:4318/v1/traces"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "localhost:4317",
                    "grpc://localhost:4317",
                    "https://user:" + SECRET + "@c.example",
                    "https://c.example/?key=" + SECRET
                })
        void refusesWhatIsNotAUrlOrHoldsCredentials(String endpoint) {
            assertRefused(
                    "otel.endpoint (environment OTEL_EXPORTER_OTLP_ENDPOINT)",
                    "OTEL_EXPORTER_OTLP_ENDPOINT=" + endpoint);
        }
    }

    @Nested
    class Protocol {

        @ParameterizedTest
        @CsvSource({
            "otel.protocol,         OTEL_EXPORTER_OTLP_PROTOCOL,         grpc",
            "otel.metrics-protocol, OTEL_EXPORTER_OTLP_METRICS_PROTOCOL, grpc",
            "otel.protocol,         OTEL_EXPORTER_OTLP_PROTOCOL,         http/json"
        })
        void isHttpProtobufOrRefusedByTheNameOfItsVariable(String setting, String variable, String protocol) {
            assertRefused(
                    setting + " (environment " + variable + "): http/protobuf was expected",
                    BASE,
                    variable + "=" + protocol);
        }

        @Test
        void theOneOfTheSignalCounts() {
            assertThatCode(() -> metrics(
                            BASE,
                            "OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
                            "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=http/protobuf"))
                    .doesNotThrowAnyException();
            assertRefused(
                    "otel.traces-protocol (environment OTEL_EXPORTER_OTLP_TRACES_PROTOCOL)",
                    "OTEL_TRACES_EXPORTER=otlp",
                    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=grpc");
        }
    }

    @Nested
    class Headers {

        @Test
        void arePairsWithPercentEncodedValues() {
            assertThat(metrics(BASE, "OTEL_EXPORTER_OTLP_HEADERS=api-key=a%2Cb+c==, x-tenant = t1 ,")
                            .headers())
                    .isEqualTo(Map.of("api-key", "a,b+c==", "x-tenant", "t1"));
        }

        @Test
        void thoseOfTheSignalCount() {
            assertThat(metrics(
                                    BASE,
                                    "OTEL_EXPORTER_OTLP_HEADERS=a=1",
                                    "OTEL_EXPORTER_OTLP_METRICS_HEADERS=b=2",
                                    "OTEL_EXPORTER_OTLP_TRACES_HEADERS=c=3")
                            .headers())
                    .isEqualTo(Map.of("b", "2"));
        }

        @Test
        void comeFromAFileToo(@TempDir Path folder) throws Exception {
            Path file = Files.writeString(folder.resolve("headers"), "api-key=" + SECRET + "\n");

            assertThat(metrics(BASE, "OTEL_EXPORTER_OTLP_HEADERS_FILE=" + file).headers())
                    .isEqualTo(Map.of("api-key", SECRET));
        }

        @Test
        void areFetchedFromAwsWhenTheyAreUsed() {
            String arn = "arn:aws:ssm:eu-central-1:123456789012:parameter/otel";
            Settings settings = settings(BASE, "OTEL_EXPORTER_OTLP_HEADERS=" + arn);

            assertThat(settings.problems()).isEmpty();
            assertThat(Objects.requireNonNull(settings.with(new TestSecretStore() {
                                        @Override
                                        public String fetch(Setting setting, SecretArn found) {
                                            assertThat(found.toString()).isEqualTo(arn);
                                            return "api-key=" + SECRET;
                                        }
                                    })
                                    .telemetry()
                                    .metrics())
                            .endpoint()
                            .headers())
                    .isEqualTo(Map.of("api-key", SECRET));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    SECRET,
                    "=" + SECRET,
                    "api-key=%zz" + SECRET,
                    "api key=" + SECRET,
                    "Host=" + SECRET,
                    "api-key=" + SECRET + "%0d%0aX: y"
                })
        void refusesOthersWithoutShowingThem(String headers) {
            assertRefused(
                    "otel.headers (environment OTEL_EXPORTER_OTLP_HEADERS)",
                    BASE,
                    "OTEL_EXPORTER_OTLP_HEADERS=" + headers);
        }

        /** Figures may cross a cluster in clear, as a scrape of /metrics does; a key may not. */
        @Test
        void goInClearTextToThisMachineOnly() {
            String elsewhere = "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318";
            String headers = "OTEL_EXPORTER_OTLP_HEADERS=api-key=" + SECRET;

            assertThatCode(() -> metrics(elsewhere)).doesNotThrowAnyException();
            assertThatCode(() -> metrics(BASE, headers)).doesNotThrowAnyException();
            assertThatCode(() -> metrics("OTEL_EXPORTER_OTLP_ENDPOINT=https://collector:4318", headers))
                    .doesNotThrowAnyException();
            assertRefused(
                    "otel.endpoint (environment OTEL_EXPORTER_OTLP_ENDPOINT): https was expected", elsewhere, headers);
        }

        @Test
        void areShownByNothing() {
            Settings settings = settings(BASE, "OTEL_EXPORTER_OTLP_HEADERS=api-key=" + SECRET);

            assertThat(settings.shown(Setting.OTEL_HEADERS)).isEqualTo("(redacted)");
            assertThat(settings.telemetry().toString())
                    .contains("localhost:4318")
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void readsTimesInMilliseconds() {
        TelemetrySettings telemetry = settings(
                        BASE,
                        "OTEL_TRACES_EXPORTER=otlp",
                        "OTEL_METRIC_EXPORT_INTERVAL=15000",
                        "OTEL_EXPORTER_OTLP_TIMEOUT=3000",
                        "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=4000")
                .telemetry();

        assertThat(Objects.requireNonNull(telemetry.metrics()).interval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(telemetry.metrics().endpoint().timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(Objects.requireNonNull(telemetry.traces()).endpoint().timeout())
                .isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void namesTheServiceByItsOwnVariableThenByTheAttribute() {
        assertThat(settings(BASE).telemetry().resource()).isEqualTo(Map.of("service.name", "sluice"));
        assertThat(settings(BASE, "OTEL_RESOURCE_ATTRIBUTES=service.name=pay%20in,deployment.environment.name=prod")
                        .telemetry()
                        .resource())
                .isEqualTo(Map.of("service.name", "pay in", "deployment.environment.name", "prod"));
        assertThat(settings(BASE, "OTEL_SERVICE_NAME=logins", "OTEL_RESOURCE_ATTRIBUTES=service.name=pay")
                        .telemetry()
                        .withDefault("service.name", "other")
                        .withDefault("service.version", "1")
                        .resource())
                .isEqualTo(Map.of("service.name", "logins", "service.version", "1"));
    }

    @ParameterizedTest
    @CsvSource({
        "always_on,                0.25, 1",
        "always_off,               0.25, 0",
        "traceidratio,             0.25, 0.25",
        "traceidratio,             '',   1",
        "parentbased_always_on,    '',   1",
        "parentbased_always_off,   '',   0",
        "parentbased_traceidratio, .5,   0.5",
        "'',                       0.25, 1"
    })
    void readsTheSamplersOfTheSpecification(String sampler, String argument, double ratio) {
        assertThat(Objects.requireNonNull(settings(
                                        "OTEL_TRACES_EXPORTER=otlp",
                                        "OTEL_TRACES_SAMPLER=" + sampler,
                                        "OTEL_TRACES_SAMPLER_ARG=" + argument)
                                .telemetry()
                                .traces())
                        .sampler()
                        .ratio())
                .isEqualTo(ratio);
    }

    @Test
    void reportsAllProblemsOfWhatIsOnAtOnce() {
        List<String> expected = List.of(
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                "OTEL_METRIC_EXPORT_INTERVAL",
                "OTEL_EXPORTER_OTLP_TIMEOUT",
                "OTEL_RESOURCE_ATTRIBUTES",
                "OTEL_TRACES_SAMPLER",
                "OTEL_TRACES_SAMPLER_ARG");
        for (String sampler : List.of("jaeger_remote", "traceidratio")) {
            String[] variables = {
                BASE,
                "OTEL_TRACES_EXPORTER=otlp",
                "OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
                "OTEL_METRIC_EXPORT_INTERVAL=1s",
                "OTEL_EXPORTER_OTLP_TIMEOUT=0",
                "OTEL_RESOURCE_ATTRIBUTES=alone",
                "OTEL_TRACES_SAMPLER=" + sampler,
                "OTEL_TRACES_SAMPLER_ARG=2"
            };
            expected.stream()
                    .filter(name -> !name.equals(
                            sampler.equals("traceidratio") ? "OTEL_TRACES_SAMPLER" : "OTEL_TRACES_SAMPLER_ARG"))
                    .forEach(name -> assertRefused("(environment " + name + ")", variables));
        }
    }
}
