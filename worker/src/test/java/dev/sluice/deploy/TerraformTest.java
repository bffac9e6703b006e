package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.config.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TerraformTest {

    private static final Path FOLDER = DeployFile.ROOT.resolve("deploy/terraform");
    private static final Path EXAMPLE = FOLDER.resolve("examples/complete");

    static List<Path> modules() throws Exception {
        try (Stream<Path> modules = Files.list(FOLDER.resolve("modules"))) {
            return Stream.concat(modules, Stream.of(EXAMPLE)).sorted().toList();
        }
    }

    @Test
    void isFormattedAsTerraformFormats() throws Exception {
        boolean installed = Stream.of(
                        Objects.requireNonNullElse(System.getenv("PATH"), "").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "terraform")));
        assumeThat(installed).as("terraform is installed").isTrue();

        Process process = new ProcessBuilder("terraform", "fmt", "-check", "-recursive", FOLDER.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();

        assertThat(process.waitFor()).isZero();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void describesAndTypesEveryVariableAndDescribesEveryOutput(Path module) {
        List<TerraformBlock> blocks = TerraformBlock.of(module);

        assertThat(blocks(blocks, "variable")).isNotEmpty().allSatisfy(variable -> assertThat(variable.arguments())
                .as(variable.name())
                .contains("description", "type"));
        assertThat(blocks(blocks, "output")).isNotEmpty().allSatisfy(output -> assertThat(output.arguments())
                .as(output.name())
                .contains("description", "value"));
        assertThat(blocks(blocks, "terraform")).singleElement().satisfies(versions -> assertThat(versions.body())
                .contains("required_version", "version = \"~> "));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void usesExactlyTheVariablesThatItDeclares(Path module) {
        List<TerraformBlock> blocks = TerraformBlock.of(module);
        Set<String> used = blocks.stream()
                .filter(block -> !block.kind().equals("variable"))
                .flatMap(block -> block.all("\\bvar\\.(\\w+)"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(used).isEqualTo(names(blocks, "variable"));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void refersOnlyToWhatItDeclares(Path module) {
        List<TerraformBlock> blocks = TerraformBlock.of(module);
        Set<String> declared = blocks.stream()
                .filter(block -> block.labels().size() == 2)
                .map(block -> (block.kind().equals("data") ? "data." : "") + String.join(".", block.labels()))
                .collect(Collectors.toSet());
        Set<String> locals = blocks(blocks, "locals").stream()
                .flatMap(block -> block.arguments().stream())
                .collect(Collectors.toSet());

        assertThat(blocks.stream().flatMap(block -> block.all("((?:\\bdata\\.)?\\baws_\\w+\\.\\w+)")))
                .allMatch(declared::contains);
        assertThat(blocks.stream().flatMap(block -> block.all("\\blocal\\.(\\w+)")))
                .allMatch(locals::contains);
    }

    @Test
    void theExampleGivesEveryModuleWhatItAsksFor() {
        List<TerraformBlock> example = TerraformBlock.of(EXAMPLE);

        assertThat(names(example, "module")).hasSize(7);
        for (TerraformBlock call : blocks(example, "module")) {
            List<TerraformBlock> module = TerraformBlock.of(EXAMPLE.resolve(
                            call.all("source += \"([^\"]+)\"").findFirst().orElseThrow())
                    .normalize());
            List<String> arguments = call.arguments().stream()
                    .filter(argument -> !Set.of("source", "count").contains(argument))
                    .toList();
            assertThat(names(module, "variable")).as(call.name()).containsAll(arguments);
            assertThat(arguments)
                    .as(call.name())
                    .containsAll(blocks(module, "variable").stream()
                            .filter(variable -> !variable.arguments().contains("default"))
                            .map(TerraformBlock::name)
                            .toList());
            assertThat(names(module, "output"))
                    .as("outputs of %s that the example reads", call.name())
                    .containsAll(example.stream()
                            .flatMap(block -> block.all("module\\." + call.name() + "\\.(\\w+)"))
                            .toList());
        }
    }

    /** The worker is given the queue's URL, so it never asks for it; {@code send} and {@code queues} are for people. */
    @Test
    void theTaskRoleMayCallWhatTheWorkerCallsAndNothingElse() {
        Set<String> calls = DeployFile.under("worker/src/main/java/dev/sluice/sqs", ".java").stream()
                .map(file -> DeployFile.text(DeployFile.ROOT.relativize(file).toString()))
                .flatMap(source -> Pattern.compile("\\b(?:sqs|client)\\.(\\w+?)(?:Batch)?\\(")
                        .matcher(source)
                        .results())
                .map(call -> "sqs:" + Character.toUpperCase(call.group(1).charAt(0))
                        + call.group(1).substring(1))
                .filter(action -> Pattern.matches("sqs:(Get|List|Receive|Delete|Change|Send)\\w+", action))
                .filter(action -> !Set.of("sqs:GetQueueUrl", "sqs:SendMessage", "sqs:ListQueues")
                        .contains(action))
                .collect(Collectors.toCollection(TreeSet::new));
        calls.add("kms:Decrypt");

        assertThat(new TreeSet<>(policy("service", "task").texts("actions"))).isEqualTo(calls);
        assertThat(policy("service", "task").texts("resources"))
                .containsExactly("var.queue_arn", "var.dead_letters_arn", "var.queue_key_arn", "var.keyset_key_arn");
    }

    @ParameterizedTest
    @MethodSource("modules")
    void permitsNothingOnEverything(Path module) {
        for (TerraformBlock policy : blocks(TerraformBlock.of(module), "data")) {
            for (String statement : policy.body().split("(?m)^  statement \\{", -1)) {
                if (statement.contains("\"Deny\"")) {
                    continue;
                }
                boolean logIn = statement.contains("ecr:GetAuthorizationToken");
                assertThat(statement.contains("resources = [\"*\"]"))
                        .as(statement)
                        .isEqualTo(logIn);
                assertThat(statement).doesNotContainPattern("actions += \\[[^]]*\\*");
            }
        }
    }

    @Test
    void theQueueRefusesPlainHttp() {
        assertThat(policy("queue", "tls_only").body())
                .contains("effect    = \"Deny\"", "variable = \"aws:SecureTransport\"", "values   = [\"false\"]");
    }

    @Test
    void theDatabaseForcesTlsAndKeepsBackups() {
        List<TerraformBlock> blocks = TerraformBlock.of(FOLDER.resolve("modules/database"));
        String instance = body(blocks, "aws_db_instance");

        assertThat(body(blocks, "aws_db_parameter_group"))
                .contains("name  = \"rds.force_ssl\"\n    value = \"1\"")
                .contains("name  = \"log_min_error_statement\"\n    value = \"panic\"");
        assertThat(instance.replaceAll(" +", " "))
                .contains(
                        "storage_encrypted = true",
                        "deletion_protection = true",
                        "publicly_accessible = false",
                        "manage_master_user_password = true",
                        "backup_retention_period = var.backup_retention_days");
    }

    @Test
    void theWorkerIsSetByVariablesThatExistAndSecretsAreNotAmongThem() {
        String main = DeployFile.text("deploy/terraform/modules/service/main.tf");
        Set<String> known = Setting.allVariables().collect(Collectors.toSet());
        List<String> set = Pattern.compile("(?m)^    ([A-Z_]+) +=")
                .matcher(main)
                .results()
                .map(name -> name.group(1))
                .toList();

        assertThat(set).isNotEmpty().allMatch(known::contains).noneMatch(name -> name.contains("PASSWORD"));
        assertThat(main).contains("secrets          = [{ name = \"PGPASSWORD\", valueFrom = ");
    }

    private static TerraformBlock policy(String module, String name) {
        return TerraformBlock.of(FOLDER.resolve("modules").resolve(module)).stream()
                .filter(block -> block.labels().equals(List.of("aws_iam_policy_document", name)))
                .findFirst()
                .orElseThrow();
    }

    private static String body(List<TerraformBlock> blocks, String resource) {
        return blocks.stream()
                .filter(block -> block.labels().contains(resource))
                .map(TerraformBlock::body)
                .collect(Collectors.joining());
    }

    private static List<TerraformBlock> blocks(List<TerraformBlock> blocks, String kind) {
        return blocks.stream().filter(block -> block.kind().equals(kind)).toList();
    }

    private static Set<String> names(List<TerraformBlock> blocks, String kind) {
        return blocks(blocks, kind).stream().map(TerraformBlock::name).collect(Collectors.toCollection(TreeSet::new));
    }
}
