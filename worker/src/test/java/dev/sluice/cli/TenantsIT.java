package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys per tenant from the queue to the row and back: joins, rotation, recovery, destruction. */
class TenantsIT {

    private static final String IP = "192.0.2.44";
    private static final String WHY = "--reason=INCIDENT";
    private static final String TICKET = "--ticket=T-1";

    private Playground playground;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
        use("/tenant");
        playground
                .sluice("keys", "create", "--allow-cleartext-keys", "--tenant", "acme", "--tenant", "emca")
                .succeeded();
        playground.sluice("migrate").succeeded();
    }

    @Test
    void joinWithinATenantOnly() {
        playground.send(List.of(login(1, "acme"), login(2, "acme"), login(3, "emca")));

        assertThat(playground.drain().lastLine()).startsWith("received 3 = stored 3");

        assertThat(playground.query(
                        "SELECT string_agg(id::text, ' ' ORDER BY id) FROM logins GROUP BY ip, device" + " ORDER BY 1"))
                .containsExactly("1 2", "3");
        assertThat(playground.sluice("doctor", "--output", "json").out()).contains("for each tenant; tenants: 2");
        assertThat(playground
                        .sluice("keys", "list", "--tenant", "emca")
                        .succeeded()
                        .lines())
                .hasSize(4)
                .noneMatch(line -> line.contains("acme") || line.contains("not in this file"));
    }

    @Test
    void oneTokenIsUnmaskedWithoutNamingTheTenantAndAValueIsFoundOnlyByNamingIt() {
        playground.send(List.of(login(1, "acme"), login(2, "emca")));
        playground.drain();
        String token = token(2);

        assertThat(playground.sluice("unmask", token, WHY, TICKET).succeeded().lastLine())
                .isEqualTo(IP);
        assertThat(playground
                        .sluice("unmask", "--column", "ip", token, WHY, TICKET)
                        .succeeded()
                        .lastLine())
                .isEqualTo(IP);
        assertThat(find("--tenant", "emca").succeeded().out()).contains(token).doesNotContain(token(1));
        assertThat(find().refused(ExitCode.USAGE)).contains("--tenant is required");
        assertThat(find("--tenant", "nobody").refused(ExitCode.USAGE)).contains("has no keys of it");
        assertThat(playground
                        .sluice("erase", "--column", "ip", "--user-id", IP, "--tenant", "acme", TICKET)
                        .succeeded()
                        .out())
                .contains("1 row");
        assertThat(playground.query("SELECT id FROM logins")).containsExactly("2");
    }

    @Test
    void oneTenantIsRotatedAndRewrappedAlone() {
        playground.send(List.of(login(1, "acme"), login(2, "emca"), "{\"id\":\"x\",\"tenant\":\"acme\"}"));
        playground.drain();
        String acme = token(1);
        String emca = token(2);

        rotate("ip", "acme");
        rotate("quarantine", "acme");
        assertThat(playground.sluice("rewrap").succeeded().lastLine())
                .startsWith("rewrapped 1 rows and 1 originals in ")
                .endsWith("; nothing is left");
        assertThat(playground.sluice("rewrap").succeeded().lastLine())
                .startsWith("rewrapped 0 rows and 0 originals in ")
                .endsWith("; nothing is left");

        assertThat(token(2)).isEqualTo(emca);
        assertThat(token(1)).isNotEqualTo(acme);
        assertThat(playground
                        .sluice("unmask", token(1), WHY, TICKET)
                        .succeeded()
                        .lastLine())
                .isEqualTo(IP);
        playground.send(List.of(login(4, "acme")));
        playground.drain();
        assertThat(token(4)).isEqualTo(token(1));
        playground.sluice("quarantine", "show", "1", TICKET).succeeded();
    }

    @Test
    void aTenantWithoutKeysWaitsInTheQuarantineUntilItHasSome() {
        playground.send(List.of(login(1, "late"), "{\"id\":2}"));

        assertThat(playground.drain("--log-level", "trace").lastLine())
                .startsWith("received 2 = stored 0 + duplicates 0 + quarantined 2");
        assertThat(playground.query("SELECT reason FROM sluice.quarantine ORDER BY 1"))
                .containsExactly("no-tenant", "unknown-tenant");

        playground
                .sluiceReading("late\n\nlater\n", "keys", "create", "--allow-cleartext-keys", "--tenant", "-")
                .succeeded();
        assertThat(playground
                        .sluice("quarantine", "replay", "--all", TICKET)
                        .succeeded()
                        .lastLine())
                .isEqualTo("replayed 2 = stored 1 + duplicates 0 + rejected 1");
        assertThat(playground
                        .sluice("unmask", token(1), WHY, TICKET)
                        .succeeded()
                        .lastLine())
                .isEqualTo(IP);
    }

    @Test
    void destroyingATenantShredsItsRowsAndOriginalsAndNobodyElses() throws Exception {
        playground.send(List.of(
                login(1, "acme"),
                login(2, "emca"),
                "{\"id\":\"x\",\"tenant\":\"acme\"}",
                "{\"id\":\"x\",\"tenant\":\"emca\"}"));
        playground.drain();
        String acme = token(1);
        byte[] before = Files.readAllBytes(playground.keys);

        assertThat(playground.sluice("keys", "destroy-tenant", "acme").refused(ExitCode.USAGE))
                .contains("--yes");
        assertThat(Files.readAllBytes(playground.keys)).isEqualTo(before);
        assertThat(playground
                        .sluice("keys", "destroy-tenant", "acme", "--yes")
                        .succeeded()
                        .out())
                .startsWith("3 keys of tenant acme destroyed");

        assertThat(playground.sluice("unmask", acme, WHY, TICKET).exitCode()).isEqualTo(ExitCode.NOT_PERMITTED);
        assertThat(playground
                        .sluice("unmask", token(2), WHY, TICKET)
                        .succeeded()
                        .lastLine())
                .isEqualTo(IP);
        assertThat(find("--tenant", "acme").refused(ExitCode.USAGE)).contains("its keys were destroyed");
        assertThat(playground
                        .sluice("quarantine", "replay", "--all", TICKET, "--output", "json")
                        .lastLine())
                .contains("\"unopened\":1");
        playground.send(List.of(login(5, "acme"), login(6, "emca")));
        playground.drain();
        assertThat(playground.query("SELECT count(*) FROM sluice.quarantine WHERE reason = 'destroyed-tenant'"))
                .containsExactly("1");
        assertThat(playground.sluice("rewrap").succeeded().lastLine()).endsWith("nothing is left");
        assertThat(playground.sluice("keys", "destroy-tenant", "acme", "--yes").refused(ExitCode.USAGE))
                .contains("no keys of such a tenant");
        assertThat(playground.sluice("keys", "list", "--no-rows").succeeded().out())
                .contains("logins.ip@acme", "destroyed", "logins.ip@emca");
    }

    @Test
    void tenantsOfAnotherPipelineInTheSameFileAreNotThisOnes() {
        playground.write("logins.yaml", pipeline("/tenant").replace("pipeline: logins", "pipeline: other"));
        playground
                .sluice("keys", "create", "--allow-cleartext-keys", "--despite-unknown-keys", "--tenant", "zeta")
                .succeeded();
        use("/tenant");

        assertThat(playground.sluice("doctor", "--output", "json").out())
                .contains("for each tenant; tenants: 2")
                .doesNotContain("zeta");
        playground.send(List.of(login(1, "zeta"), login(2, "acme")));
        assertThat(playground.drain().lastLine()).contains("stored 1 + duplicates 0 + quarantined 1");
        assertThat(find("--tenant", "zeta").refused(ExitCode.USAGE)).contains("has no keys of it");
    }

    @Test
    void aNewMaskedColumnGetsKeysForEveryTenant() {
        playground.write(
                "logins.yaml",
                pipeline("/tenant") + "  mail: { from: mail, type: text, mask: { kind:" + " deterministic-aead } }\n");
        assertThat(playground
                        .sluice(
                                "check",
                                playground.write("e.json", login(1, "acme")).toString())
                        .exitCode())
                .isEqualTo(ExitCode.DONE);
        assertThat(playground.sluice("run", "--until-empty").refused(ExitCode.CONFIG))
                .contains("has no keyset 'logins.mail@");

        assertThat(playground
                        .sluice("keys", "create", "--allow-cleartext-keys")
                        .succeeded()
                        .out())
                .contains("logins.mail@acme", "logins.mail@emca")
                .doesNotContain("logins.ip@");
    }

    @Test
    void theMessageGroupOfAFifoQueueIsATenant() throws Exception {
        String fifo = playground.queue + ".fifo";
        sqs("CreateQueue", "{\"QueueName\":\"" + fifo + "\",\"Attributes\":{\"FifoQueue\":\"true\"}}");
        for (String group : List.of("acme", "emca", "nobody")) {
            sqs(
                    "SendMessage",
                    "{\"QueueUrl\":\"" + Playground.sqsEndpoint() + "/000000000000/" + fifo
                            + "\",\"MessageBody\":\"{\\\"id\\\":1,\\\"ip\\\":\\\"" + IP
                            + "\\\"}\",\"MessageGroupId\":\""
                            + group + "\",\"MessageDeduplicationId\":\"" + group + "\"}");
        }
        playground.set("SLUICE_QUEUE", fifo);
        use("message-group");

        assertThat(playground.sluice("run", "--until-empty").succeeded().lastLine())
                .startsWith("received 3 = stored 2 + duplicates 0 + quarantined 1");

        assertThat(playground.query("SELECT count(DISTINCT ip) FROM logins")).containsExactly("2");
        assertThat(playground.query("SELECT reason FROM sluice.quarantine")).containsExactly("unknown-tenant");
        playground
                .sluice("keys", "create", "--allow-cleartext-keys", "--tenant", "nobody")
                .succeeded();
        assertThat(playground
                        .sluice("quarantine", "replay", "--all", TICKET)
                        .succeeded()
                        .lastLine())
                .startsWith("replayed 1 = stored 1");
    }

    @Test
    void filesAreLoadedWithTheKeysOfTheTenantsThatTheirLinesName() {
        String file = playground
                .write("archive.ndjson", login(1, "acme") + "\n" + login(2, "emca") + "\n" + login(3, "nobody") + "\n")
                .toString();

        playground
                .sluice("backfill", file, "--dataset", "old", "--sent-at", "2026-01-01T00:00:00Z")
                .succeeded();

        assertThat(playground.query("SELECT count(DISTINCT ip) FROM logins")).containsExactly("2");
        assertThat(playground.query("SELECT reason FROM sluice.quarantine")).containsExactly("unknown-tenant");
        use("message-group");
        assertThat(playground.sluice("backfill", file, "--dataset", "new").refused(ExitCode.USAGE))
                .contains("lines of files have no message");
    }

    @Test
    void refusesTenantsWhereThePipelineHasNone() {
        playground.write("logins.yaml", pipeline("/tenant").replace("keys: { by: /tenant }\n", ""));

        assertThat(playground.sluice("keys", "create", "--tenant", "acme").refused(ExitCode.USAGE))
                .contains("has no keys: by");
        assertThat(playground.sluice("keys", "create", "--tenant", " acme").refused(ExitCode.USAGE))
                .contains("--tenant: ");
        assertThat(find("--tenant", "acme").exitCode()).isNotEqualTo(ExitCode.DONE);
    }

    private void rotate(String field, String tenant) {
        String added = playground
                .sluice("keys", "add", field, "--tenant", tenant, "--output", "json")
                .succeeded()
                .out();
        String id = added.replaceAll("(?s).*\"key_id\":\"([0-9a-f]{8})\".*", "$1");
        playground.sluice("keys", "promote", id).succeeded();
    }

    private Ran find(String... more) {
        List<String> args = new ArrayList<>(List.of("find", "--ip", IP, WHY, TICKET));
        args.addAll(List.of(more));
        return playground.sluice(args.toArray(String[]::new));
    }

    private String token(int id) {
        return playground.query("SELECT ip FROM logins WHERE id = " + id).getFirst();
    }

    private static String login(int id, String tenant) {
        return "{\"id\":" + id + ",\"ip\":\"" + IP + "\",\"device\":\"d\",\"tenant\":\"" + tenant + "\"}";
    }

    private void use(String by) {
        playground.set(
                "SLUICE_PIPELINE", playground.write("logins.yaml", pipeline(by)).toString());
    }

    private static String pipeline(String by) {
        return """
                pipeline: logins
                source: { queue: logins }
                sink: { table: logins }
                keys: { by: %s }
                columns:
                  id: { from: id, type: integer }
                  ip: { from: ip, type: varchar(64), mask: { kind: deterministic-aead, as: ip } }
                  device: { from: device, type: varchar(64), mask: { kind: keyed-hash } }
                """
                .formatted(by);
    }

    private static void sqs(String action, String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(Playground.sqsEndpoint())
                .header("X-Amz-Target", "AmazonSQS." + action)
                .header("Content-Type", "application/x-amz-json-1.0")
                .POST(BodyPublishers.ofString(json))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }
}
