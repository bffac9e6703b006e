package dev.sluice.config;

import static dev.sluice.config.ValueType.choice;
import static dev.sluice.config.ValueType.number;
import static dev.sluice.config.ValueType.text;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, declared once: key in {@code sluice.yaml}, flag, type, default, help, and environment
 * variables. The command line's flags are generated from this, and the reference table in docs/configuration.md is tested
 * against it.
 */
@SuppressWarnings("ImmutableEnumChecker") // the predicates of a type hold no state; List.of makes the lists
public enum Setting {
    PIPELINE("pipeline", "--pipeline", text("NAME|FILE"), "user-logins", "Pipeline name or file", "SLUICE_PIPELINE"),
    QUEUE("queue", "--queue", text("NAME|URL"), null, "Queue, instead of the pipeline's source.queue", "SLUICE_QUEUE"),
    KEYS("keys", "--keys", text("FILE"), null, "Keyset file", "SLUICE_KEYS"),
    DATABASE_URL("database.url", text("URL"), "URL as libpq or pgjdbc takes it", "SLUICE_DATABASE_URL"),
    CONSOLE_DATABASE_URL(
            "console.database-url",
            text("URL"),
            "URL of the console's own login; without it, the console uses the worker's",
            "SLUICE_CONSOLE_DATABASE_URL"),
    DATABASE_HOST("database.host", ValueType.HOST, "Host, unless the URL names one", "PGHOST"),
    DATABASE_PORT("database.port", number(1, 65_535), "Port, unless the URL names one", "PGPORT"),
    DATABASE_NAME("database.name", text("NAME"), "Database, unless the URL names one", "PGDATABASE"),
    DATABASE_USER("database.user", text("NAME"), "User, unless the URL names one", "PGUSER"),
    DATABASE_PASSWORD("database.password", text("TEXT"), "Password, unless the URL contains it", "PGPASSWORD"),
    DATABASE_IAM_AUTH(
            "database.iam-auth",
            null,
            ValueType.BOOLEAN,
            "false",
            "Log in to RDS with tokens of the AWS credentials instead of a password",
            "SLUICE_DATABASE_IAM_AUTH"),
    /** Weakest first (PostgreSQL manual, 34.19.3, table 34.1). */
    DATABASE_SSL_MODE(
            "database.ssl-mode",
            choice("MODE", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
            "TLS mode of libpq; verify-full unless the host is this machine",
            "PGSSLMODE"),
    DATABASE_SSL_ROOT_CERT("database.ssl-root-cert", text("FILE"), "Trusted authorities, or system", "PGSSLROOTCERT"),
    INSECURE_DATABASE_TLS(
            "database.insecure-tls",
            "--insecure-database-tls",
            ValueType.BOOLEAN,
            "false",
            "Allow a database connection that does not verify the server's identity",
            "SLUICE_INSECURE_DATABASE_TLS"),
    DATABASE_SYNCHRONOUS_COMMIT(
            "database.synchronous-commit",
            null,
            choice("MODE", "as-found", "on"),
            "on",
            "on enables synchronous_commit in sessions that find it off",
            "SLUICE_DATABASE_SYNCHRONOUS_COMMIT"),
    REGION("aws.region", "--region", text("REGION"), null, "AWS region", "AWS_REGION", "AWS_DEFAULT_REGION"),
    ENDPOINT(
            "aws.endpoint-url",
            "--endpoint-url",
            ValueType.HTTP_URL,
            null,
            "SQS endpoint, if it is not AWS",
            "AWS_ENDPOINT_URL_SQS",
            "AWS_ENDPOINT_URL"),
    INSECURE_AWS_HTTP(
            "aws.insecure-http",
            "--insecure-aws-http",
            ValueType.BOOLEAN,
            "false",
            "Allow plain HTTP to AWS endpoints on other machines",
            "SLUICE_INSECURE_AWS_HTTP"),
    KMS_KEY("aws.kms-key", text("ARN"), "KMS key that encrypts the keyset file", "SLUICE_KMS_KEY"),
    /** Formerly called lanes. */
    CONSUMERS(
            "consumers",
            "--consumers",
            number(1, 64),
            "2",
            "Batches stored in parallel",
            "SLUICE_CONSUMERS",
            "SLUICE_LANES"),
    /**
     * One COPY of 1,000 rows costs little more per row than one of 10,000, and is stored within a third of the default
     * visibility timeout.
     */
    BATCH_MESSAGES(
            "batch.messages",
            "--batch-messages",
            number(1, 10_000),
            "1000",
            "Maximum messages per batch",
            "SLUICE_BATCH_MESSAGES"),
    HEALTH_PORT(
            "health.port",
            "--health-port",
            ValueType.PORT,
            "8081",
            "Port of health, metrics and status; 0 picks a free one, off opens none",
            "SLUICE_HEALTH_PORT"),
    HEALTH_ADDRESS(
            "health.address",
            "--health-address",
            ValueType.HOST,
            "127.0.0.1",
            "Address on which the health port listens",
            "SLUICE_HEALTH_ADDRESS"),
    CONSOLE_PORT(
            "console.port",
            "--console-port",
            ValueType.PORT,
            "8080",
            "Port of the console; 0 picks a free one, off opens none",
            "SLUICE_CONSOLE_PORT"),
    CONSOLE_ADDRESS(
            "console.address",
            "--console-address",
            ValueType.HOST,
            "127.0.0.1",
            "Address on which the console listens",
            "SLUICE_CONSOLE_ADDRESS"),
    CONSOLE_TOKENS(
            "console.tokens-file",
            "--console-tokens-file",
            text("FILE"),
            null,
            "File of those who may use the console",
            "SLUICE_CONSOLE_TOKENS_FILE"),
    CONSOLE_PROXY_HEADER(
            "console.proxy-header",
            ValueType.HEADER,
            "Header in which a trusted proxy names the console's user",
            "SLUICE_CONSOLE_PROXY_HEADER"),
    CONSOLE_PROXY_SECRET(
            "console.proxy-secret",
            text("TEXT"),
            "What the trusted proxy proves itself with, in X-Sluice-Proxy-Secret",
            "SLUICE_CONSOLE_PROXY_SECRET"),
    CONSOLE_PROXY_OPERATORS(
            "console.proxy-operators",
            text("NAMES"),
            "Users of the trusted proxy who are operators, separated by commas",
            "SLUICE_CONSOLE_PROXY_OPERATORS"),
    REPORT_FIELD_NAMES(
            "report-field-names",
            "--report-field-names",
            ValueType.BOOLEAN,
            "false",
            "Report fields that no column reads by names that the pipeline file does not contain",
            "SLUICE_REPORT_FIELD_NAMES"),
    /** OpenLineage's own variables, as its clients read them. */
    LINEAGE_URL(
            "lineage.url", ValueType.HTTP_URL, "OpenLineage service that is sent an event per run", "OPENLINEAGE_URL"),
    LINEAGE_API_KEY("lineage.api-key", text("TEXT"), "Key for the OpenLineage service", "OPENLINEAGE_API_KEY"),
    LINEAGE_FILE("lineage.file", text("FILE"), "File to which OpenLineage events are appended", "SLUICE_LINEAGE_FILE"),
    LINEAGE_NAMESPACE(
            "lineage.namespace",
            null,
            text("NAME"),
            "sluice",
            "Namespace of the job in OpenLineage events",
            "OPENLINEAGE_NAMESPACE"),
    OTEL_DISABLED(
            "otel.disabled",
            null,
            ValueType.ANY_CASE_BOOLEAN,
            "false",
            "Send nothing to an OpenTelemetry collector",
            "OTEL_SDK_DISABLED"),
    OTEL_SERVICE_NAME(
            "otel.service-name", null, text("NAME"), "sluice", "Name of this service there", "OTEL_SERVICE_NAME"),
    OTEL_RESOURCE_ATTRIBUTES(
            "otel.resource-attributes", text("LIST"), "Further attributes of it", "OTEL_RESOURCE_ATTRIBUTES"),
    OTEL_ENDPOINT(
            "otel.endpoint",
            ValueType.OPEN_HTTP_URL,
            "OpenTelemetry collector for metrics and traces, without their path",
            "OTEL_EXPORTER_OTLP_ENDPOINT"),
    OTEL_HEADERS("otel.headers", text("LIST"), "HTTP headers sent to it", "OTEL_EXPORTER_OTLP_HEADERS"),
    OTEL_PROTOCOL("otel.protocol", text("NAME"), "Only http/protobuf", "OTEL_EXPORTER_OTLP_PROTOCOL"),
    OTEL_TIMEOUT(
            "otel.timeout",
            null,
            number(1, 600_000),
            "10000",
            "Milliseconds that a request to it may take",
            "OTEL_EXPORTER_OTLP_TIMEOUT"),
    OTEL_METRICS_EXPORTER(
            "otel.metrics-exporter",
            choice("NAME", "none", "otlp"),
            "otlp sends metrics, none does not",
            "OTEL_METRICS_EXPORTER"),
    OTEL_METRICS_ENDPOINT(
            "otel.metrics-endpoint",
            ValueType.OPEN_HTTP_URL,
            "Where metrics are sent, with the path",
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"),
    OTEL_METRICS_HEADERS(
            "otel.metrics-headers",
            text("LIST"),
            "HTTP headers sent with metrics instead of otel.headers",
            "OTEL_EXPORTER_OTLP_METRICS_HEADERS"),
    OTEL_METRICS_PROTOCOL(
            "otel.metrics-protocol", text("NAME"), "Only http/protobuf", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"),
    OTEL_METRICS_TIMEOUT(
            "otel.metrics-timeout",
            number(1, 600_000),
            "Milliseconds that a request with metrics may take",
            "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT"),
    OTEL_METRICS_INTERVAL(
            "otel.metrics-interval",
            null,
            number(100, 86_400_000),
            "60000",
            "Milliseconds from one request with metrics to the next",
            "OTEL_METRIC_EXPORT_INTERVAL"),
    OTEL_TRACES_EXPORTER(
            "otel.traces-exporter",
            choice("NAME", "none", "otlp"),
            "otlp sends traces, none does not",
            "OTEL_TRACES_EXPORTER"),
    OTEL_TRACES_ENDPOINT(
            "otel.traces-endpoint",
            ValueType.OPEN_HTTP_URL,
            "Where traces are sent, with the path",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"),
    OTEL_TRACES_HEADERS(
            "otel.traces-headers",
            text("LIST"),
            "HTTP headers sent with traces instead of otel.headers",
            "OTEL_EXPORTER_OTLP_TRACES_HEADERS"),
    OTEL_TRACES_PROTOCOL(
            "otel.traces-protocol", text("NAME"), "Only http/protobuf", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"),
    OTEL_TRACES_TIMEOUT(
            "otel.traces-timeout",
            number(1, 600_000),
            "Milliseconds that a request with traces may take",
            "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"),
    OTEL_TRACES_SAMPLER(
            "otel.traces-sampler",
            null,
            choice(
                    "NAME",
                    "always_off",
                    "always_on",
                    "parentbased_always_off",
                    "parentbased_always_on",
                    "parentbased_traceidratio",
                    "traceidratio"),
            "parentbased_always_on",
            "Which batches are traced",
            "OTEL_TRACES_SAMPLER"),
    OTEL_TRACES_SAMPLER_ARG(
            "otel.traces-sampler-arg",
            ValueType.RATIO,
            "Part of the batches that traceidratio traces",
            "OTEL_TRACES_SAMPLER_ARG"),
    LOG_LEVEL(
            "log.level",
            "--log-level",
            choice("LEVEL", "debug", "error", "info", "trace", "warn"),
            "info",
            "Log level: error, warn, info, debug or trace",
            "SLUICE_LOG_LEVEL"),
    LOG_FORMAT(
            "log.format",
            null,
            choice("FORMAT", "auto", "json", "text"),
            "auto",
            "Log format: text, json (ECS), or auto for json in a container without a terminal",
            "SLUICE_LOG_FORMAT");

    private final String key;
    private final @Nullable String flag;

    private final ValueType type;
    private final @Nullable String fallback;
    private final String description;
    private final List<String> variables;

    /** One without flag and default. */
    Setting(String key, ValueType type, String description, String variable) {
        this(key, null, type, null, description, variable);
    }

    Setting(
            String key,
            @Nullable String flag,
            ValueType type,
            @Nullable String fallback,
            String description,
            String... variables) {
        this.key = key;
        this.flag = flag;
        this.type = type;
        this.fallback = fallback;
        this.description = description;
        this.variables = List.of(variables);
    }

    /** The key in the settings file, dots for nesting. */
    public String key() {
        return key;
    }

    /** {@link #key()}, then its former name if there is one. The first that is set counts. */
    List<String> keys() {
        return this == CONSUMERS ? List.of(key, "lanes") : List.of(key);
    }

    /** The environment variables that set it; the first that is set counts. Secrets also as {@code NAME_FILE}. */
    public List<String> variables() {
        return variables;
    }

    /** The flag that sets it; null for secrets, which must not appear in a command line, and for what is rarely set. */
    public @Nullable String flag() {
        return flag;
    }

    /** {@link #flag()}, then its former name; the first that is given counts. Empty when no flag sets it. */
    public List<String> flags() {
        return Stream.of(flag, this == CONSUMERS ? "--lanes" : null)
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /** The name of the flag's value in help; null when the flag takes none and means {@code true}. */
    public @Nullable String label() {
        return type.label();
    }

    /** The value unless something sets another; null for none. */
    public @Nullable String fallback() {
        return fallback;
    }

    /** What it is, for help and reference: one phrase without a full stop. */
    public String description() {
        return description;
    }

    /** Whether its value must never be shown. */
    public boolean isSecret() {
        return this == DATABASE_URL
                || this == CONSOLE_DATABASE_URL
                || this == DATABASE_PASSWORD
                || this == CONSOLE_PROXY_SECRET
                || this == LINEAGE_API_KEY
                || this == OTEL_HEADERS
                || this == OTEL_METRICS_HEADERS
                || this == OTEL_TRACES_HEADERS;
    }

    /** Every environment variable that sets something, {@code NAME_FILE} of secrets included. */
    public static Stream<String> allVariables() {
        return Arrays.stream(values()).flatMap(setting -> setting.variables.stream()
                .flatMap(name -> setting.isSecret() ? Stream.of(name, name + "_FILE") : Stream.of(name)));
    }

    ValueType type() {
        return type;
    }

    /** @throws IllegalArgumentException when the text does not have the declared shape; names the setting, not the text */
    void require(String text) {
        if (!type.fits().test(text)) {
            throw new IllegalArgumentException(key + ": " + type.expected());
        }
    }
}
