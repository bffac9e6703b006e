package dev.sluice.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The effective settings, each with its origin: flag, then environment, then file, then default. Immutable. Shows no
 * secret.
 *
 * <p>What is wrong with the queue's endpoint or the database is reported when that part is used, so that commands that
 * need neither still work; then all problems are reported together.
 */
public final class Settings {

    private final Map<Setting, SettingValue> values;
    private final Map<String, String> environment;
    private final Optional<DatabaseSettings> database;
    private final List<String> problems;

    /** @param problems what is wrong with the endpoint and, when {@code database} is empty, with the database */
    Settings(
            Map<Setting, SettingValue> values,
            Map<String, String> environment,
            Optional<DatabaseSettings> database,
            List<String> problems) {
        this.values = Collections.unmodifiableMap(new EnumMap<>(values));
        this.environment = Map.copyOf(environment);
        this.database = database;
        this.problems = List.copyOf(problems);
    }

    /** How much a run processes at once. */
    public RunSettings run() {
        return new RunSettings(number(Setting.CONSUMERS), number(Setting.BATCH_MESSAGES));
    }

    /**
     * Which queue, and how AWS is called for it.
     *
     * @param fallback the queue's name or URL, unless one is set
     * @throws SettingsException when the endpoint is malformed
     */
    public QueueSettings queue(String fallback) {
        String endpoint = text(Setting.ENDPOINT);
        if (endpoint != null && !Setting.ENDPOINT.type().fits().test(endpoint)) {
            throw new SettingsException(problems);
        }
        return new QueueSettings(
                Objects.requireNonNullElse(text(Setting.QUEUE), fallback),
                endpoint == null ? null : URI.create(endpoint),
                text(Setting.REGION),
                allowsPlainHttp());
    }

    /** Where health, metrics and status are served; empty for nowhere. */
    public Optional<PortSettings> healthPort() {
        return port(Setting.HEALTH_ADDRESS, Setting.HEALTH_PORT);
    }

    /** Where the console is served; empty for nowhere. */
    public Optional<PortSettings> consolePort() {
        return port(Setting.CONSOLE_ADDRESS, Setting.CONSOLE_PORT);
    }

    private Optional<PortSettings> port(Setting address, Setting number) {
        String text = Objects.requireNonNull(text(number));
        return text.equals("off")
                ? Optional.empty()
                : Optional.of(new PortSettings(
                        Objects.requireNonNull(text(address)),
                        Integer.parseInt(text),
                        !"default".equals(origin(number)) || !"default".equals(origin(address))));
    }

    /** Whether fields may be reported by names that the pipeline file does not contain; a name may be personal data. */
    public boolean reportsFieldNames() {
        return "true".equals(text(Setting.REPORT_FIELD_NAMES));
    }

    /** Whether AWS endpoints on other machines may be called without TLS. */
    public boolean allowsPlainHttp() {
        return "true".equals(text(Setting.INSECURE_AWS_HTTP));
    }

    /**
     * Where the database is.
     *
     * @throws SettingsException when URL, host, port or TLS mode are malformed, or the connection would not verify the
     *     server
     */
    public DatabaseSettings database() {
        return database.orElseThrow(() -> new SettingsException(problems));
    }

    /**
     * Where the console reads: the database of its own URL, which TLS settings apply to as to the worker's, else the
     * worker's.
     *
     * @throws SettingsException as {@link #database}
     */
    public DatabaseSettings consoleDatabase() {
        if (!values.containsKey(Setting.CONSOLE_DATABASE_URL)) {
            return database();
        }
        List<String> found = new ArrayList<>();
        return DatabaseSettings.of(values, Setting.CONSOLE_DATABASE_URL, found)
                .orElseThrow(() -> new SettingsException(found));
    }

    /** Whether a setting names the database; otherwise it would be looked for on this machine. */
    public boolean namesDatabase() {
        return Stream.of(Setting.DATABASE_URL, Setting.DATABASE_HOST, Setting.DATABASE_NAME)
                .anyMatch(values::containsKey);
    }

    /** The value's text; null when nothing sets it and there is no default. */
    public @Nullable String text(Setting setting) {
        SettingValue value = values.get(setting);
        return value == null ? null : value.text();
    }

    private int number(Setting setting) {
        return Integer.parseInt(Objects.requireNonNull(text(setting)));
    }

    /** The process's environment, for what is not ours to set, such as AWS credentials. Holds secrets. */
    public Map<String, String> environment() {
        return environment;
    }

    /** The value as it may be shown: secrets redacted; null when there is none. */
    public @Nullable String shown(Setting setting) {
        String text = text(setting);
        return text == null ? null : setting.isSecret() ? "(redacted)" : text;
    }

    /** Where the value came from, in words: {@code environment PGHOST}; null when there is none. */
    public @Nullable String origin(Setting setting) {
        SettingValue value = values.get(setting);
        return value == null ? null : value.origin();
    }

    /** Whether the value was given on the command line. */
    public boolean isFlag(Setting setting) {
        return ("flag " + setting.flag()).equals(origin(setting));
    }

    /** No values. */
    @Override
    public String toString() {
        return "Settings[" + values.keySet() + "]";
    }
}
