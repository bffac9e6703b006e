package dev.sluice.config;

import dev.sluice.config.Settings.Value;
import dev.sluice.yaml.InvalidDocumentException;
import dev.sluice.yaml.Problems;
import dev.sluice.yaml.YamlMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gathers the settings from flags, environment, file and defaults, and proves them. All problems are told at once. */
public final class SettingsReader {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

    /** What an editor or {@code echo} leaves at a file's end; a blank may belong to the secret. */
    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+\\z");

    private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace");
    private static final int MAX_LANES = 64;
    private static final int MAX_BATCH_MESSAGES = 10_000;

    private final Map<Setting, Value> values = new EnumMap<>(Setting.class);
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> environment;

    private SettingsReader(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Reads the settings.
     *
     * @param flags what the command line says
     * @param file the settings file (YAML); null for none
     * @param environment the process's environment variables
     * @throws SettingsException when a value is missing its shape, a file that is named cannot be read, or the settings
     *     file is no good; lists all that is wrong, with line and column where it stands in the file
     */
    public static Settings read(Map<Setting, String> flags, @Nullable Path file, Map<String, String> environment) {
        SettingsReader reader = new SettingsReader(environment);
        reader.defaults();
        if (file != null) {
            reader.file(file);
        }
        reader.variables();
        flags.forEach((setting, text) -> reader.put(setting, text, "flag " + setting.flag()));
        reader.check();
        return new Settings(reader.values, environment);
    }

    private void defaults() {
        for (Setting setting : Setting.values()) {
            if (setting.fallback() != null) {
                put(setting, setting.fallback(), "default");
            }
        }
    }

    private void file(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            problems.add("The settings file " + file + " cannot be read as UTF-8 text.");
            return;
        }
        Problems found = new Problems(file.toString());
        YamlMap root = YamlMap.parse(text, found);
        root.allowOnly(sections());
        for (String name : sections()) {
            Set<String> keys = keysBelow(name);
            if (keys.isEmpty()) {
                take(root, name, name, file);
                continue;
            }
            YamlMap section = root.map(name);
            section.allowOnly(keys);
            keys.forEach(key -> take(section, key, name + "." + key, file));
        }
        keep(found);
    }

    private void take(YamlMap map, String key, String settingKey, Path file) {
        String text = map.text(key);
        if (text != null) {
            Stream.of(Setting.values())
                    .filter(setting -> setting.key().equals(settingKey))
                    .forEach(setting -> put(setting, text, "file " + file));
        }
    }

    /** What is wrong with the file is told together with what is wrong elsewhere. */
    private void keep(Problems found) {
        try {
            found.throwIfAny();
        } catch (InvalidDocumentException e) {
            problems.add(e.getMessage());
        }
    }

    private void variables() {
        for (Setting setting : Setting.values()) {
            for (String variable : setting.variables().reversed()) {
                variable(setting, variable);
            }
        }
    }

    /** Empty counts as not set, as with libpq and the AWS tools. */
    private void variable(Setting setting, String name) {
        String path = setting.isSecret() ? environment.get(name + "_FILE") : null;
        if (path != null && !path.isEmpty()) {
            secretFile(setting, name + "_FILE", path);
        }
        String text = environment.get(name);
        if (text != null && !text.isEmpty()) {
            put(setting, text, "environment " + name);
        }
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
        values.put(setting, new Value(text, origin));
    }

    private void check() {
        values.forEach(this::notBlank);
        number(Setting.LANES, MAX_LANES);
        number(Setting.BATCH_MESSAGES, MAX_BATCH_MESSAGES);
        oneOf(Setting.LOG_LEVEL, LEVELS);
        oneOf(Setting.INSECURE_DATABASE_TLS, Set.of("true", "false"));
        oneOf(Setting.INSECURE_AWS_HTTP, Set.of("true", "false"));
        oneOf(Setting.DATABASE_SYNCHRONOUS_COMMIT, Set.of("on", "as-found"));
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    private void notBlank(Setting setting, Value value) {
        if (value.text().isBlank()) {
            problems.add(
                    setting.key() + " (" + value.origin() + "): a value was expected; leave it out for the default.");
        }
    }

    private void number(Setting setting, int most) {
        Value value = values.get(setting);
        if (value == null) {
            return;
        }
        boolean sound = NUMBER.matcher(value.text()).matches();
        int number = sound ? Integer.parseInt(value.text()) : 0;
        if (number < 1 || number > most) {
            problems.add(
                    setting.key() + " (" + value.origin() + "): a whole number from 1 to " + most + " was expected.");
        }
    }

    private void oneOf(Setting setting, Set<String> allowed) {
        Value value = values.get(setting);
        if (value != null && !allowed.contains(value.text())) {
            problems.add(setting.key() + " (" + value.origin() + "): one of "
                    + allowed.stream().sorted().toList() + " was expected.");
        }
    }

    private static Set<String> sections() {
        return Stream.of(Setting.values())
                .map(setting -> setting.key().split("\\.", -1)[0])
                .collect(Collectors.toSet());
    }

    private static Set<String> keysBelow(String section) {
        return Stream.of(Setting.values())
                .map(Setting::key)
                .filter(key -> key.startsWith(section + "."))
                .map(key -> key.substring(section.length() + 1))
                .collect(Collectors.toSet());
    }
}
