package dev.sluice.deploy;

import static dev.sluice.deploy.DeployFile.list;
import static dev.sluice.deploy.DeployFile.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkflowTest {

    private static final String FILE = ".github/workflows/ci.yml";

    private final String text = DeployFile.text(FILE);
    private final Map<String, Object> workflow = DeployFile.yaml(FILE);
    private final Map<String, Object> jobs = map(workflow.get("jobs"));

    @Test
    void pinsEveryActionByCommitWithItsVersionBesideIt() {
        assertThat(text.lines().filter(line -> line.contains("uses:")))
                .isNotEmpty()
                .allMatch(line -> line.matches(".*uses: [\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
        assertThat(matches("(?:KUBECONFORM|TERRAFORM): (\\S+)"))
                .hasSize(2)
                .allMatch(image -> image.matches(".+:[\\w.]+@sha256:[0-9a-f]{64}"));
    }

    @Test
    void givesRightsToTheReleaseOnly() {
        assertThat(map(workflow.get("permissions"))).isEqualTo(Map.of("contents", "read"));
        assertThat(jobs.entrySet().stream()
                        .filter(job -> map(job.getValue()).containsKey("permissions"))
                        .map(Map.Entry::getKey))
                .containsExactly("release");
        assertThat(jobs.values()).allMatch(job -> map(job).containsKey("timeout-minutes"));
        assertThat(text).doesNotContain("pull_request_target");
    }

    /** What others can write, such as the name of a branch, must not become a script. */
    @Test
    void putsNoExpressionIntoAScript() {
        assertThat(steps().map(step -> Objects.toString(step.get("run"), ""))).noneMatch(run -> run.contains("${{"));
    }

    @Test
    void releasesOnlyWhatEveryOtherJobPassed() {
        assertThat(DeployFile.<String>list(map(jobs.get("release")).get("needs")))
                .containsExactlyInAnyOrderElementsOf(jobs.keySet().stream()
                        .filter(job -> !job.equals("release"))
                        .toList());
    }

    @Test
    void namesTargetsAndFoldersThatExist() {
        List<String> targets = Pattern.compile("(?m)^(\\w+):.*##")
                .matcher(DeployFile.text("Makefile"))
                .results()
                .map((MatchResult target) -> target.group(1))
                .toList();

        assertThat(steps().flatMap(step -> Pattern.compile("\\bmake (\\w+)")
                        .matcher(Objects.toString(step.get("run"), ""))
                        .results()
                        .map(call -> call.group(1))))
                .isNotEmpty()
                .allMatch(targets::contains);
        assertThat(text)
                .contains(
                        "for folder in base overlays/keda overlays/cronjob overlays/spark overlays/spark-operator; do");
    }

    @Test
    void updatesEverythingThatIsPinned() {
        Map<String, Object> dependabot = DeployFile.yaml(".github/dependabot.yml");

        assertThat(DeployFile.<Map<String, Object>>list(dependabot.get("updates")))
                .extracting(update -> update.get("package-ecosystem"))
                .containsExactly("maven", "docker", "docker-compose", "github-actions", "terraform");
        assertThat(DeployFile.under("deploy/terraform", "versions.tf"))
                .allMatch(file -> Files.exists(file) && !file.toString().contains("/.terraform/"));
    }

    private Stream<Map<String, Object>> steps() {
        return jobs.values().stream()
                .flatMap(job -> list(map(job).get("steps")).stream().map(DeployFile::map));
    }

    private List<String> matches(String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
