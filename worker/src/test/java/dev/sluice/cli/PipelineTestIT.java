package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code pipeline test}: nothing that it names is there, no queue, no tables, no keys. */
class PipelineTestIT {

    private static final String PIPELINE =
            """
            pipeline: clicks
            source: { queue: q }
            sink: { table: t }
            columns:
              id:      { from: id, type: integer, required: true }
              amount:  { from: amount, type: "numeric(12,2)" }
              paid:    { from: paid, type: boolean }
              at:      { from: at, type: timestamptz, default: sent-time }
              day:     { from: day, type: date, default: sent-date }
              visit:   { from: visit, type: uuid }
              page:    { from: /page/path, type: varchar(40) }
              details: { from: details, type: jsonb }
              trace:   { from-attribute: trace_id, type: varchar(20) }
              tries:   { from-attribute: tries, type: integer }
              email:   { from: email, type: varchar(370), mask: { kind: deterministic-aead, as: email } }
              network: { from: ip, type: varchar(19), mask: { kind: generalize, as: ip } }
            tests:
            """;

    /** One for all, since no command changes it. */
    private static Playground playground;

    @BeforeAll
    static void open(@TempDir Path folder) {
        playground = Playground.empty(folder)
                .unset("SLUICE_KEYS")
                .unset("SLUICE_DATABASE_URL")
                .unset("AWS_ENDPOINT_URL_SQS");
    }

    private Ran test(String tests, String... options) {
        return run(PIPELINE + tests, options);
    }

    private Ran run(String yaml, String... options) {
        String file = playground.write("my.yaml", yaml).toString();
        String[] args = new String[options.length + 3];
        args[0] = "pipeline";
        args[1] = "test";
        args[2] = file;
        System.arraycopy(options, 0, args, 3, options.length);
        return playground.sluice(args);
    }

    @Test
    void comparesValuesAsTheTableWouldHoldThem() {
        Ran ran = test(
                """
                - name: all types
                  sent: 2026-01-31T23:00:00-02:00
                  attributes: { trace_id: "7", tries: 3 }
                  input:
                    id: 1
                    amount: 19.9
                    paid: true
                    at: "2026-01-31T00:00:00+01:00"
                    visit: 6513270E-269E-4D37-B2A7-4DE452E6B438
                    page: { path: /a, ignored: [1] }
                    details: { b: [1.50, null, "x"], a: 1e2 }
                    email: ann@Example.com
                    ip: 192.0.2.10
                  expect:
                    row:
                      id: 1
                      amount: 19.900
                      paid: true
                      at: 2026-01-30T23:00:00Z
                      day: 2026-02-01
                      visit: 6513270e-269e-4d37-b2a7-4de452e6b438
                      page: /a
                      details: { a: 100, b: [1.5, null, x] }
                      trace: "7"
                      tries: 3
                      email: { same-as: other spelling, not-clear: true }
                      network: { not-clear: true }
                - name: other spelling
                  input: '{"id": 2, "email": "ann@example.COM"}'
                  expect: { row: { amount: null, network: null, email: { not-clear: true }, day: 2000-01-01 } }
                - name: no id
                  input: { id: null }
                  expect: { rejected: missing, column: id }
                - name: twice
                  input: '{"id":1,"id":1}'
                  expect: { rejected: duplicate-key }
                - name: an array
                  input: [{ id: 1 }, { id: 2 }]
                  expect: { rows: [{ id: 1 }, { id: 2 }] }
                """);

        assertThat(ran.out()).contains("all types").endsWith("5 tests passed\n").doesNotContain("FAILED");
        ran.succeeded();
    }

    @Test
    void saysWhatDiffersWithValuesOfColumnsWithoutAMaskOnly() {
        Ran ran = test(
                """
                - name: wrong
                  input: { id: 1, amount: 2, page: { path: /x }, details: [1], email: secret-one@example.com }
                  expect:
                    row:
                      id: 2
                      amount: 2.5
                      page: null
                      details: [1, 2]
                      email: { same-as: other }
                      network: { not-clear: true }
                - name: other
                  input: { id: 1, email: secret-two@example.com }
                  expect: { row: { email: null } }
                - name: should fail
                  input: { id: 1 }
                  expect: { rejected: missing, column: id }
                - name: should not
                  input: { id: one }
                  expect: { row: { id: 1 } }
                - name: otherwise
                  input: { id: one }
                  expect: { rejected: missing, column: id }
                - name: count
                  input: [{ id: 1 }]
                  expect: { rows: [{ id: 1 }, {}] }
                """);

        assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.DATA);
        assertThat(ran.out())
                .contains(
                        "id: expected 2, was 1\n",
                        "amount: expected 2.50, was 2.00\n",
                        "page: expected NULL, was \"/x\"\n",
                        "details: expected [1,2], was [1]\n",
                        "email: expected the value of test 'other', was another value\n",
                        "network: expected a masked value, was NULL\n",
                        "email: expected NULL, was a masked value\n",
                        "expected a rejection: missing in column id, was a row\n",
                        "expected a row, was a rejection: not-a-whole-number in column id\n",
                        "expected a rejection: missing in column id, was a rejection: not-a-whole-number in column id\n",
                        "expected 2 records, was 1\n")
                .endsWith("6 of 6 tests failed\n");
        assertThat(ran.out() + ran.err()).doesNotContain("secret-");
    }

    @Test
    void aClearValueInAnotherColumnIsNotMasked() {
        Ran ran = test(
                """
                - name: leak
                  input: { id: 1, page: { path: "/u/Ann@example.com" }, email: ann@example.com }
                  expect: { row: { email: { not-clear: true } } }
                """);

        assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.DATA);
        assertThat(ran.out())
                .contains("email: expected a masked value, was stored in clear by column page\n")
                .doesNotContain("ann@example.com");
    }

    @Test
    void programsGetAnObjectPerTestAndASum() {
        Ran ran = test(
                """
                - { name: good, input: { id: 1 }, expect: { row: { id: 1 } } }
                - { name: bad, input: { id: 1 }, expect: { row: { id: 2 } } }
                """,
                "--output",
                "json");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(ran.lines()).hasSize(3);
        assertThat(ran.lines().get(0)).endsWith("\"test\":\"good\",\"passed\":true,\"differences\":[]}");
        assertThat(ran.lines().get(1))
                .endsWith("\"test\":\"bad\",\"passed\":false,\"differences\":[{\"record\":null,\"column\":\"id\","
                        + "\"expected\":\"2\",\"actual\":\"1\"}]}");
        assertThat(ran.lastLine()).isEqualTo("{\"tests\":2,\"failed\":1}");
    }

    @Test
    void aFileWithoutTestsSaysSo() {
        Ran builtIn = playground.sluice("pipeline", "test").succeeded();

        assertThat(builtIn.out()).isEqualTo("user-logins has no tests\n0 tests passed\n");
        assertThat(test("  []\n").succeeded().out()).contains("my.yaml has no tests\n");
    }

    @Test
    void aTestOfAnEnvelopeOrPackedBodyReadsWhatItSays() {
        String gzip = PIPELINE.replace("queue: q", "queue: q, compression: gzip");
        String sns = PIPELINE.replace("queue: q", "queue: q, unwrap: sns");
        String test = "- { name: n, input: %s, expect: { row: { id: 1, email: { not-clear: true } } } }\n";

        run(gzip + test.formatted("{ id: 1, email: ann@example.com }")).succeeded();
        run(sns + test.formatted("{ Type: Notification, Message: '{\"id\":1,\"email\":\"ann@example.com\"}' }"))
                .succeeded();
        assertThat(run(sns + test.formatted("{ id: 1 }")).out()).contains("was a rejection: not-sns\n");
    }

    @Test
    void valuesOfATestMayNameVariables() {
        String test =
                "- { name: n, input: { id: 1, page: { path: \"${PAGE}\" } }, expect: { row: { page: \"${PAGE}\" } } }\n";

        assertThat(test(test).refused(ExitCode.CONFIG)).contains("environment variable PAGE is not set");
        playground.set("PAGE", "/p");
        test(test).succeeded();
        playground.unset("PAGE");
    }

    @Nested
    class Refuses {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
                [1] | 17:9 tests[1]: a mapping
                {} | 17:8 tests: a list
                [{ input: {}, expect: { row: {} } }] | tests[1].name: missing
                [{ name: a, input: {}, expect: { row: {} } }, { name: a, input: {}, expect: { row: {} } }] | tests[2].name: another test has the same name
                [{ name: a, expect: { row: {} } }] | tests[1].input: missing
                [{ name: a, input: {} }] | tests[1].expect: one of row, rows and rejected was expected
                [{ name: a, input: {}, expect: { row: {}, rejected: missing } }] | tests[1].expect: one of row, rows and rejected was expected
                [{ name: a, input: {}, expects: {} }] | tests[1].expects: unknown key
                [{ name: a, input: {}, expect: { row: {}, table: t } }] | tests[1].expect.table: unknown key
                [{ name: a, input: {}, expect: { row: { nothing: 1 } } }] | tests[1].expect.row.nothing: no such column
                [{ name: a, input: {}, expect: { row: { id: one } } }] | tests[1].expect.row.id: a value of the type integer was expected
                [{ name: a, input: {}, expect: { rows: [{ day: 1 }] } }] | tests[1].expect.rows[1].day: a value of the type date was expected
                [{ name: a, input: {}, expect: { row: { email: ann@example.com } } }] | tests[1].expect.row.email: the column is masked; expect { same-as: <test> }, { not-clear: true } or null
                [{ name: a, input: {}, expect: { row: { id: { not-clear: true } } } }] | tests[1].expect.row.id: same-as and not-clear apply to columns with a mask only
                [{ name: a, input: {}, expect: { row: { email: {} } } }] | tests[1].expect.row.email: same-as or not-clear: true was expected
                [{ name: a, input: {}, expect: { row: { email: { same-as: b } } } }] | tests[1].expect.row.email.same-as: another test that expects a row was expected
                [{ name: a, input: {}, expect: { row: { email: { same-as: a } } } }] | tests[1].expect.row.email.same-as: another test that expects a row was expected
                [{ name: a, input: {}, expect: { rejected: wrong } }] | tests[1].expect.rejected: one of
                [{ name: a, input: {}, expect: { rejected: refused-by-database } }] | tests[1].expect.rejected: only the database
                [{ name: a, input: {}, expect: { rejected: missing, column: nothing } }] | tests[1].expect.column: no such column
                [{ name: a, input: {}, expect: { row: {}, column: id } }] | tests[1].expect.column: applies to rejected only
                [{ name: a, sent: today, input: {}, expect: { row: {} } }] | tests[1].sent: a time
                [{ name: a, attributes: { trace_id: "" }, input: {}, expect: { row: {} } }] | tests[1].attributes.trace_id: a value was expected
                [{ name: a, attributes: { AWS.x: b }, input: {}, expect: { row: {} } }] | tests[1].attributes.AWS.x: SQS reserves
                [{ name: a, input: { n: .inf }, expect: { row: {} } }] | tests[1].input: not a number in JSON
                [{ name: a, input: { n: 1, n: 2 }, expect: { row: {} } }] | tests[1].input: the key appears twice
                [{ name: a, input: &x [*x], expect: { row: {} } }] | tests[1].input: nested too deeply
                """)
        void whatIsNotATestWithItsPlace(String tests, String problem) {
            assertThat(run(PIPELINE.replace("tests:\n", "tests: " + tests + "\n"))
                            .refused(ExitCode.CONFIG))
                    .contains(problem);
        }

        @Test
        void alsoInOtherCommands() {
            Path file = playground.write("my.yaml", PIPELINE + "- {}\n");

            assertThat(playground
                            .sluice("pipeline", "validate", file.toString())
                            .refused(ExitCode.CONFIG))
                    .contains("tests[1].name: missing");
        }

        @Test
        void aWrongFileBeforeAnyTestRuns() {
            Path right = playground.write("right.yaml", PIPELINE + "- { name: n, input: {}, expect: { row: {} } }\n");

            Ran ran = playground.sluice("pipeline", "test", right.toString(), "missing.yaml");

            assertThat(ran.refused(ExitCode.CONFIG)).contains("missing.yaml");
            assertThat(ran.out()).isEmpty();
        }
    }
}
