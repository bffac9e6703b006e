package dev.sluice.cli.status;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/**
 * Where a worker shows its figures.
 *
 * @param page the address of its status document
 */
record WorkerAddress(URI page) {

    /** The health port's path of the document. */
    private static final String PATH = "/status";

    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int MAX_PORT = 65_535;

    /**
     * @param url of the health port, or of the document itself
     * @return empty unless it is an http or https URL with a host, and without user, query and fragment
     */
    static Optional<WorkerAddress> of(String url) {
        try {
            URI given = new URI(url);
            boolean plain = given.getRawUserInfo() == null
                    && given.getRawQuery() == null
                    && given.getRawFragment() == null
                    && given.getPort() <= MAX_PORT;
            if (given.getScheme() == null
                    || !SCHEMES.contains(given.getScheme())
                    || given.getHost() == null
                    || !plain) {
                return Optional.empty();
            }
            String path = given.getRawPath().replaceFirst("/+$", "");
            return Optional.of(new WorkerAddress(given.resolve(path.endsWith(PATH) ? path : path + PATH)));
        } catch (URISyntaxException wrong) {
            return Optional.empty();
        }
    }

    /** Host and port, for people. */
    String label() {
        return page.getRawAuthority();
    }
}
