package dev.sluice.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The effective settings, each with its origin: flag, then environment, then file, then default. Immutable. Shows no
 * secret.
 *
 * <p>What is wrong with the queue's endpoint, the database or a collector is reported when that part is used, so that
 * commands that do not need it still work; then all problems are reported together.
 */
public final class Settings {

    private final Map<Setting, SettingValue> values;
    private final Map<String, String> environment;
    private final List<String> problems;
    private final boolean locatable;
    private final SecretStore secrets;
    private final AtomicReference<@Nullable DatabaseSettings> database = new AtomicReference<>();

    /**
     * @param problems what is wrong with endpoint, database and collector, as far as it is known without AWS
     * @param locatable whether none of them is the database's
     */
    Settings(
            Map<Setting, SettingValue> values,
            Map<String, String> environment,
            List<String> problems,
            boolean locatable,
            SecretStore secrets) {
        this.values = Collections.unmodifiableMap(new EnumMap<>(values));
        this.environment = Map.copyOf(environment);
        this.problems = List.copyOf(problems);
        this.locatable = locatable;
        this.secrets = secrets;
    }

    /** The same settings, with secrets and database tokens from AWS. Without this, a setting that needs AWS fails. */
    public Settings with(SecretStore store) {
        return new Settings(values, environment, problems, locatable, store);
    }

    /** What is wrong with parts that not every command uses: the queue's endpoint, the database, a collector. */
    public List<String> problems() {
        return problems;
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

    /**
     * Where a run reports its lineage; empty when it does not, which is the default.
     *
     * @throws SettingsException when the settings contradict each other
     */
    public Optional<LineageSettings> lineage() {
        return LineageSettings.of(this);
    }

    /**
     * What a run sends to an OpenTelemetry collector: nothing by default. Fetches headers that AWS keeps.
     *
     * @throws SettingsException with all problems of what is on
     */
    public TelemetrySettings telemetry() {
        List<String> found = new ArrayList<>();
        TelemetrySettings telemetry = new TelemetryReader(values, this::secret, found).read();
        if (!found.isEmpty()) {
            throw new SettingsException(found);
        }
        return telemetry;
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
     * Where the database is. Fetches the URL once if AWS keeps it; a password that AWS keeps is fetched when it is first
     * used.
     *
     * @throws SettingsException when URL, host, port or TLS mode are malformed, or the connection would not verify the
     *     server
     */
    public DatabaseSettings database() {
        if (!locatable) {
            throw new SettingsException(problems);
        }
        DatabaseSettings known = database.get();
        if (known != null) {
            return known;
        }
        database.compareAndSet(null, locate(Setting.DATABASE_URL));
        return Objects.requireNonNull(database.get());
    }

    private DatabaseSettings locate(Setting urlSetting) {
        SettingValue url = values.get(urlSetting);
        Optional<SecretArn> arn = url == null ? Optional.empty() : url.arn();
        Map<Setting, SettingValue> resolved = new EnumMap<>(values);
        Supplier<String> fetch = arn.<Supplier<String>>map(name -> () -> secrets.fetch(urlSetting, name))
                .orElse(null);
        if (url != null && fetch != null) {
            resolved.put(urlSetting, url.resolved(fetch.get()));
        }
        List<String> found = new ArrayList<>();
        return DatabaseSettings.of(resolved, urlSetting, secrets, fetch, found)
                .orElseThrow(() -> new SettingsException(found));
    }

    /**
     * Where the console reads: the database of its own URL, which TLS settings apply to as to the worker's, else the
     * worker's.
     *
     * @throws SettingsException as {@link #database}
     */
    public DatabaseSettings consoleDatabase() {
        return values.containsKey(Setting.CONSOLE_DATABASE_URL) ? locate(Setting.CONSOLE_DATABASE_URL) : database();
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

    /**
     * A secret's text, fetched if AWS keeps it: blocks until AWS has answered or timed out, each time it is called. The
     * database's are read by {@link #database}.
     *
     * @return null when nothing sets it
     */
    public @Nullable String secret(Setting setting) {
        SettingValue value = values.get(setting);
        return value == null
                ? null
                : value.arn().map(arn -> secrets.fetch(setting, arn)).orElse(value.text());
    }

    /** Whether the value is the name of a secret that AWS keeps. */
    public boolean isKeptByAws(Setting setting) {
        SettingValue value = values.get(setting);
        return value != null && setting.isSecret() && value.arn().isPresent();
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

    /**
     * Where the value came from, in words: {@code environment PGHOST}, or {@code environment PGPASSWORD, arn:..} for a
     * secret that AWS keeps; null when there is none.
     */
    public @Nullable String origin(Setting setting) {
        SettingValue value = values.get(setting);
        if (value == null) {
            return null;
        }
        return setting.isSecret()
                ? value.arn().map(arn -> value.origin() + ", " + arn).orElse(value.origin())
                : value.origin();
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
