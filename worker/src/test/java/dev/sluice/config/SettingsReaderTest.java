package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

    private static final String CANARY = "canary-5ecret";

    @TempDir
    Path folder;

    @Nested
    class Defaults {

        @ParameterizedTest
        @EnumSource
        void applyWhenNothingElseIsSet(Setting setting) {
            Settings settings = read(Map.of(), null, Map.of());

            assertThat(settings.text(setting)).isEqualTo(setting.fallback());
            assertThat(settings.origin(setting)).isEqualTo(setting.fallback() == null ? null : "default");
        }

        @Test
        void haveTheseValues() {
            Settings settings = read(Map.of(), null, Map.of());

            assertThat(settings.text(Setting.PIPELINE)).isEqualTo("user-logins");
            assertThat(settings.text(Setting.LOG_LEVEL)).isEqualTo("info");
            assertThat(settings.run().consumers()).isEqualTo(2);
            assertThat(settings.run().batchMessages()).isEqualTo(1000);
            assertThat(settings.text(Setting.INSECURE_DATABASE_TLS)).isEqualTo("false");
        }
    }

    @Nested
    class Order {

        @ParameterizedTest
        @EnumSource
        void fileComesBeforeDefault(Setting setting) throws IOException {
            Path file = file(yaml(setting, sample(setting, 0)));

            Settings settings = read(Map.of(), file, Map.of());

            assertThat(settings.text(setting)).isEqualTo(sample(setting, 0));
            assertThat(settings.origin(setting)).isEqualTo("file " + file);
        }

        @ParameterizedTest
        @EnumSource
        void environmentComesBeforeFile(Setting setting) throws IOException {
            String variable = setting.variables().getFirst();

            Settings settings =
                    read(Map.of(), file(yaml(setting, sample(setting, 0))), Map.of(variable, sample(setting, 1)));

            assertThat(settings.text(setting)).isEqualTo(sample(setting, 1));
            assertThat(settings.origin(setting)).isEqualTo("environment " + variable);
        }

        @ParameterizedTest
        @EnumSource
        void flagComesBeforeAll(Setting setting) throws IOException {
            Settings settings = read(
                    Map.of(setting, sample(setting, 0)),
                    file(yaml(setting, sample(setting, 1))),
                    Map.of(setting.variables().getFirst(), sample(setting, 1)));

            assertThat(settings.text(setting)).isEqualTo(sample(setting, 0));
            assertThat(settings.origin(setting)).isEqualTo("flag " + setting.flag());
        }

        @ParameterizedTest
        @CsvSource({
            "REGION,AWS_REGION,AWS_DEFAULT_REGION",
            "ENDPOINT,AWS_ENDPOINT_URL_SQS,AWS_ENDPOINT_URL",
        })
        void theFirstVariableComesBeforeTheSecond(Setting setting, String first, String second) {
            assertThat(read(Map.of(), null, Map.of(first, "a", second, "b")).text(setting))
                    .isEqualTo("a");
            assertThat(read(Map.of(), null, Map.of(second, "b")).origin(setting))
                    .isEqualTo("environment " + second);
        }

        @Test
        void endpointsOfTheEnvironmentAreIgnoredWhereAwsToolsIgnoreThem() throws IOException {
            Map<String, String> environment =
                    Map.of("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE", "AWS_ENDPOINT_URL", "http://ignored");

            assertThat(read(Map.of(), null, environment).text(Setting.ENDPOINT)).isNull();
            assertThat(read(Map.of(), file("aws: { endpoint-url: http://own }"), environment)
                            .text(Setting.ENDPOINT))
                    .isEqualTo("http://own");
        }

        @Test
        void emptyVariableCountsAsNotSet() throws IOException {
            Settings settings =
                    read(Map.of(), file("queue: from-file"), Map.of("SLUICE_QUEUE", "", "PGPASSWORD_FILE", ""));

            assertThat(settings.text(Setting.QUEUE)).isEqualTo("from-file");
        }

        @Test
        void oneFileCanContainEverySetting() throws IOException {
            Path file = file(
                    """
                    pipeline: user-logins-sha256
                    queue: q
                    keys: k
                    database:
                      url: postgresql://h/d
                      host: h
                      port: 5433
                      name: n
                      user: u
                      password: '0123'
                      ssl-mode: require
                      ssl-root-cert: system
                      insecure-tls: true
                      iam-auth: false
                      synchronous-commit: on
                    aws: { region: eu-west-1, endpoint-url: http://localhost:4566, insecure-http: true, kms-key: k }
                    consumers: 4
                    batch: { messages: 10 }
                    health: { port: 0, address: localhost }
                    console:
                      database-url: postgresql://h/d
                      port: off
                      address: localhost
                      tokens-file: t
                      proxy-header: X-User
                      proxy-secret: s
                      proxy-operators: a,b
                    report-field-names: true
                    otel:
                      disabled: false
                      service-name: s
                      resource-attributes: a=b
                      endpoint: http://localhost:4318
                      headers: a=b
                      protocol: http/protobuf
                      timeout: 1000
                      metrics-exporter: otlp
                      metrics-endpoint: http://localhost:4318
                      metrics-headers: a=b
                      metrics-protocol: http/protobuf
                      metrics-timeout: 1000
                      metrics-interval: 1000
                      traces-exporter: otlp
                      traces-endpoint: http://localhost:4318
                      traces-headers: a=b
                      traces-protocol: http/protobuf
                      traces-timeout: 1000
                      traces-sampler: traceidratio
                      traces-sampler-arg: '0.5'
                    lineage: { url: http://localhost:5000, api-key: k, file: f, namespace: n }
                    log: { level: debug, format: text }
                    """);

            Settings settings = read(Map.of(), file, Map.of());

            assertThat(Setting.values())
                    .allSatisfy(setting -> assertThat(settings.origin(setting)).isEqualTo("file " + file));
            assertThat(settings.text(Setting.DATABASE_PASSWORD)).isEqualTo("0123");
            assertThat(settings.run().consumers()).isEqualTo(4);
            assertThat(settings.text(Setting.INSECURE_DATABASE_TLS)).isEqualTo("true");
        }
    }

    @Nested
    class FormerNames {

        @ParameterizedTest
        @ValueSource(strings = {"consumers: 3", "lanes: 3", "lanes: 4\nconsumers: 3", "consumers: 3\nlanes: 4"})
        void applyInTheFileUnlessTheNewOneIsSet(String yaml) throws IOException {
            assertThat(read(Map.of(), file(yaml), Map.of()).run().consumers()).isEqualTo(3);
        }

        @Test
        void applyInTheEnvironmentUnlessTheNewOneIsSet() throws IOException {
            Path file = file("consumers: 5");

            assertThat(read(Map.of(), file, Map.of("SLUICE_LANES", "4")).run().consumers())
                    .isEqualTo(4);
            assertThat(read(Map.of(), file, Map.of("SLUICE_LANES", "4", "SLUICE_CONSUMERS", "3"))
                            .run()
                            .consumers())
                    .isEqualTo(3);
        }
    }

    @Nested
    class SecretFile {

        @ParameterizedTest
        @EnumSource(names = {"DATABASE_URL", "CONSOLE_DATABASE_URL", "DATABASE_PASSWORD"})
        void isReadForEverySecret(Setting setting) throws IOException {
            String variable = setting.variables().getFirst() + "_FILE";

            Settings settings =
                    read(Map.of(), null, Map.of(variable, file(CANARY).toString()));

            assertThat(settings.text(setting)).isEqualTo(CANARY);
            assertThat(settings.origin(setting)).isEqualTo("environment " + variable);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\n", "\r\n", "\n\n", ""})
        void losesTheLineEndOnly(String end) throws IOException {
            Path file = file(" blank at both ends " + end);

            assertThat(password(file)).isEqualTo(" blank at both ends ");
        }

        @Test
        void isReadForSecretsOnly() throws IOException {
            Settings settings =
                    read(Map.of(), null, Map.of("SLUICE_QUEUE_FILE", file("q").toString()));

            assertThat(settings.text(Setting.QUEUE)).isNull();
        }

        @Test
        void comesAfterTheVariableItself() throws IOException {
            Settings settings = read(
                    Map.of(), null, Map.of("PGPASSWORD_FILE", file("from file").toString(), "PGPASSWORD", "given"));

            assertThat(settings.text(Setting.DATABASE_PASSWORD)).isEqualTo("given");
        }

        @Test
        void thatIsMissingIsRefusedByItsVariable() {
            assertRefused(
                    null,
                    Map.of("PGPASSWORD_FILE", folder.resolve("none").toString()),
                    "PGPASSWORD_FILE: the file that it names cannot be read.");
        }

        @Test
        void thatIsEmptyIsRefused() throws IOException {
            assertRefused(
                    null,
                    Map.of("PGPASSWORD_FILE", file("\n").toString()),
                    "database.password (environment PGPASSWORD_FILE): a value was expected");
        }

        private String password(Path file) {
            String text = read(Map.of(), null, Map.of("PGPASSWORD_FILE", file.toString()))
                    .text(Setting.DATABASE_PASSWORD);
            return String.valueOf(text);
        }
    }

    @Nested
    class Refusals {

        @ParameterizedTest
        @CsvSource({
            "CONSUMERS,0",
            "CONSUMERS,65",
            "CONSUMERS,-1",
            "CONSUMERS,2.0",
            "CONSUMERS,two",
            "CONSUMERS,99999999999",
            "CONSUMERS,' 2'",
            "CONSUMERS,٣",
            "BATCH_MESSAGES,0",
            "BATCH_MESSAGES,10001",
            "LOG_LEVEL,verbose",
            "LOG_LEVEL,INFO",
            "INSECURE_DATABASE_TLS,yes",
            "INSECURE_DATABASE_TLS,TRUE",
            "INSECURE_AWS_HTTP,yes",
            "DATABASE_SYNCHRONOUS_COMMIT,off",
            "DATABASE_SYNCHRONOUS_COMMIT,local"
        })
        void nameTheSettingAndItsOriginButNotTheValue(Setting setting, String value) {
            String variable = setting.variables().getFirst();

            assertThatThrownBy(() -> read(Map.of(), null, Map.of(variable, value)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageMatching(".*\\Q" + setting.key() + "\\E \\(environment " + variable
                            + "\\): (a whole number|one of).* was expected\\.");
        }

        @ParameterizedTest
        @CsvSource({"CONSUMERS,1", "CONSUMERS,64", "BATCH_MESSAGES,1", "BATCH_MESSAGES,10000", "LOG_LEVEL,trace"})
        void allowTheBoundsThemselves(Setting setting, String value) {
            assertThat(read(Map.of(setting, value), null, Map.of()).text(setting))
                    .isEqualTo(value);
        }

        @Test
        void comeTogetherFromFlagEnvironmentSecretFileAndSettingsFile() throws IOException {
            Path file = file("qeue: q\ndatabase: { pasword: x }\nbatch: { messages: 0 }\n");
            Map<String, String> environment = Map.of("SLUICE_CONSUMERS", "none", "PGPASSWORD_FILE", "/no/such/file");

            assertThatThrownBy(() -> read(Map.of(Setting.LOG_LEVEL, "loud"), file, environment))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining(file + ": 2 problems")
                    .hasMessageContaining("1:1 qeue: unknown key")
                    .hasMessageContaining("2:13 database.pasword: unknown key")
                    .hasMessageContaining("batch.messages (file " + file + ":3:20)")
                    .hasMessageContaining("consumers (environment SLUICE_CONSUMERS)")
                    .hasMessageContaining("PGPASSWORD_FILE: ")
                    .hasMessageContaining("log.level (flag --log-level)");
        }

        @ParameterizedTest
        @ValueSource(strings = {"database: " + CANARY, "database: [" + CANARY + "]", "database: 5"})
        void reportOnceThatASectionWasExpected(String yaml) throws IOException {
            assertRefused(file(yaml), Map.of(), "1 problem\n  1:11 database: a mapping (key: value) was expected");
        }

        @Test
        void reportThatAPlainValueWasExpected() throws IOException {
            assertRefused(file("queue: { name: q }"), Map.of(), "1:8 queue: a plain value was expected");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "# nothing but a comment\n"})
        void reportThatTheFileIsEmpty(String yaml) throws IOException {
            assertRefused(file(yaml), Map.of(), "the file is empty");
        }

        @ParameterizedTest
        @ValueSource(strings = {"database:", "database: null", "database: {}", "queue: null"})
        void allowSectionsWithoutValues(String yaml) throws IOException {
            assertThat(read(Map.of(), file(yaml), Map.of()).text(Setting.CONSUMERS))
                    .isEqualTo("2");
        }

        @Test
        void reportThatAValueIsEmpty() throws IOException {
            assertRefused(file("aws: { region: '' }"), Map.of(), "aws.region (file ");
            assertThatThrownBy(() -> read(Map.of(Setting.QUEUE, " "), null, Map.of()))
                    .hasMessage("queue (flag --queue): a value was expected; leave it out for the default.");
        }

        @Test
        void reportThatTheFileIsMissing() {
            assertRefused(folder.resolve("none.yaml"), Map.of(), "none.yaml cannot be read as UTF-8 text.");
        }

        @Test
        void reportThatTheFileIsNotUtf8() throws IOException {
            Path file = folder.resolve("latin1.yaml");
            Files.write(file, "queue: ä".getBytes(StandardCharsets.ISO_8859_1));

            assertRefused(file, Map.of(), "cannot be read as UTF-8 text.");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "database: { url: " + CANARY + ", x: 1 }",
                    "database: { password:" + CANARY + " }",
                    "database: { password: [" + CANARY + "] }",
                    "database:\n  password: " + CANARY + "\n bad indent: 1",
                    "database:\n  password:" + CANARY,
                    "database: { password: a, password: " + CANARY + " }",
                    "password:" + CANARY + ": 1",
                    "database: { insecure-tls: " + CANARY + " }",
                    "consumers: " + CANARY,
                    "log: { level: " + CANARY + " }"
                })
        void neverQuoteTheFile(String yaml) throws IOException {
            Path file = file(yaml);

            assertThatThrownBy(() -> read(Map.of(), file, Map.of()))
                    .isInstanceOf(SettingsException.class)
                    .hasNoCause()
                    .satisfies(refusal -> assertThat(refusal.toString()).doesNotContain(CANARY));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "8081", "65535"})
    void takesPorts(String port) {
        Settings settings = read(Map.of(Setting.HEALTH_PORT, port), null, Map.of());

        assertThat(settings.healthPort()).contains(new PortSettings("127.0.0.1", Integer.parseInt(port), true));
        assertThat(settings.consolePort()).contains(new PortSettings("127.0.0.1", 8080, false));
        assertThat(read(Map.of(Setting.HEALTH_PORT, "off"), null, Map.of()).healthPort())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "99999999999", "none", "OFF", " 80"})
    void refusesOtherPorts(String port) {
        assertRefused(null, Map.of("SLUICE_CONSOLE_PORT", port), "a port from 1 to 65535, 0 or off was expected");
    }

    @Test
    void ignoresWhatKubernetesSetsBesideAServiceOfThePortsName() {
        Settings settings =
                read(Map.of(), null, Map.of("SLUICE_HEALTH_PORT", "tcp://10.0.0.1:80", "SLUICE_CONSOLE_PORT", "9"));

        assertThat(settings.origin(Setting.HEALTH_PORT)).isEqualTo("default");
        assertThat(settings.text(Setting.CONSOLE_PORT)).isEqualTo("9");
    }

    private void assertRefused(@Nullable Path file, Map<String, String> environment, String why) {
        assertThatThrownBy(() -> read(Map.of(), file, environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(why);
    }

    private static Settings read(Map<Setting, String> flags, @Nullable Path file, Map<String, String> environment) {
        return SettingsReader.read(flags, file, new HashMap<>(environment));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("sluice.yaml"), text);
    }

    private static String yaml(Setting setting, String value) {
        String[] path = setting.key().split("\\.", -1);
        return path.length == 1 ? path[0] + ": " + value : path[0] + ": { " + path[1] + ": " + value + " }";
    }

    /** Two sound values that are not the default. */
    private static String sample(Setting setting, int which) {
        return switch (setting) {
            case CONSUMERS, BATCH_MESSAGES -> List.of("7", "8").get(which);
            case LOG_LEVEL -> List.of("debug", "trace").get(which);
            case LOG_FORMAT -> List.of("json", "text").get(which);
            case INSECURE_DATABASE_TLS, DATABASE_IAM_AUTH, INSECURE_AWS_HTTP, REPORT_FIELD_NAMES ->
                List.of("true", "false").get(which);
            case HEALTH_PORT, CONSOLE_PORT -> List.of("0", "off").get(which);
            case DATABASE_SYNCHRONOUS_COMMIT -> List.of("as-found", "on").get(which);
            case LINEAGE_URL -> List.of("http://one", "http://two").get(which);
            case OTEL_METRICS_INTERVAL, OTEL_TIMEOUT, OTEL_METRICS_TIMEOUT, OTEL_TRACES_TIMEOUT ->
                List.of("700", "800").get(which);
            case PIPELINE,
                    QUEUE,
                    KEYS,
                    OTEL_DISABLED,
                    OTEL_SERVICE_NAME,
                    OTEL_RESOURCE_ATTRIBUTES,
                    OTEL_ENDPOINT,
                    OTEL_HEADERS,
                    OTEL_PROTOCOL,
                    OTEL_METRICS_EXPORTER,
                    OTEL_METRICS_ENDPOINT,
                    OTEL_METRICS_HEADERS,
                    OTEL_METRICS_PROTOCOL,
                    OTEL_TRACES_EXPORTER,
                    OTEL_TRACES_ENDPOINT,
                    OTEL_TRACES_HEADERS,
                    OTEL_TRACES_PROTOCOL,
                    OTEL_TRACES_SAMPLER,
                    OTEL_TRACES_SAMPLER_ARG,
                    DATABASE_URL,
                    CONSOLE_DATABASE_URL,
                    DATABASE_HOST,
                    DATABASE_PORT,
                    DATABASE_NAME,
                    DATABASE_USER,
                    DATABASE_PASSWORD,
                    DATABASE_SSL_MODE,
                    DATABASE_SSL_ROOT_CERT,
                    REGION,
                    ENDPOINT,
                    HEALTH_ADDRESS,
                    CONSOLE_ADDRESS,
                    CONSOLE_TOKENS,
                    CONSOLE_PROXY_HEADER,
                    CONSOLE_PROXY_SECRET,
                    CONSOLE_PROXY_OPERATORS,
                    KMS_KEY,
                    LINEAGE_API_KEY,
                    LINEAGE_FILE,
                    LINEAGE_NAMESPACE -> List.of("one", "two").get(which);
        };
    }
}
