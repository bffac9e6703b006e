package dev.sluice.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, declared once: the key in {@code sluice.yaml}, the environment variables that come before
 * it, and the default. Command-line flags come before both. The reference table in docs/configuration.md is tested
 * against this.
 */
public enum Setting {
    PIPELINE("pipeline", "user-logins", "a built-in pipeline's name, or a pipeline file", "SLUICE_PIPELINE"),
    QUEUE("queue", null, "the queue's name or URL, over the pipeline's source.queue", "SLUICE_QUEUE"),
    KEYS("keys", null, "the keyset file; in clear, of mode 0600 or 0400", "SLUICE_KEYS"),
    DATABASE_URL(
            "database.url",
            null,
            "jdbc:postgresql://host/db or postgresql://user@host/db; may hold the password",
            "SLUICE_DATABASE_URL"),
    DATABASE_HOST("database.host", null, "the database's host, where the URL names none", "PGHOST"),
    DATABASE_PORT("database.port", null, "its port, 5432 where nothing says otherwise", "PGPORT"),
    DATABASE_NAME("database.name", null, "the database's name", "PGDATABASE"),
    DATABASE_USER("database.user", null, "the database's user", "PGUSER"),
    DATABASE_PASSWORD("database.password", null, "that user's password", "PGPASSWORD"),
    DATABASE_SSL_MODE("database.ssl-mode", null, "verify-full, unless the host is this machine", "PGSSLMODE"),
    DATABASE_SSL_ROOT_CERT(
            "database.ssl-root-cert",
            null,
            "the certificate authorities' file, or system for the JVM's own",
            "PGSSLROOTCERT"),
    INSECURE_DATABASE_TLS(
            "database.insecure-tls",
            "false",
            "true allows a connection that does not prove who the server is",
            "SLUICE_INSECURE_DATABASE_TLS"),
    DATABASE_SYNCHRONOUS_COMMIT(
            "database.synchronous-commit",
            "on",
            "on sets synchronous_commit to on in sessions that find it off; as-found leaves it",
            "SLUICE_DATABASE_SYNCHRONOUS_COMMIT"),
    REGION("aws.region", null, "the queue's AWS region", "AWS_REGION", "AWS_DEFAULT_REGION"),
    ENDPOINT("aws.endpoint-url", null, "where SQS is, other than AWS", "AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL"),
    INSECURE_AWS_HTTP(
            "aws.insecure-http",
            "false",
            "true allows AWS endpoints by plain http on other machines than this",
            "SLUICE_INSECURE_AWS_HTTP"),
    KMS_KEY("aws.kms-key", null, "the ARN of the KMS key that encrypts the keyset file", "SLUICE_KMS_KEY"),
    LANES("lanes", "2", "batches in hand at the same time, 1 to 64", "SLUICE_LANES"),
    BATCH_MESSAGES("batch.messages", "1000", "messages of a batch at the most, 1 to 10000", "SLUICE_BATCH_MESSAGES"),
    LOG_LEVEL("log.level", "info", "error, warn, info, debug or trace; libraries stay at warn", "SLUICE_LOG_LEVEL");

    private final String key;
    private final @Nullable String fallback;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> variables;

    Setting(String key, @Nullable String fallback, String description, String... variables) {
        this.key = key;
        this.fallback = fallback;
        this.description = description;
        this.variables = List.of(variables);
    }

    /** The key in the settings file, dots for nesting. */
    public String key() {
        return key;
    }

    /** The environment variables that set it, the first one that is set counts. Secrets also as {@code NAME_FILE}. */
    public List<String> variables() {
        return variables;
    }

    /** The value where nothing else says so; null for none. */
    public @Nullable String fallback() {
        return fallback;
    }

    /** What it is, for help and reference. */
    public String description() {
        return description;
    }

    /** Whether its value must never be shown. */
    public boolean isSecret() {
        return this == DATABASE_URL || this == DATABASE_PASSWORD;
    }

    /** The flag that sets it; null for what must not stand in a command line, or is not set often enough. */
    public @Nullable String flag() {
        return switch (this) {
            case PIPELINE, QUEUE, KEYS, REGION, LANES -> "--" + name().toLowerCase(Locale.ROOT);
            case ENDPOINT -> "--endpoint-url";
            case INSECURE_DATABASE_TLS -> "--insecure-database-tls";
            case INSECURE_AWS_HTTP -> "--insecure-aws-http";
            case LOG_LEVEL -> "--log-level";
            case BATCH_MESSAGES -> "--batch-messages";
            case KMS_KEY,
                    DATABASE_URL,
                    DATABASE_HOST,
                    DATABASE_PORT,
                    DATABASE_NAME,
                    DATABASE_USER,
                    DATABASE_PASSWORD,
                    DATABASE_SSL_MODE,
                    DATABASE_SSL_ROOT_CERT,
                    DATABASE_SYNCHRONOUS_COMMIT -> null;
        };
    }
}
