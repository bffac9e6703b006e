package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.DatabaseParameter;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsReader;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationDocsTest {

    private static final Document PAGE = Document.read("docs/configuration.md");

    private static final String HELP = InProcess.run(Map.of(), "--help").out();

    @Test
    void tableHoldsEverySettingAsItIsDeclared() {
        List<List<String>> expected =
                Arrays.stream(Setting.values()).map(ConfigurationDocsTest::row).toList();

        assertThat(PAGE.section("## Settings").table().stream().map(row -> row.subList(0, 4)))
                .containsExactlyElementsOf(expected);
    }

    /** A flag counts when the command line offers it. */
    private static List<String> row(Setting setting) {
        String flag = setting.flag();
        boolean offered = flag != null && HELP.contains(" " + flag);
        return List.of(
                setting.key(),
                String.join(", ", setting.variables()),
                offered ? flag : "-",
                Objects.requireNonNullElse(setting.fallback(), "-"));
    }

    @Test
    void secretsAreListedWithTheirFiles() {
        String section = String.join("\n", PAGE.section("## Secrets").lines());

        assertThat(Arrays.stream(Setting.values())
                        .filter(Setting::isSecret)
                        .flatMap(setting -> setting.variables().stream()))
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(section).contains("`" + variable + "_FILE`"));
    }

    @Test
    void tableHoldsEveryParameterOfTheUrl() {
        assertThat(PAGE.section("## Database URL").table().stream().map(row -> row.subList(0, 2)))
                .containsExactlyElementsOf(Arrays.stream(DatabaseParameter.values())
                        .map(parameter -> List.of(parameter.label(), parameter.jdbcName()))
                        .toList());
    }

    @Test
    void tableHoldsEveryExitCode() throws ReflectiveOperationException {
        Map<String, String> declared = new LinkedHashMap<>();
        // Package-private, as it should be: only the command line ends a process.
        for (Field field : Class.forName("dev.sluice.cli.command.ExitCode").getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                field.setAccessible(true);
                declared.put(field.getName(), Integer.toString(field.getInt(null)));
            }
        }

        assertThat(PAGE.section("## Exit codes").table().stream()
                        .collect(Collectors.toMap(row -> row.get(1), row -> row.get(0))))
                .isEqualTo(declared);
    }

    @Test
    void exampleSettingsFileIsRead() {
        Settings settings = SettingsReader.read(Map.of(), Document.root().resolve("examples/sluice.yaml"), Map.of());

        assertThat(settings.text(Setting.QUEUE))
                .isEqualTo("https://sqs.eu-central-1.amazonaws.com/123456789012/payments");
        assertThat(settings.run().consumers()).isEqualTo(4);
        assertThat(Document.root().resolve(Objects.requireNonNull(settings.text(Setting.PIPELINE))))
                .exists();
    }

    @Test
    void everySnippetOfASettingsFileIsRead(@TempDir Path folder) throws IOException {
        List<String> snippets = PAGE.blocks("yaml");

        assertThat(snippets).isNotEmpty();
        for (String snippet : snippets) {
            Path file = Files.writeString(folder.resolve("snippet.yaml"), snippet);
            assertThat(SettingsReader.read(Map.of(), file, Map.of()).run().consumers())
                    .isEqualTo(4);
        }
    }
}
