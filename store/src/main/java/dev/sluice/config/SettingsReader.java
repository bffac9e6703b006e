package dev.sluice.config;

import dev.sluice.yaml.InvalidDocumentException;
import dev.sluice.yaml.Problems;
import dev.sluice.yaml.Variables;
import dev.sluice.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the settings from flags, environment, file and defaults, and checks them. Reports all problems at once. */
public final class SettingsReader {

    /** What an editor or {@code echo} leaves at a file's end; a blank may belong to the secret. */
    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+\\z");

    /** Only commands that use them fail when they are malformed. Those of the database may be overridden by its URL. */
    private static final Set<Setting> CHECKED_WHEN_USED =
            EnumSet.of(Setting.ENDPOINT, Setting.DATABASE_HOST, Setting.DATABASE_PORT, Setting.DATABASE_SSL_MODE);

    static {
        CHECKED_WHEN_USED.addAll(EnumSet.range(Setting.OTEL_DISABLED, Setting.OTEL_TRACES_SAMPLER_ARG));
    }

    /** Settings are read without AWS; {@link Settings#with} adds it. */
    private static final SecretStore NO_SECRETS = new SecretStore() {
        @Override
        public String fetch(Setting setting, SecretArn arn) {
            throw new IllegalStateException(setting.key() + " is a secret of AWS, and AWS is not connected");
        }

        @Override
        public String databaseToken(String host, int port, String user, @Nullable String region) {
            throw new IllegalStateException("database.iam-auth needs AWS, and AWS is not connected");
        }
    };

    private final Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);
    private final List<String> problems = new ArrayList<>();
    private @Nullable InvalidDocumentException document;

    private final Map<String, String> environment;

    private SettingsReader(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Reads the settings.
     *
     * @param flags what the command line sets
     * @param file the settings file (YAML); null for none
     * @param environment the process's environment variables
     * @throws SettingsException when a value does not have its declared shape, or a file cannot be read or is invalid;
     *     lists all problems, with line and column where they are in the settings file
     */
    public static Settings read(Map<Setting, String> flags, @Nullable Path file, Map<String, String> environment) {
        return new SettingsReader(environment).settings(flags, file);
    }

    private Settings settings(Map<Setting, String> flags, @Nullable Path file) {
        defaults();
        if (file != null) {
            file(file);
        }
        variables();
        flags.forEach((setting, text) -> put(setting, text, "flag " + setting.flag()));
        return checked();
    }

    /**
     * Reads the settings as {@link #read} does, and lists what is wrong with any of them, also with those that only some
     * commands use. Calls nothing but the local file system.
     *
     * @return never throws for settings
     */
    public static Check check(Map<Setting, String> flags, @Nullable Path file, Map<String, String> environment) {
        SettingsReader reader = new SettingsReader(environment);
        Optional<Settings> settings = Optional.empty();
        try {
            settings = Optional.of(reader.settings(flags, file));
            reader.problems.addAll(settings.get().problems());
        } catch (SettingsException invalid) {
            // The reader has the problems one by one.
        }
        List<String> listed = new ArrayList<>();
        if (reader.document != null) {
            reader.document.problems().forEach(problem -> listed.add(file + ":" + problem));
        }
        listed.addAll(reader.problems);
        SettingValue pipeline = Objects.requireNonNull(reader.values.get(Setting.PIPELINE));
        return new Check(settings, pipeline.text(), List.copyOf(listed));
    }

    /**
     * What a check found.
     *
     * @param settings empty when no command would accept them
     * @param pipeline the pipeline that they name; not looked for
     * @param problems a sentence each, with setting and origin, or file, line and column; no value
     */
    public record Check(Optional<Settings> settings, String pipeline, List<String> problems) {

        /** Shows no problem: a path may name a person. */
        @Override
        public String toString() {
            return "Check[" + problems.size() + " problems]";
        }
    }

    private void defaults() {
        for (Setting setting : Setting.values()) {
            if (setting.fallback() != null) {
                put(setting, setting.fallback(), "default");
            }
        }
    }

    private void file(Path file) {
        Problems found = new Problems(file.toString());
        try {
            sections(YamlMap.parse(Files.readString(file), found, Variables.of(environment)), file);
            found.throwIfAny();
        } catch (IOException e) {
            problems.add("The settings file " + file + " cannot be read as UTF-8 text.");
        } catch (InvalidDocumentException e) {
            document = e;
        }
    }

    private void sections(YamlMap root, Path file) {
        root.allowOnly(keysBelow(""));
        Map<String, YamlMap> sections = new HashMap<>();
        for (Setting setting : Setting.values()) {
            for (String key : reversed(setting.keys())) {
                int dot = key.indexOf('.');
                YamlMap map =
                        dot < 0 ? root : sections.computeIfAbsent(key.substring(0, dot), name -> section(root, name));
                String text = map.text(key.substring(dot + 1));
                if (text != null) {
                    values.put(
                            setting,
                            new SettingValue(text, "file " + file, ":" + map.position(key.substring(dot + 1))));
                }
            }
        }
    }

    /** So that the first name wins. */
    private static List<String> reversed(List<String> names) {
        List<String> reversed = new ArrayList<>(names);
        Collections.reverse(reversed);
        return reversed;
    }

    private static YamlMap section(YamlMap root, String name) {
        YamlMap section = root.map(name);
        section.allowOnly(keysBelow(name + "."));
        return section;
    }

    /** The names that may follow this prefix, up to the next dot. */
    private static Set<String> keysBelow(String prefix) {
        return Arrays.stream(Setting.values())
                .flatMap(setting -> setting.keys().stream())
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()).split("\\.", 2)[0])
                .collect(Collectors.toSet());
    }

    private void variables() {
        for (Setting setting : Setting.values()) {
            if (setting == Setting.ENDPOINT && ignoresConfiguredEndpoints()) {
                continue;
            }
            for (String variable : reversed(setting.variables())) {
                variable(setting, variable);
            }
        }
    }

    /** AWS SDKs and Tools Reference Guide, Service-specific endpoints. Our own flag and file still count. */
    private boolean ignoresConfiguredEndpoints() {
        return "true".equalsIgnoreCase(environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"));
    }

    /** Empty counts as not set, as with libpq and the AWS tools. */
    private void variable(Setting setting, String name) {
        String path = setting.isSecret() ? environment.get(name + "_FILE") : null;
        if (path != null && !path.isEmpty()) {
            secretFile(setting, name + "_FILE", path);
        }
        String text = environment.get(name);
        if (text != null && !text.isEmpty() && !isOfKubernetes(setting, text)) {
            put(setting, text, "environment " + name);
        }
    }

    /**
     * Beside a Service named sluice-health, Kubernetes sets SLUICE_HEALTH_PORT=tcp://10.0.0.1:8081 in every pod (Service,
     * Discovering services).
     */
    private static boolean isOfKubernetes(Setting setting, String text) {
        return setting.type().equals(ValueType.PORT) && text.matches("(tcp|udp|sctp)://.*");
    }

    private void secretFile(Setting setting, String variable, String path) {
        try {
            String text = LINE_ENDS.matcher(Files.readString(Path.of(path))).replaceFirst("");
            put(setting, text, "environment " + variable);
        } catch (IOException | IllegalArgumentException e) {
            problems.add(variable + ": the file that it names cannot be read.");
        }
    }

    private void put(Setting setting, String text, String origin) {
        values.put(setting, new SettingValue(text, origin));
    }

    /** Null for one that AWS keeps. */
    private @Nullable String knownSecret(Setting setting) {
        SettingValue value = values.get(setting);
        return value == null || SecretArn.isMeantBy(value.text()) ? null : value.text();
    }

    private Settings checked() {
        values.forEach((setting, value) -> {
            if (!CHECKED_WHEN_USED.contains(setting) || value.text().isBlank()) {
                value.check(setting, problems);
            }
        });
        List<String> whenUsed = new ArrayList<>();
        Optional.ofNullable(values.get(Setting.ENDPOINT)).ifPresent(value -> value.check(Setting.ENDPOINT, whenUsed));
        SettingValue url = values.get(Setting.DATABASE_URL);
        boolean locatable = (url != null && url.arn().isPresent())
                || DatabaseSettings.of(values, Setting.DATABASE_URL, NO_SECRETS, null, whenUsed)
                        .isPresent();
        new TelemetryReader(values, this::knownSecret, whenUsed).read();
        if (document != null || !problems.isEmpty()) {
            whenUsed.stream().filter(problem -> !problems.contains(problem)).forEach(problems::add);
            throw new SettingsException(Stream.concat(
                            Optional.ofNullable(document).map(InvalidDocumentException::getMessage).stream(),
                            problems.stream())
                    .toList());
        }
        return new Settings(values, environment, whenUsed, locatable, NO_SECRETS);
    }
}
