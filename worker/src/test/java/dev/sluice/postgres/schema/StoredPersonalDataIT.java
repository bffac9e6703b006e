package dev.sluice.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.failure.Finding;
import dev.sluice.failure.Finding.Verdict;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.Pipelines;
import dev.sluice.postgres.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredPersonalDataIT {

    private final TestDatabase testDatabase = TestDatabase.create();
    private final PipelineSpec spec = Pipelines.of(List.of(
            Pipelines.column("contact", new ColumnType.Varchar(99), false),
            Pipelines.column("details", Simple.JSONB, false),
            Pipelines.column("number", Simple.INTEGER, false)));

    @Test
    void warnsOfColumnsThatHoldPersonalData() {
        testDatabase.execute("CREATE TABLE events (contact varchar(99), details jsonb, number integer);"
                + " INSERT INTO events SELECT 'user' || i || '@example.com', ('{\"a\":[\"192.0.2.' || i || '\"]}')::jsonb, i"
                + " FROM generate_series(1, 50) i; INSERT INTO events DEFAULT VALUES");

        assertThat(check())
                .extracting(finding -> finding.verdict() + " " + finding.message())
                .containsExactly(
                        "WARN column contact: 50 of 50 values look like e-mail addresses; mask it, or say"
                                + " `contains: email` if it is meant",
                        "WARN column details: 50 of 50 values look like IP addresses; mask it, or say `contains: ip`"
                                + " if it is meant");
    }

    @Test
    void looksAtAtMostAThousandRowsOfALargeTable() {
        testDatabase.execute("CREATE TABLE events (contact varchar(99), details jsonb, number integer);"
                + " INSERT INTO events (contact) SELECT 'plain' FROM generate_series(1, 150000);"
                + " ANALYZE events");

        assertThat(check()).singleElement().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.PASS);
            assertThat(finding.message()).isEqualTo("nothing in 2 columns and 1000 rows looks like personal data");
        });
    }

    @Test
    void readsOnlyColumnsThatTheRoleMayRead() {
        String role = "reader_" + testDatabase.address().database();
        testDatabase.execute("CREATE TABLE events (contact varchar(99), details jsonb, number integer);"
                + " INSERT INTO events (contact) VALUES ('ann@example.com'); CREATE ROLE " + role + " LOGIN");

        assertThat(new StoredPersonalData(testDatabase.as(role), spec).check())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("not looked at", "SELECT"));
        testDatabase.execute("GRANT SELECT (contact) ON events TO " + role);
        assertThat(new StoredPersonalData(testDatabase.as(role), spec).check())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("column contact: 1 of 1 value looks"));
    }

    @Test
    void aMissingTableIsNotAnErrorOfThisCheck() {
        assertThat(check()).singleElement().satisfies(finding -> assertThat(finding.verdict())
                .isEqualTo(Verdict.PASS));
    }

    private List<Finding> check() {
        return new StoredPersonalData(testDatabase.address(), spec).check();
    }
}
