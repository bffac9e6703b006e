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

    /**
     * A part of a candidate space, hashed and compared with a column's hashes.
     *
     * @param algorithm the hash's name
     * @param space the space's label
     * @param hashes how many values of the sample look like such hashes
     * @param reversed how many of them were found
     * @param tried how many texts of the space were hashed, evenly spread
     * @param size how many texts the space has
     * @param seconds how long that took
     */
    public record Attack(
            String algorithm, String space, int hashes, int reversed, long tried, long size, double seconds) {

        /** The share of the space that was tried, 0 to 1. */
        public double part() {
            return (double) tried / size;
        }

        /** The share of the hashes that trying all texts would reverse, 0 to 1, extrapolated from the part. */
        public double estimate() {
            return share(reversed);
        }

        /** Two standard deviations below the estimate. */
        public double low() {
            return share(reversed - deviation());
        }

        /** Two standard deviations above; if none was found, by the rule of three. */
        public double high() {
            return share(reversed == 0 && part() < 1 ? 3 : reversed + deviation());
        }

        /** How long trying all texts takes at the measured rate, in seconds. */
        public double secondsForAll() {
            return tried == 0 ? Double.POSITIVE_INFINITY : seconds / part();
        }

        private double deviation() {
            return 2 * Math.sqrt(reversed * (1 - part()));
        }

        private double share(double found) {
            return hashes == 0 || tried == 0 ? 0 : Math.clamp(found / part() / hashes, 0.0, 1.0);
        }
    }
}
