package dev.sluice.recovery.bruteforce;

import java.util.List;
import java.util.Map;

/**
 * What a stranger learns from a sample of one column. Holds no value.
 *
 * @param column the column's name
 * @param values how many values were read, without NULLs
 * @param distinct how many distinct values
 * @param forms how many values by what they look like
 * @param readable how many values are in clear
 * @param attacks what was tried on values that look like hashes
 */
public record Assessment(
        String column, int values, int distinct, Map<String, Integer> forms, int readable, List<Attack> attacks) {

    /** Copies the list and the map. */
    public Assessment {
        forms = Map.copyOf(forms);
        attacks = List.copyOf(attacks);
    }

    /** Whether every value is the same, which says nothing about anyone. */
    public boolean isConstant() {
        return distinct == 1 && values > 1;
    }

    /** The estimated share of the values that a stranger can read or reverse, 0 to 1. */
    public double reversible() {
        double reversed = attacks.stream()
                .mapToDouble(attack -> attack.estimate() * attack.hashes())
                .sum();
        return values == 0 ? 0 : Math.min(1, (readable + reversed) / values);
    }
}
