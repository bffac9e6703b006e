package dev.sluice.detect;

/**
 * A column whose values look like personal data. Holds counts, never a value.
 *
 * @param column the column's name
 * @param kind what its values look like
 * @param matching how many do
 * @param values how many were looked at
 */
public record Sighting(String column, PersonalData kind, long matching, long values) {

    /** What was seen and what to do about it. */
    public String sentence() {
        return "column " + column + ": " + matching + " of " + values + (values == 1 ? " value looks" : " values look")
                + " like " + kind.plural() + "; mask it, or say `contains: " + kind.label() + "` if it is meant";
    }
}
