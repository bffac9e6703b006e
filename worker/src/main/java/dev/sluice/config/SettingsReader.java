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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the settings from flags, environment, file and defaults, and checks them. Reports all problems at once. */
public final class SettingsReader {

    /** What an editor or {@code echo} leaves at a file's end; a blank may belong to the secret. */
    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+\\z");

    /** Only commands that use them fail when they are malformed. Those of the database may be overridden by its URL. */
    private static final Set<Setting> CHECKED_WHEN_USED =
            Set.of(Setting.ENDPOINT, Setting.DATABASE_HOST, Setting.DATABASE_PORT, Setting.DATABASE_SSL_MODE);

    private final Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);
    private final List<String> problems = new ArrayList<>();
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
        SettingsReader reader = new SettingsReader(environment);
        reader.defaults();
        if (file != null) {
            reader.file(file);
        }
        reader.variables();
        flags.forEach((setting, text) -> reader.put(setting, text, "flag " + setting.flag()));
        return reader.checked();
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
            problems.add(e.getMessage());
        }
    }

    private void sections(YamlMap root, Path file) {
        root.allowOnly(keysBelow(""));
        Map<String, YamlMap> sections = new HashMap<>();
        for (Setting setting : Setting.values()) {
            for (String key : setting.keys().reversed()) {
                int dot = key.indexOf('.');
                YamlMap map =
                        dot < 0 ? root : sections.computeIfAbsent(key.substring(0, dot), name -> section(root, name));
                String text = map.text(key.substring(dot + 1));
                if (text != null) {
                    put(setting, text, "file " + file);
                }
            }
        }
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
            for (String variable : setting.variables().reversed()) {
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

    private Settings checked() {
        values.forEach((setting, value) -> {
            if (!CHECKED_WHEN_USED.contains(setting) || value.text().isBlank()) {
                value.check(setting, problems);
            }
        });
        List<String> whenUsed = new ArrayList<>();
        Optional.ofNullable(values.get(Setting.ENDPOINT)).ifPresent(value -> value.check(Setting.ENDPOINT, whenUsed));
        Optional<DatabaseSettings> database = DatabaseSettings.of(values, whenUsed);
        if (!problems.isEmpty()) {
            whenUsed.stream().filter(problem -> !problems.contains(problem)).forEach(problems::add);
            throw new SettingsException(problems);
        }
        return new Settings(values, environment, database, whenUsed);
    }
}
