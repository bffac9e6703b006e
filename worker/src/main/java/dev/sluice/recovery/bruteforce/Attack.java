package dev.sluice.recovery.bruteforce;

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
public record Attack(String algorithm, String space, int hashes, int reversed, long tried, long size, double seconds) {

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
