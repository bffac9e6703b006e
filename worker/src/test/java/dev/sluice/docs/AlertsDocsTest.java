package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The alerts against the metrics that a worker has, their unit tests and their runbook. */
class AlertsDocsTest {

    private static final Path FOLDER = Document.root().resolve("deploy/prometheus");
    private static final MetricsTable METRICS = MetricsTable.read();
    private static final Document RUNBOOK = Document.read("docs/alerts.md");
    private static final List<Alert> ALERTS = alerts();

    /** Only what is looked at here. */
    private record Alert(String name, PromExpression expression, String severity, Map<String, String> annotations) {}

    @Test
    void everyAlertNamesMetricsAndLabelsThatAWorkerHas() {
        assertThat(ALERTS)
                .hasSizeGreaterThanOrEqualTo(10)
                .extracting(Alert::expression)
                .allSatisfy(METRICS::hold);
    }

    @Test
    void everyAlertSaysWhatItIsAndHowUrgent() {
        assertThat(ALERTS).allSatisfy(alert -> {
            assertThat(alert.severity()).isIn("critical", "warning");
            assertThat(alert.annotations()).containsOnlyKeys("summary", "description", "runbook_url");
            assertThat(alert.annotations().values()).doesNotContain("");
        });
    }

    @Test
    void everyAlertHasItsSectionInTheRunbook() {
        assertThat(RUNBOOK.lines().stream()
                        .filter(line -> line.startsWith("## Sluice"))
                        .map(line -> line.substring("## ".length())))
                .containsExactlyElementsOf(ALERTS.stream().map(Alert::name).toList());
        assertThat(ALERTS).allSatisfy(alert -> assertThat(alert.annotations())
                .containsEntry("runbook_url", "docs/alerts.md#" + alert.name().toLowerCase(Locale.ROOT)));
    }

    @Test
    void everySectionSaysWhatItMeansWhereToLookAndWhatToDo() {
        assertThat(ALERTS).allSatisfy(alert -> assertThat(
                        String.join("\n", RUNBOOK.section("## " + alert.name()).lines()))
                .contains("**Means.**", "**Look at.**", "**Do.**"));
    }

    @Test
    void everyAlertIsTestedBothFiringAndQuiet() {
        List<Map<?, ?>> checks = elements(yaml("alerts.test.yml").get("tests")).stream()
                .flatMap(test -> elements(test.get("alert_rule_test")).stream())
                .toList();
        Map<Object, List<Boolean>> quiet = checks.stream()
                .collect(Collectors.groupingBy(
                        check -> check.get("alertname"),
                        Collectors.mapping(
                                check -> elements(check.get("exp_alerts")).isEmpty(), Collectors.toList())));

        assertThat(ALERTS)
                .allSatisfy(alert ->
                        assertThat(quiet.get(alert.name())).as(alert.name()).contains(true, false));
    }

    @Test
    void prometheusLoadsTheAlertsAndScrapesTheJobThatTheyName() {
        Map<?, ?> config = yaml("prometheus.yml");

        assertThat(config.get("rule_files")).isEqualTo(List.of("alerts.yml"));
        assertThat(elements(config.get("scrape_configs")))
                .anySatisfy(scrape -> assertThat(scrape.get("job_name")).isEqualTo("sluice"));
    }

    @Test
    @EnabledIf(value = "hasPromtool", disabledReason = "promtool is not installed (Debian: prometheus)")
    void prometheusAcceptsRulesAndConfigurationAndTheirTestsPass() throws Exception {
        Promtool.accepts("check", "config", FOLDER.resolve("prometheus.yml"));
        Promtool.accepts("check", "rules", FOLDER.resolve("alerts.yml"));
        Promtool.accepts("test", "rules", FOLDER.resolve("alerts.test.yml"));
    }

    static boolean hasPromtool() throws InterruptedException {
        return Promtool.isInstalled();
    }

    private static List<Alert> alerts() {
        return elements(yaml("alerts.yml").get("groups")).stream()
                .flatMap(group -> elements(group.get("rules")).stream())
                .map(rule -> new Alert(
                        text(rule.get("alert")),
                        new PromExpression(text(rule.get("expr"))),
                        text(map(rule.get("labels")).get("severity")),
                        map(rule.get("annotations")).entrySet().stream()
                                .collect(Collectors.toMap(
                                        entry -> text(entry.getKey()), entry -> text(entry.getValue())))))
                .toList();
    }

    private static Map<?, ?> yaml(String file) {
        try {
            return map(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(FOLDER.resolve(file))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return (Map<?, ?>) Objects.requireNonNull(value);
    }

    private static List<Map<?, ?>> elements(@Nullable Object value) {
        return ((List<?>) Objects.requireNonNull(value))
                .stream().<Map<?, ?>>map(element -> (Map<?, ?>) element).toList();
    }
}
