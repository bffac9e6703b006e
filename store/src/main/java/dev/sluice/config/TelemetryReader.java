package dev.sluice.config;

import dev.sluice.config.TelemetrySettings.Endpoint;
import dev.sluice.config.TelemetrySettings.Metrics;
import dev.sluice.config.TelemetrySettings.Sampler;
import dev.sluice.config.TelemetrySettings.Traces;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is sent to an OpenTelemetry collector, and notes all problems. What is off is not checked: such variables are
 * often set for every program of a machine or a cluster. Used once, by one thread.
 */
final class TelemetryReader {

    private static final String SERVICE_NAME = "service.name";
    private static final String HTTP_PROTOBUF = "http/protobuf";

    /** Where a collector on this machine listens ("OpenTelemetry Protocol Exporter", default of OTLP/HTTP). */
    private static final String DEFAULT_ENDPOINT = "http://localhost:4318";

    /** HTTP itself sets these; the JDK's client refuses them. */
    private static final Set<String> RESERVED_HEADERS =
            Set.of("connection", "content-encoding", "content-length", "content-type", "expect", "host", "upgrade");

    /** What is sent, and the settings of it alone. */
    private enum Signal {
        METRICS(
                "/v1/metrics",
                Setting.OTEL_METRICS_EXPORTER,
                Setting.OTEL_METRICS_ENDPOINT,
                Setting.OTEL_METRICS_HEADERS,
                Setting.OTEL_METRICS_PROTOCOL,
                Setting.OTEL_METRICS_TIMEOUT),
        TRACES(
                "/v1/traces",
                Setting.OTEL_TRACES_EXPORTER,
                Setting.OTEL_TRACES_ENDPOINT,
                Setting.OTEL_TRACES_HEADERS,
                Setting.OTEL_TRACES_PROTOCOL,
                Setting.OTEL_TRACES_TIMEOUT);

        private final String path;
        private final Setting exporter;
        private final Setting endpoint;
        private final Setting headers;
        private final Setting protocol;
        private final Setting timeout;

        Signal(String path, Setting exporter, Setting endpoint, Setting headers, Setting protocol, Setting timeout) {
            this.path = path;
            this.exporter = exporter;
            this.endpoint = endpoint;
            this.headers = headers;
            this.protocol = protocol;
            this.timeout = timeout;
        }
    }

    private final Map<Setting, SettingValue> values;
    private final Function<Setting, @Nullable String> secret;
    private final List<String> problems;

    /**
     * @param secret the text of a secret; null where it is not set or is not to be fetched yet
     * @param problems to which a sentence per problem is added
     */
    TelemetryReader(
            Map<Setting, SettingValue> values, Function<Setting, @Nullable String> secret, List<String> problems) {
        this.values = values;
        this.secret = secret;
        this.problems = problems;
    }

    /** What is sent; of no meaning when it has added problems. */
    TelemetrySettings read() {
        if ("true".equalsIgnoreCase(text(Setting.OTEL_DISABLED))) {
            return new TelemetrySettings(Map.of(SERVICE_NAME, serviceName()), null, null);
        }
        boolean sendsMetrics = isOn(
                Signal.METRICS,
                values.containsKey(Setting.OTEL_ENDPOINT) || values.containsKey(Setting.OTEL_METRICS_ENDPOINT));
        boolean sendsTraces = isOn(Signal.TRACES, false);
        Map<String, String> resource = sendsMetrics || sendsTraces ? resource() : Map.of(SERVICE_NAME, serviceName());
        return new TelemetrySettings(resource, sendsMetrics ? metrics() : null, sendsTraces ? traces() : null);
    }

    private boolean isOn(Signal signal, boolean unlessSet) {
        String exporter = text(signal.exporter);
        if (exporter == null) {
            return unlessSet;
        }
        return isShaped(signal.exporter) && exporter.equals("otlp");
    }

    private String serviceName() {
        return Objects.requireNonNull(text(Setting.OTEL_SERVICE_NAME));
    }

    /** The name of its own variable counts before the same attribute, unless it is our default. */
    private Map<String, String> resource() {
        Map<String, String> resource =
                new TreeMap<>(pairs(Setting.OTEL_RESOURCE_ATTRIBUTES, text(Setting.OTEL_RESOURCE_ATTRIBUTES)));
        SettingValue name = Objects.requireNonNull(values.get(Setting.OTEL_SERVICE_NAME));
        if (name.isDefault()) {
            resource.putIfAbsent(SERVICE_NAME, name.text());
        } else {
            resource.put(SERVICE_NAME, name.text());
        }
        return resource;
    }

    private Metrics metrics() {
        return new Metrics(endpoint(Signal.METRICS), millis(Setting.OTEL_METRICS_INTERVAL));
    }

    private Traces traces() {
        return new Traces(endpoint(Signal.TRACES), sampler());
    }

    private Endpoint endpoint(Signal signal) {
        requireProtobuf(signal);
        Setting headersSetting = firstSet(signal.headers, Setting.OTEL_HEADERS);
        Map<String, String> headers = headers(headersSetting);
        URI url = url(signal);
        if (!headers.isEmpty() && !"https".equals(url.getScheme()) && !Loopback.isThisMachine(url.getHost())) {
            problem(
                    firstSet(signal.endpoint, Setting.OTEL_ENDPOINT),
                    "https was expected, because " + headersSetting.key() + " would be sent in clear text");
        }
        return new Endpoint(url, headers, millis(firstSet(signal.timeout, Setting.OTEL_TIMEOUT)));
    }

    /** The setting of the signal if it is set, else the one of all signals. */
    private Setting firstSet(Setting specific, Setting general) {
        return values.containsKey(specific) ? specific : general;
    }

    private void requireProtobuf(Signal signal) {
        Setting setting = firstSet(signal.protocol, Setting.OTEL_PROTOCOL);
        SettingValue protocol = values.get(setting);
        if (protocol != null && !protocol.text().equals(HTTP_PROTOBUF)) {
            problems.add(protocol.problem(
                    setting,
                    HTTP_PROTOBUF + " was expected: Sluice does not send grpc or http/json. Set " + HTTP_PROTOBUF
                            + " and the collector's port for it, usually 4318"));
        }
    }

    /** The path belongs to the general endpoint only ("OpenTelemetry Protocol Exporter", Endpoint URLs for OTLP/HTTP). */
    private URI url(Signal signal) {
        Setting setting = firstSet(signal.endpoint, Setting.OTEL_ENDPOINT);
        String text = text(setting);
        if (text == null || !isShaped(setting)) {
            return URI.create(DEFAULT_ENDPOINT + signal.path);
        }
        return URI.create(setting == signal.endpoint ? text : text.replaceFirst("/+\\z", "") + signal.path);
    }

    private Map<String, String> headers(Setting setting) {
        Map<String, String> headers = pairs(setting, secret.apply(setting));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!ValueType.HEADER.fits().test(header.getKey())
                    || RESERVED_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))
                    || header.getValue().chars().anyMatch(Character::isISOControl)) {
                problem(
                        setting,
                        "names of HTTP headers that Sluice does not set itself, and values on one line, were expected");
                return Map.of();
            }
        }
        return headers;
    }

    private Map<String, String> pairs(Setting setting, @Nullable String text) {
        try {
            return text == null ? Map.of() : PairList.parse(text);
        } catch (IllegalArgumentException malformed) {
            problem(setting, "key=value,key=value was expected, with percent-encoded values");
            return Map.of();
        }
    }

    /** The ratio of traceidratio is 1 where it is not set ("Environment Variable Specification"). */
    private Sampler sampler() {
        String name = Objects.requireNonNull(text(Setting.OTEL_TRACES_SAMPLER));
        if (!isShaped(Setting.OTEL_TRACES_SAMPLER) || name.endsWith("always_on")) {
            return new Sampler(1);
        }
        if (name.endsWith("always_off")) {
            return new Sampler(0);
        }
        String argument = text(Setting.OTEL_TRACES_SAMPLER_ARG);
        return new Sampler(
                argument == null || !isShaped(Setting.OTEL_TRACES_SAMPLER_ARG) ? 1 : Double.parseDouble(argument));
    }

    private Duration millis(Setting setting) {
        return isShaped(setting)
                ? Duration.ofMillis(Integer.parseInt(Objects.requireNonNull(text(setting))))
                : Duration.ZERO;
    }

    private @Nullable String text(Setting setting) {
        SettingValue value = values.get(setting);
        return value == null ? null : value.text();
    }

    /** Notes it when it is not. */
    private boolean isShaped(Setting setting) {
        int before = problems.size();
        Objects.requireNonNull(values.get(setting)).check(setting, problems);
        return problems.size() == before;
    }

    private void problem(Setting setting, String expected) {
        problems.add(Objects.requireNonNull(values.get(setting)).problem(setting, expected));
    }
}
