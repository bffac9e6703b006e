package dev.sluice.config;

/**
 * Where a port of the worker listens.
 *
 * @param host a name or address of this machine, or one that stands for all of them ({@code 0.0.0.0}, {@code ::})
 * @param number 0 for any free one
 * @param isRequested whether somebody set it; the start then fails if it is taken
 */
public record PortSettings(String host, int number, boolean isRequested) {

    /** Whether only this machine reaches it. */
    public boolean isLoopback() {
        return Loopback.isThisMachine(host);
    }
}
