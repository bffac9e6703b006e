package dev.sluice.deploy;

import static dev.sluice.deploy.DeployFile.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.config.Setting;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesTest {

    private static final String FOLDER = "deploy/kubernetes/";

    private static Manifests render(String folder) {
        return Manifests.load(Kustomization.render(DeployFile.ROOT.resolve(FOLDER + folder)));
    }

    @Nested
    class EveryRendering {

        @ParameterizedTest
        @ValueSource(
                strings = {"base", "overlays/keda", "overlays/cronjob", "overlays/spark", "overlays/spark-operator"})
        void isWhatKubectlRenders(String folder) throws Exception {
            Optional<String> expected = kubectl(DeployFile.ROOT.resolve(FOLDER + folder));
            assumeThat(expected).as("kubectl 1.21 or later is installed").isPresent();

            assertThat(Kustomization.render(DeployFile.ROOT.resolve(FOLDER + folder)))
                    .containsExactlyInAnyOrderElementsOf(DeployFile.documents(expected.orElseThrow()));
        }

        @ParameterizedTest
        @ValueSource(strings = {"base", "overlays/keda", "overlays/cronjob"})
        void runsItsPodsUnderTheRestrictedStandard(String folder) {
            Manifests manifests = render(folder);

            assertThat(manifests.only(Namespace.class).getMetadata().getLabels())
                    .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
            assertThat(manifests.pods()).isNotEmpty().allSatisfy(pod -> {
                assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
                assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isEqualTo(65_532);
                assertThat(pod.getSpec()
                                .getSecurityContext()
                                .getSeccompProfile()
                                .getType())
                        .isEqualTo("RuntimeDefault");
                assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
                assertThat(pod.getSpec().getHostNetwork()).isNull();
                assertThat(pod.getSpec().getContainers()).allSatisfy(container -> {
                    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                            .isFalse();
                    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                            .isTrue();
                    assertThat(container.getSecurityContext().getCapabilities().getDrop())
                            .containsExactly("ALL");
                    assertThat(container.getImage()).matches("registry\\.example\\.com/sluice@sha256:[0-9a-f]{64}");
                    assertThat(container.getResources().getLimits())
                            .containsKey("memory")
                            .doesNotContainKey("cpu");
                    assertThat(container.getResources().getRequests()).containsKeys("memory", "cpu");
                });
            });
        }

        @ParameterizedTest
        @ValueSource(strings = {"base", "overlays/keda", "overlays/cronjob"})
        void namesOnlySettingsAndFilesThatExist(String folder) {
            Manifests manifests = render(folder);
            Map<String, String> settings = manifests.only(ConfigMap.class).getData();
            Set<String> known = Setting.allVariables().collect(Collectors.toSet());

            assertThat(known).containsAll(settings.keySet());
            assertThat(settings.keySet())
                    .noneMatch(name -> name.contains("PASSWORD") || name.equals("SLUICE_DATABASE_URL"));
            for (PodTemplateSpec pod : manifests.pods()) {
                for (Container container : pod.getSpec().getContainers()) {
                    assertThat(container.getEnvFrom()).singleElement().satisfies(from -> assertThat(
                                    from.getConfigMapRef().getName())
                            .isEqualTo(manifests
                                    .only(ConfigMap.class)
                                    .getMetadata()
                                    .getName()));
                    Map<String, String> environment = new HashMap<>(settings);
                    container
                            .getEnv()
                            .forEach((EnvVar variable) -> environment.put(variable.getName(), variable.getValue()));
                    assertThat(known).containsAll(environment.keySet());
                    assertThat(container.getVolumeMounts())
                            .extracting(VolumeMount::getName)
                            .containsExactlyInAnyOrderElementsOf(pod.getSpec().getVolumes().stream()
                                    .map(Volume::getName)
                                    .toList());
                    // The migration reads no keys, although the map names them.
                    environment.entrySet().stream()
                            .filter(entry -> entry.getValue().startsWith("/"))
                            .filter(entry -> !entry.getKey().equals("SLUICE_KEYS")
                                    || container.getArgs().contains("run"))
                            .forEach(entry -> assertThat(container.getVolumeMounts())
                                    .as("a volume with %s=%s", entry.getKey(), entry.getValue())
                                    .anyMatch(mount -> entry.getValue().startsWith(mount.getMountPath() + "/")));
                }
                assertThat(pod.getSpec().getServiceAccountName())
                        .isEqualTo(manifests
                                .only(ServiceAccount.class)
                                .getMetadata()
                                .getName());
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"base", "overlays/keda", "overlays/cronjob"})
        void letsInOnlyTheMonitoringAndOutOnlyToWhatIsNeeded(String folder) {
            Manifests manifests = render(folder);
            NetworkPolicy policy = manifests.only(NetworkPolicy.class);

            assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
            assertThat(policy.getSpec().getIngress()).singleElement().satisfies(rule -> assertThat(rule.getPorts())
                    .extracting(port -> port.getPort().getIntVal())
                    .containsExactly(8081));
            assertThat(policy.getSpec().getEgress())
                    .flatExtracting(rule -> rule.getPorts())
                    .extracting(port -> port.getPort().getIntVal())
                    .containsExactly(53, 53, 443, 80, 5432);
            assertThat(manifests.pods()).allSatisfy(pod -> assertThat(
                            pod.getMetadata().getLabels())
                    .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels()));
        }
    }

    @Nested
    class TheWorker {

        private final Manifests base = render("base");
        private final Deployment deployment = base.only(Deployment.class);
        private final PodTemplateSpec pod = deployment.getSpec().getTemplate();
        private final Container container = pod.getSpec().getContainers().get(0);

        @Test
        void isSelectedByWhatBelongsToIt() {
            Map<String, String> labels = pod.getMetadata().getLabels();

            assertThat(deployment.getSpec().getSelector().getMatchLabels()).isEqualTo(labels);
            assertThat(base.only(Service.class).getSpec().getSelector()).isEqualTo(labels);
            assertThat(base.only(PodDisruptionBudget.class)
                            .getSpec()
                            .getSelector()
                            .getMatchLabels())
                    .isEqualTo(labels);
            assertThat(base.pods().stream().filter(other -> !other.equals(pod)))
                    .noneMatch(other -> other.getMetadata().getLabels().equals(labels));
        }

        @Test
        void isProbedOnItsHealthPort() {
            Map<Probe, String> paths = Map.of(
                    container.getStartupProbe(), "/startupz",
                    container.getLivenessProbe(), "/livez",
                    container.getReadinessProbe(), "/readyz");

            assertThat(paths).allSatisfy((probe, path) -> {
                assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
                assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("health");
            });
            assertThat(container.getPorts()).singleElement().satisfies(port -> {
                assertThat(port.getName()).isEqualTo("health");
                assertThat(port.getContainerPort()).hasToString(Setting.HEALTH_PORT.fallback());
            });
            assertThat(base.only(ConfigMap.class).getData()).containsEntry("SLUICE_HEALTH_ADDRESS", "0.0.0.0");
        }

        /** docs/operate.md: a long poll of 20 s, a statement of 20 s within a batch, ten seconds of deletes. */
        @Test
        void hasTimeToDrain() {
            assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isGreaterThanOrEqualTo(20 + 25 + 10);
        }

        @Test
        void outlivesItsRollingUpdate() {
            assertThat(deployment
                            .getSpec()
                            .getStrategy()
                            .getRollingUpdate()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isZero();
            assertThat(base.only(PodDisruptionBudget.class)
                            .getSpec()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isPositive();
        }
    }

    @Nested
    class Keda {

        private final Manifests keda = render("overlays/keda");
        private final Map<String, Object> scaled = keda.custom().get(0);
        private final Map<String, Object> spec = map(scaled.get("spec"));

        @Test
        void setsTheReplicasOfTheDeployment() {
            assertThat(keda.only(Deployment.class).getSpec().getReplicas()).isNull();
            assertThat(map(spec.get("scaleTargetRef")))
                    .containsEntry(
                            "name", keda.only(Deployment.class).getMetadata().getName());
        }

        @Test
        void knowsEveryField() {
            assertThat(Set.of(
                            "scaleTargetRef",
                            "minReplicaCount",
                            "maxReplicaCount",
                            "pollingInterval",
                            "cooldownPeriod",
                            "fallback",
                            "advanced",
                            "triggers"))
                    .containsAll(spec.keySet());
            assertThat(Set.of(
                            "queueURL",
                            "awsRegion",
                            "queueLength",
                            "scaleOnInFlight",
                            "scaleOnDelayed",
                            "activationQueueLength"))
                    .containsAll(trigger().keySet());
            // KEDA reads the values of a trigger as texts.
            assertThat(trigger().values()).allMatch(String.class::isInstance);
        }

        @Test
        void aimsAtBatchesOfTheWorkersQueue() {
            Map<String, String> settings = keda.only(ConfigMap.class).getData();

            assertThat(trigger())
                    .containsEntry("queueURL", settings.get("SLUICE_QUEUE"))
                    .containsEntry("awsRegion", settings.get("AWS_REGION"))
                    .containsEntry("scaleOnInFlight", "false");
            assertThat(Integer.parseInt(Objects.toString(trigger().get("queueLength"))))
                    .isGreaterThanOrEqualTo(
                            Integer.parseInt(Objects.requireNonNull(Setting.BATCH_MESSAGES.fallback())));
        }

        /** PostgreSQL's default of max_connections is 100, three of them for superusers. */
        @Test
        void leavesConnectionsOfTheDatabase() {
            int connections = Integer.parseInt(Objects.requireNonNull(Setting.CONSUMERS.fallback())) + 1;

            assertThat(((Number) Objects.requireNonNull(spec.get("maxReplicaCount"))).intValue() * connections)
                    .isLessThan(97);
        }

        /** Sixteen batches of a worker are in flight on a full queue; SQS's quota is 120,000 messages. */
        @Test
        void staysBelowTheQuotaOfMessagesInFlight() {
            int batch = Integer.parseInt(Objects.requireNonNull(Setting.BATCH_MESSAGES.fallback()));

            assertThat(((Number) Objects.requireNonNull(spec.get("maxReplicaCount"))).intValue() * 16 * batch)
                    .isLessThan(120_000);
        }

        private Map<String, Object> trigger() {
            Map<String, Object> trigger =
                    DeployFile.<Map<String, Object>>list(spec.get("triggers")).get(0);
            assertThat(trigger).containsEntry("type", "aws-sqs-queue");
            return map(trigger.get("metadata"));
        }
    }

    @Nested
    class AsCronJob {

        private final Manifests manifests = render("overlays/cronjob");

        @Test
        void replacesTheWorkersThatWait() {
            assertThat(manifests.all(Deployment.class)).isEmpty();
            assertThat(manifests.all(Service.class)).isEmpty();
            assertThat(manifests.all(PodDisruptionBudget.class)).isEmpty();
        }

        @Test
        void endsWhenTheQueueIsEmptyAndDoesNotOverlap() {
            CronJob job = manifests.only(CronJob.class);

            assertThat(job.getSpec().getConcurrencyPolicy()).isEqualTo("Forbid");
            assertThat(job.getSpec()
                            .getJobTemplate()
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers())
                    .singleElement()
                    .satisfies(container -> assertThat(container.getArgs()).contains("run", "--until-empty"));
        }
    }

    @Nested
    class OnSpark {

        private static final Set<String> FIELDS_OF_APPLICATIONS = Set.of(
                "type",
                "mode",
                "sparkVersion",
                "image",
                "mainClass",
                "mainApplicationFile",
                "arguments",
                "sparkConf",
                "restartPolicy",
                "driver",
                "executor");

        private static final Set<String> FIELDS_OF_PODS =
                Set.of("cores", "memory", "instances", "serviceAccount", "template");

        private final Manifests own = render("overlays/spark");
        private final Manifests operated = render("overlays/spark-operator");

        private Map<String, String> files() {
            return own.all(ConfigMap.class).stream()
                    .filter(map -> map.getMetadata().getName().equals("sluice-spark-files"))
                    .findFirst()
                    .orElseThrow()
                    .getData();
        }

        private Map<String, String> properties() {
            return Objects.requireNonNull(files().get("spark.properties"))
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        }

        private PodTemplateSpec driver() {
            return own.only(Job.class).getSpec().getTemplate();
        }

        private PodTemplateSpec executor() {
            Pod pod = Manifests.load(DeployFile.documents(Objects.requireNonNull(files().get("executor.yaml"))))
                    .only(Pod.class);
            return new PodTemplateSpec(pod.getMetadata(), pod.getSpec());
        }

        private PodTemplateSpec operated(String role) {
            return Manifests.convert(map(map(application().get(role)).get("template")), PodTemplateSpec.class);
        }

        private Map<String, Object> application() {
            return map(operated.custom().get(0).get("spec"));
        }

        private List<PodTemplateSpec> pods() {
            return List.of(driver(), executor(), operated("driver"), operated("executor"));
        }

        @Test
        void runsItsPodsUnderTheRestrictedStandard() {
            assertThat(own.only(Namespace.class).getMetadata().getLabels())
                    .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
            assertThat(pods()).allSatisfy(pod -> {
                // The user of Spark's images.
                assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isEqualTo(185);
                assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
                assertThat(pod.getSpec()
                                .getSecurityContext()
                                .getSeccompProfile()
                                .getType())
                        .isEqualTo("RuntimeDefault");
                assertThat(containers(pod)).hasSize(3).allSatisfy(container -> {
                    assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                            .isFalse();
                    assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                            .isTrue();
                    assertThat(container.getSecurityContext().getCapabilities().getDrop())
                            .containsExactly("ALL");
                });
            });
        }

        /** A keyset file in clear text is read only if it is the process's own, and nobody else may read it. */
        @Test
        void decryptsTheKeysIntoMemoryOnly() {
            assertThat(pods()).allSatisfy(pod -> {
                Volume keys = pod.getSpec().getVolumes().stream()
                        .filter(volume -> volume.getName().equals("keys"))
                        .findFirst()
                        .orElseThrow();
                assertThat(keys.getEmptyDir().getMedium()).isEqualTo("Memory");
                List<Container> first = pod.getSpec().getInitContainers();
                assertThat(first.get(0).getCommand())
                        .startsWith("install", "-m", "0600")
                        .endsWith("/var/run/sluice/keys/keys.json");
                assertThat(first.get(1).getArgs()).containsExactly("keys", "rewrap-kek", "--allow-cleartext-keys");
                assertThat(pod.getSpec().getContainers()).singleElement().satisfies(container -> assertThat(
                                container.getVolumeMounts())
                        .filteredOn(mount -> mount.getName().equals("keys"))
                        .singleElement()
                        .satisfies(mount -> assertThat(mount.getReadOnly()).isTrue()));
            });
        }

        @Test
        void namesOnlySettingsAndFilesThatExist() {
            ConfigMap settings = own.all(ConfigMap.class).stream()
                    .filter(map -> map.getMetadata().getName().equals("sluice-spark"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Setting.allVariables().collect(Collectors.toSet()))
                    .containsAll(settings.getData().keySet());
            assertThat(pods()).allSatisfy(pod -> {
                List<String> volumes =
                        pod.getSpec().getVolumes().stream().map(Volume::getName).toList();
                assertThat(containers(pod)).allSatisfy(container -> assertThat(volumes)
                        .containsAll(container.getVolumeMounts().stream()
                                .map(VolumeMount::getName)
                                .toList()));
                Container main = pod.getSpec().getContainers().get(0);
                assertThat(main.getEnvFrom())
                        .extracting(from -> from.getConfigMapRef().getName())
                        .containsExactly("sluice-spark");
                assertThat(settings.getData().values().stream().filter(value -> value.startsWith("/")))
                        .allSatisfy(path -> assertThat(main.getVolumeMounts())
                                .anyMatch(mount -> path.startsWith(mount.getMountPath() + "/")));
            });
        }

        @Test
        void givesTheDriverOnlyWhatSparkNeedsAndExecutorsNothing() {
            RoleBinding binding = own.only(RoleBinding.class);
            assertThat(binding.getRoleRef().getName())
                    .isEqualTo(own.only(Role.class).getMetadata().getName());
            assertThat(binding.getSubjects())
                    .extracting(Subject::getName)
                    .containsExactly(driver().getSpec().getServiceAccountName());
            assertThat(own.only(Role.class).getRules())
                    .allSatisfy(rule -> assertThat(rule.getVerbs()).doesNotContain("*"))
                    .flatExtracting(PolicyRule::getResources)
                    .containsExactlyInAnyOrder("pods", "configmaps", "services", "persistentvolumeclaims");
            assertThat(executor().getSpec().getAutomountServiceAccountToken()).isFalse();
            assertThat(operated("executor").getSpec().getAutomountServiceAccountToken())
                    .isFalse();
            Set<String> accounts = own.all(ServiceAccount.class).stream()
                    .map(account -> account.getMetadata().getName())
                    .collect(Collectors.toSet());
            assertThat(accounts)
                    .containsExactlyInAnyOrder(
                            properties().get("spark.kubernetes.authenticate.serviceAccountName"),
                            properties().get("spark.kubernetes.authenticate.executor.serviceAccountName"));
        }

        @Test
        void keepsDriverAndExecutorsAmongThemselves() {
            NetworkPolicy policy = own.only(NetworkPolicy.class);
            Map<String, String> selected = policy.getSpec().getPodSelector().getMatchLabels();

            assertThat(pods())
                    .allSatisfy(pod -> assertThat(pod.getMetadata().getLabels()).containsAllEntriesOf(selected));
            assertThat(policy.getSpec().getIngress()).singleElement().satisfies(rule -> {
                assertThat(rule.getFrom().get(0).getPodSelector().getMatchLabels())
                        .isEqualTo(selected);
                assertThat(rule.getPorts())
                        .extracting(port -> port.getPort().getIntVal().toString())
                        .containsExactly(
                                properties().get("spark.driver.port"),
                                properties().get("spark.blockManager.port"));
            });
        }

        @Test
        void usesOneImageEverywhere() {
            String image = driver().getSpec().getContainers().get(0).getImage();

            assertThat(image).matches("registry\\.example\\.com/sluice-spark@sha256:[0-9a-f]{64}");
            assertThat(properties()).containsEntry("spark.kubernetes.container.image", image);
            assertThat(application()).containsEntry("image", image);
            assertThat(pods()).allSatisfy(pod -> {
                assertThat(pod.getSpec().getInitContainers().get(0).getImage()).isEqualTo(image);
                assertThat(pod.getSpec().getInitContainers().get(1).getImage())
                        .isEqualTo(image.replace("sluice-spark", "sluice"));
            });
        }

        /** PostgreSQL's default of max_connections is 100, three of them for superusers. */
        @Test
        void leavesConnectionsOfTheDatabase() {
            int tasks = Integer.parseInt(Objects.requireNonNull(properties().get("spark.executor.instances")))
                    * Integer.parseInt(Objects.requireNonNull(properties().get("spark.executor.cores")));

            assertThat(tasks).isLessThan(97 / 2);
        }

        @Test
        void isTheSameApplicationForTheOperator() {
            assertThat(FIELDS_OF_APPLICATIONS).containsAll(application().keySet());
            assertThat(FIELDS_OF_PODS)
                    .containsAll(map(application().get("driver")).keySet())
                    .containsAll(map(application().get("executor")).keySet());
            assertThat(operated.all(Job.class)).isEmpty();
            List<String> arguments = driver().getSpec().getContainers().get(0).getArgs();
            List<String> ofOperator = DeployFile.list(application().get("arguments"));
            assertThat(arguments).endsWith(ofOperator.toArray(String[]::new));
            assertThat(arguments)
                    .contains(
                            Objects.toString(application().get("mainClass")),
                            Objects.toString(application().get("mainApplicationFile")));
            assertThat(map(application().get("sparkConf"))).allSatisfy((name, value) -> {
                if (!name.contains("podTemplateContainerName")) {
                    assertThat(properties()).containsEntry(name, Objects.toString(value));
                }
            });
        }

        private static List<Container> containers(PodTemplateSpec pod) {
            return Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
                    .toList();
        }
    }

    @Nested
    class StrictLoading {

        @Test
        void refusesAFieldThatTheApiDoesNotHave() {
            List<Map<String, Object>> objects = Kustomization.render(DeployFile.ROOT.resolve(FOLDER + "base"));
            Map<String, Object> deployment = objects.stream()
                    .filter(object -> Objects.equals(object.get("kind"), "Deployment"))
                    .findFirst()
                    .orElseThrow();
            map(map(map(deployment.get("spec")).get("template")).get("spec")).put("terminationGracePeriod", 75);

            assertThatThrownBy(() -> Manifests.load(objects)).hasMessageContaining("terminationGracePeriod");
        }
    }

    /** Empty where it is not installed, or older than kustomize's {@code labels}. */
    private static Optional<String> kubectl(Path folder) throws Exception {
        if (Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":"))
                .noneMatch(path -> Path.of(path, "kubectl").toFile().canExecute())) {
            return Optional.empty();
        }
        Process process = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String rendered = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.of(rendered) : Optional.empty();
    }
}
