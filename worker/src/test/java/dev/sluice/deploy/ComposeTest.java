package dev.sluice.deploy;

import static dev.sluice.deploy.DeployFile.list;
import static dev.sluice.deploy.DeployFile.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Setting;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ComposeTest {

    /** Fields of a service that the Compose specification has and the file uses: a misspelt one fails. */
    private static final Set<String> FIELDS = Set.of(
            "build",
            "cap_add",
            "cap_drop",
            "command",
            "depends_on",
            "entrypoint",
            "environment",
            "healthcheck",
            "image",
            "init",
            "mem_limit",
            "network_mode",
            "ports",
            "read_only",
            "restart",
            "security_opt",
            "stop_grace_period",
            "tmpfs",
            "ulimits",
            "user",
            "volumes");

    /** Services that end by themselves. */
    private static final Set<String> ONCE = Set.of("secrets", "keys", "migrate");

    private final Map<String, Object> compose = DeployFile.yaml("docker-compose.yml");
    private final Map<String, Object> services = map(compose.get("services"));

    @Test
    void usesFieldsThatComposeHas() {
        assertThat(services).isNotEmpty().allSatisfy((name, service) -> assertThat(FIELDS)
                .containsAll(map(service).keySet()));
        assertThat(compose.keySet())
                .allMatch(key -> Set.of("name", "services", "volumes").contains(key) || key.startsWith("x-"));
    }

    @Test
    void pinsEveryImageThatItDoesNotBuild() {
        assertThat(services).allSatisfy((name, service) -> {
            String image = Objects.toString(map(service).get("image"));
            if (map(service).containsKey("build")) {
                assertThat(image).isEqualTo("sluice:dev");
            } else {
                assertThat(image)
                        .matches("[a-z/-]+:[\\w.-]+@sha256:[0-9a-f]{64}")
                        .doesNotContain(":latest");
            }
        });
    }

    @Test
    void opensPortsToThisMachineOnly() {
        assertThat(services.values().stream()
                        .flatMap(service -> DeployFile.<String>list(map(service).get("ports")).stream()))
                .contains("127.0.0.1:8080:8080", "127.0.0.1:8081:8081")
                .allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    void takesFromEveryServiceWhatItDoesNotNeed() {
        assertThat(services).allSatisfy((name, node) -> {
            Map<String, Object> service = map(node);
            assertThat(service).containsEntry("read_only", true).doesNotContainKey("privileged");
            assertThat(list(service.get("cap_drop"))).containsExactly("ALL");
            assertThat(list(service.get("security_opt"))).containsExactly("no-new-privileges:true");
            assertThat(map(service.get("ulimits"))).containsEntry("core", 0);
        });
        assertThat(services.entrySet().stream()
                        .filter(service -> Objects.toString(
                                        map(service.getValue()).get("user"), "")
                                .startsWith("0:"))
                        .map(Map.Entry::getKey))
                .as("root hands out the secrets, in a container without a network")
                .containsExactly("secrets");
        assertThat(map(services.get("secrets"))).containsEntry("network_mode", "none");
    }

    @Test
    void waitsForWhatIsHealthyOrDone() {
        services.forEach((name, node) -> map(map(node).get("depends_on")).forEach((other, condition) -> {
            Map<String, Object> service = map(services.get(other));
            boolean once = ONCE.contains(other);
            assertThat(map(condition).get("condition"))
                    .as("%s of %s", other, name)
                    .isEqualTo(once ? "service_completed_successfully" : "service_healthy");
            assertThat(once || service.containsKey("healthcheck") || service.containsKey("build"))
                    .as("%s has a health check, its own or its image's", other)
                    .isTrue();
        }));
        assertThat(DeployFile.text("Dockerfile")).contains("HEALTHCHECK");
    }

    @Test
    void mountsFilesThatExistAndVolumesThatAreDeclared() {
        Set<String> volumes = map(compose.get("volumes")).keySet();
        services.values().stream()
                .flatMap(service -> DeployFile.<String>list(map(service).get("volumes")).stream())
                .map(mount -> mount.split(":", 2)[0])
                .forEach(source -> assertThat(
                                source.startsWith("./")
                                        ? Files.exists(DeployFile.ROOT.resolve(source))
                                        : volumes.contains(source))
                        .as(source)
                        .isTrue());
    }

    @Test
    void setsOnlySettingsThatExistAndNoSecret() {
        Set<String> known = Setting.allVariables().collect(Collectors.toSet());
        for (String service : List.of("keys", "migrate", "sluice")) {
            assertThat(map(map(services.get(service)).get("environment")).keySet())
                    .allMatch(known::contains);
        }
        assertThat(services.values().stream()
                        .flatMap(service -> map(map(service).get("environment")).keySet().stream())
                        .filter(name -> name.contains("PASSWORD")))
                .isNotEmpty()
                .allMatch(name -> name.endsWith("_FILE"));
    }

    @Test
    void runsTheWorkerWithoutTheOwnersRights() {
        assertThat(map(map(services.get("sluice")).get("environment"))).containsEntry("PGUSER", "login_worker");
        assertThat(DeployFile.text("deploy/compose/logins.sql"))
                .contains("CREATE ROLE login_worker LOGIN PASSWORD :'password' IN ROLE sluice_writer;");
    }
}
