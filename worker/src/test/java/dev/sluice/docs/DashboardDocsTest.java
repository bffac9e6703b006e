package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Grafana's dashboard: what Grafana needs of it, and that everything on it is a metric that a worker has. */
class DashboardDocsTest {

    /** Of Grafana's grid. */
    private static final int COLUMNS = 24;

    /** The first of Grafana 10; later ones migrate it. */
    private static final int SCHEMA = 38;

    private static final MetricsTable METRICS = MetricsTable.read();
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z_]+)}?");
    private static final JsonNode DASHBOARD =
            new JsonMapper().readTree(Document.root().resolve("deploy/grafana/sluice.json"));
    private static final List<JsonNode> PANELS = list(DASHBOARD.get("panels"));
    private static final List<JsonNode> SHOWING = PANELS.stream()
            .filter(panel -> !panel.get("type").stringValue().equals("row"))
            .toList();
    private static final List<PromExpression> EXPRESSIONS = SHOWING.stream()
            .flatMap(panel -> list(panel.get("targets")).stream())
            .map(target -> new PromExpression(target.get("expr").stringValue()))
            .toList();

    /** A panel's place on the grid. */
    private record Place(String title, int x, int y, int width, int height) {

        static Place of(JsonNode panel) {
            JsonNode place = panel.get("gridPos");
            return new Place(
                    panel.get("title").stringValue(),
                    place.get("x").intValue(),
                    place.get("y").intValue(),
                    place.get("w").intValue(),
                    place.get("h").intValue());
        }

        boolean overlaps(Place other) {
            return x < other.x + other.width
                    && other.x < x + width
                    && y < other.y + other.height
                    && other.y < y + height;
        }
    }

    @Test
    void hasWhatGrafanaNeeds() {
        assertThat(DASHBOARD.get("uid").stringValue()).isEqualTo("sluice");
        assertThat(DASHBOARD.get("title").stringValue()).isEqualTo("Sluice");
        assertThat(DASHBOARD.get("schemaVersion").intValue()).isEqualTo(SCHEMA);
        assertThat(DASHBOARD.has("id")).as("Grafana gives one").isFalse();
        assertThat(SHOWING).hasSizeGreaterThan(15).allSatisfy(panel -> {
            assertThat(panel.get("type").stringValue()).isIn("state-timeline", "stat", "timeseries", "table");
            assertThat(panel.get("title").stringValue()).isNotBlank();
            assertThat(panel.get("fieldConfig").has("defaults")).isTrue();
            assertThat(panel.get("datasource").get("uid").stringValue()).isEqualTo("${datasource}");
            assertThat(list(panel.get("targets"))).isNotEmpty().allSatisfy(target -> assertThat(
                            target.get("datasource").get("uid").stringValue())
                    .isEqualTo("${datasource}"));
            assertThat(list(panel.get("targets")).stream().map(target -> target.get("refId")))
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    void panelsHaveIdsOfTheirOwnAndPlacesOfTheirOwn() {
        assertThat(PANELS).extracting(panel -> panel.get("id").intValue()).doesNotHaveDuplicates();
        List<Place> places = PANELS.stream().map(Place::of).toList();
        assertThat(places).extracting(Place::title).doesNotHaveDuplicates();
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            assertThat(place.x() + place.width()).as(place.title()).isBetween(1, COLUMNS);
            assertThat(places.subList(i + 1, places.size())).as(place.title()).noneMatch(place::overlaps);
        }
    }

    @Test
    void everyVariableIsDeclared() {
        Set<String> declared = list(DASHBOARD.get("templating").get("list")).stream()
                .map(variable -> variable.get("name").stringValue())
                .collect(Collectors.toSet());
        Set<String> used = VARIABLE.matcher(DASHBOARD.toString())
                .results()
                .map((MatchResult variable) -> variable.group(1))
                .filter(name -> !name.startsWith("__"))
                .collect(Collectors.toSet());

        assertThat(declared).containsExactlyInAnyOrder("datasource", "job", "instance");
        assertThat(used).isEqualTo(declared);
    }

    @Test
    void everyExpressionNamesMetricsAndLabelsThatAWorkerHas() {
        assertThat(EXPRESSIONS).allSatisfy(METRICS::hold);
    }

    @Test
    void showsOnlyTheChosenWorkers() {
        assertThat(EXPRESSIONS)
                .allSatisfy(expression -> assertThat(expression.values("job")).containsExactly("$job"))
                .allSatisfy(
                        expression -> assertThat(expression.values("instance")).containsExactly("$instance"));
    }

    /** A metric that nobody looks at, and that wakes nobody, has no use. */
    @Test
    void everyMetricOfAWorkerIsOnTheDashboard() {
        Set<String> shown = EXPRESSIONS.stream()
                .flatMap(expression -> expression.metrics().stream())
                .collect(Collectors.toSet());

        assertThat(METRICS.ownNames()).isNotEmpty().isSubsetOf(shown);
    }

    @Test
    @EnabledIf(value = "hasPromtool", disabledReason = "promtool is not installed (Debian: prometheus)")
    void prometheusParsesEveryExpression(@TempDir Path folder) throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        Set<PromExpression> different = new HashSet<>(EXPRESSIONS);
        for (PromExpression expression : different) {
            String plain = expression.text().replace("$__rate_interval", "5m").replaceAll("\\$[a-z]+", ".+");
            rules.append("      - record: panel:n")
                    .append(rules.length())
                    .append("\n        expr: '")
                    .append(plain)
                    .append("'\n");
        }

        Promtool.accepts("check", "rules", Files.writeString(folder.resolve("dashboard.yml"), rules));
    }

    static boolean hasPromtool() throws InterruptedException {
        return Promtool.isInstalled();
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        StreamSupport.stream(array.spliterator(), false).forEach(elements::add);
        return elements;
    }
}
