package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.TestSql;
import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.recovery.audit.RecoveryReason;
import dev.sluice.recovery.unmask.DenialReason;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoverDocsIT {

    private static final Document PAGE = Document.read("docs/recover.md");

    @Test
    void theGrantsThatThePageListsAreEnoughToRecoverFindAndAudit(@TempDir Path folder) {
        try (LoginSandbox login = LoginSandbox.start(folder)) {
            Map<String, String> owner = login.environment();
            succeeded(owner, "keys", "create", "--allow-cleartext-keys");
            succeeded(owner, "migrate");
            succeeded(owner, "run", "--until-empty");
            TestSql sql = new TestSql(login.sandbox().databaseUrl(), TestSql.PUBLIC_FIRST);
            sql.execute("CREATE ROLE sluice_recovery");
            PAGE.section("## Once: users, rights, policy").blocks("sql").forEach(sql::execute);
            sql.execute("CREATE ROLE ann LOGIN; CREATE ROLE bob LOGIN; GRANT sluice_recovery TO ann, bob");
            String token = sql.query("SELECT masked_ip FROM user_logins").getFirst();

            Map<String, String> ann = as(login, "ann");
            assertThat(recover(ann, "unmask", token)).isEqualTo("192.0.2.1\n");
            assertThat(recover(ann, "find", "--ip", "192.0.2.1")).contains(token);
            assertThat(recover(ann, "unmask", "request", token)).contains("Request 1 was made");
            assertThat(succeeded(as(login, "bob"), "unmask", "approve", "1", "--yes"))
                    .contains("approved");
            assertThat(succeeded(ann, "unmask", "fetch", "1")).isEqualTo("192.0.2.1\n");
            String user = sql.query("SELECT user_id FROM user_logins").getFirst();
            assertThat(recover(ann, "export", "--user-id", user)).contains("{\"value\":\"192.0.2.1\"}");
            assertThat(succeeded(ann, "audit", "verify")).startsWith("Intact: 10 entries");
        }
    }

    private static Map<String, String> as(LoginSandbox login, String user) {
        Map<String, String> environment = new HashMap<>(login.environment());
        environment.put("SLUICE_DATABASE_URL", login.urlFor(user));
        return environment;
    }

    private static String recover(Map<String, String> environment, String... args) {
        return succeeded(
                environment,
                Stream.concat(Arrays.stream(args), Stream.of("--reason", "DSAR", "--ticket", "CASE-7"))
                        .toArray(String[]::new));
    }

    private static String succeeded(Map<String, String> environment, String... args) {
        InProcess run = InProcess.run(environment, args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }

    @Test
    void tableHoldsEveryRefusal() {
        List<String> told = PAGE.lines().stream()
                .dropWhile(line -> !line.startsWith("| refused with |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("`", -1)[1])
                .toList();

        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                Arrays.stream(Refusal.values()).map(Enum::name),
                                Stream.of(
                                                DenialReason.APPROVAL_REQUIRED,
                                                DenialReason.DAILY_VALUES,
                                                DenialReason.DAILY_CALLS)
                                        .map(Enum::name))
                        .toList());
    }

    @Test
    void pageNamesEveryReason() {
        String recover = String.join("\n", PAGE.section("## Recover").lines());

        assertThat(Arrays.stream(RecoveryReason.values()))
                .allSatisfy(reason -> assertThat(recover).contains("`" + reason + "`"));
    }
}
