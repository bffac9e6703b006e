package dev.sluice.postgres.schema;

/** How the schema's version compares with what this program expects. */
public enum SchemaState {
    MISSING("schema sluice does not exist in the database; run `sluice migrate`"),
    BEHIND("schema sluice is older than this program; run `sluice migrate`"),
    CURRENT("schema sluice is at version " + Migrations.EXPECTED_VERSION),
    AHEAD("schema sluice is newer than this program; deploy the newer program");

    private final String explanation;

    SchemaState(String explanation) {
        this.explanation = explanation;
    }

    /** What it means and what to do. */
    public String explanation() {
        return explanation;
    }

    static SchemaState of(long version) {
        if (version == 0) {
            return MISSING;
        }
        if (version < Migrations.EXPECTED_VERSION) {
            return BEHIND;
        }
        return version == Migrations.EXPECTED_VERSION ? CURRENT : AHEAD;
    }
}
