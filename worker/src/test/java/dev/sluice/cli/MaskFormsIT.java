package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person's contact data in several spellings, from the queue to recovery and erasure. */
class MaskFormsIT {

    private static final String PIPELINE =
            """
            pipeline: people
            source: { queue: people }
            sink: { table: people }
            columns:
              id:     { from: id,    type: integer }
              mail:   { from: mail,  type: text, mask: { kind: deterministic-aead, as: email%s } }
              phone:  { from: phone, type: text, mask: { kind: deterministic-aead, as: phone, region: DE } }
              mac:    { from: mac,   type: text, mask: { kind: deterministic-aead, as: mac } }
              card:   { from: card,  type: text, mask: { kind: keyed-hash, as: card } }
              last_4: { from: card,  type: text, mask: { kind: partial, as: card, keep: last-4 } }
              domain: { from: mail,  type: text, mask: { kind: partial, as: email, keep: domain } }
            """;

    private static final List<String> SPELLINGS = List.of(
            person(1, "Ann@example.com", "030 123456", "00-00-5E-00-53-AF", "4111 1111 1111 1111"),
            person(2, "Ann@EXAMPLE.com", "+49 (0)30 123456", "0000.5e00.53af", "4111111111111111"),
            person(3, "ann+news@example.com", "0049 30 123456", "00005e0053af", "4111-1111-1111-1111"));

    private Playground playground;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
        use(PIPELINE.formatted(""));
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
    }

    @Test
    void givesOneTokenToEverySpellingAndRecoversTheCanonicalOne() {
        run(SPELLINGS);

        assertThat(playground.query("SELECT count(DISTINCT phone) || ' ' || count(DISTINCT mac) || ' '"
                        + " || count(DISTINCT card) || ' ' || count(DISTINCT mail) FROM people"))
                .containsExactly("1 1 1 2");
        assertThat(playground.query("SELECT DISTINCT last_4 || ' ' || domain FROM people"))
                .containsExactly("****1111 *@example.com");
        assertThat(playground.query(
                        "SELECT DISTINCT length(phone) || ' ' || length(mac) || ' ' || length(card) FROM people"))
                .containsExactly("50 50 50");
        List<String> tokens = playground.query("SELECT unnest(ARRAY[mail, phone, mac, card]) FROM people WHERE id = 1");
        Ran unmask = playground.sluiceReading(
                String.join("\n", tokens), "unmask", "-", "--reason", "DSAR", "--ticket", "T-1", "--output", "json");
        assertThat(unmask.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(unmask.out())
                .contains("\"Ann@example.com\"", "\"+4930123456\"", "\"00:00:5e:00:53:af\"", "\"NOT_REVERSIBLE\"");
    }

    @Test
    void findsSharesAndErasesByAnySpelling() {
        run(SPELLINGS);

        List<String> shared = playground
                .sluice("duplicates", "--by", "id", "--output", "json")
                .succeeded()
                .lines();
        assertThat(shared).hasSize(4).noneMatch(line -> line.contains("last_4") || line.contains("domain"));
        assertThat(playground
                        .sluiceReading(
                                "(030) 123-456\n",
                                "find",
                                "--column",
                                "phone",
                                "-",
                                "--reason",
                                "DSAR",
                                "--ticket",
                                "T")
                        .succeeded()
                        .out()
                        .lines())
                .anyMatch(line -> line.contains("****1111"));
        assertThat(erase("last_4", "****1111").refused(ExitCode.USAGE)).contains("--column");
        assertThat(erase("card", "4111 1111 1111 1112").refused(ExitCode.USAGE))
                .contains("not of the form of column card")
                .doesNotContain("1112");
        erase("mac", "00:00:5E:00:53:AF").succeeded();
        assertThat(playground.count("people")).isZero();
    }

    @Test
    void rejectsWhatDoesNotHaveTheFormAndStoresNothingOfIt() {
        Ran run = run(List.of(
                person(1, "Ann <canary@example.com>", "030 123456", "00005e0053af", "4111111111111111"),
                person(2, "ann@example.com", "canary", "00005e0053af", "4111111111111111"),
                person(3, "ann@example.com", "030 123456", "canary", "4111111111111111"),
                person(4, "ann@example.com", "030 123456", "00005e0053af", "4111111111111112")));

        assertThat(playground.query("SELECT reason || ' ' || column_name FROM sluice.quarantine ORDER BY 1"))
                .containsExactly("invalid-card card", "invalid-email mail", "invalid-mac mac", "invalid-phone phone");
        assertThat(playground.count("people")).isZero();
        assertThat(run.out() + run.err()).doesNotContain("canary", "4111111111111112");
    }

    /** A fold that is added later joins new rows at once, and old ones when their key is rotated. */
    @Test
    void keepsOldTokensReadableWhenAFoldIsAddedAndAlignsThemByRotation() {
        run(SPELLINGS);
        use(PIPELINE.formatted(", fold: [case, plus-tag]"));
        run(List.of(person(4, "ANN@example.com", "030 123456", "00005e0053af", "4111111111111111")));
        assertThat(playground.query("SELECT count(DISTINCT mail) FROM people")).containsExactly("3");
        assertThat(unmasked(3)).isEqualTo("ann+news@example.com");

        MaskedLogins.rotate(playground, "people.mail");
        playground.sluice("rewrap", "--column", "mail").succeeded();

        assertThat(playground.query("SELECT count(DISTINCT mail) FROM people")).containsExactly("1");
        assertThat(unmasked(3)).isEqualTo("ann@example.com");
    }

    @Test
    void warnsOfAPartInClearAndTestsTheKeysOfEveryForm() {
        Ran doctor = playground.sluice("doctor");

        assertThat(doctor.out())
                .contains("mask of last_4", "mask of domain", "partial: anyone who reads the table reads a part")
                .contains("every masked field and the quarantine have a keyset")
                .doesNotContain("keys of mail", "keys of phone", "keys of mac");
        assertThat(run(List.of()).err()).contains("Column last_4 is masked by partial");
    }

    @Test
    void triesPlainHashesOnlyInColumnsWhoseValuesCanBeTried() {
        assertThat(playground
                        .sluice("rewrap", "--from", "sha256", "--column", "phone")
                        .refused(ExitCode.USAGE))
                .contains("no column that can be rewrapped");
    }

    private void use(String pipeline) {
        Path file = playground.write("people-" + pipeline.hashCode() + ".yaml", pipeline);
        playground.set("SLUICE_PIPELINE", file.toString());
    }

    private Ran run(List<String> events) {
        playground.send(events);
        return playground.drain();
    }

    private Ran erase(String column, String value) {
        return playground.sluiceReading(value + "\n", "erase", "--column", column, "--user-id", "-", "--ticket", "T");
    }

    private String unmasked(int id) {
        String token =
                playground.query("SELECT mail FROM people WHERE id = " + id).getFirst();
        return playground
                .sluice("unmask", token, "--reason", "DSAR", "--ticket", "T-1")
                .succeeded()
                .lastLine();
    }

    private static String person(int id, String mail, String phone, String mac, String card) {
        return "{\"id\":%d,\"mail\":\"%s\",\"phone\":\"%s\",\"mac\":\"%s\",\"card\":\"%s\"}"
                .formatted(id, mail, phone, mac, card);
    }
}
