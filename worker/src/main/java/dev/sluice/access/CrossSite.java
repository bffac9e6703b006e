package dev.sluice.access;

import dev.sluice.http.Request;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Recognizes requests that a browser sends for a page of another site. Stateless. */
final class CrossSite {

    /** Only a page of ours, or a person who types an address, sends these (W3C, Fetch Metadata); others send none. */
    private static final Set<String> OWN = Set.of("", "same-origin", "none");

    /** A page of another site cannot send a header of its own without asking first (Fetch, CORS-safelisted header). */
    private static final String OWN_HEADER = "x-sluice-request";

    private CrossSite() {}

    /** Why a request is refused; empty when it is not from another site. */
    static Optional<String> problem(Request request) {
        if (!OWN.contains(request.header("sec-fetch-site")) && !isNavigation(request)) {
            return Optional.of("Requests from other sites are refused.");
        }
        if (!isOwnOrigin(request)) {
            return Optional.of("Requests of other origins are refused. Behind a proxy, pass the Host header on.");
        }
        if (!isReading(request) && !request.header(OWN_HEADER).equals("1")) {
            return Optional.of("A request that changes something needs the header X-Sluice-Request: 1.");
        }
        return Optional.empty();
    }

    /** A link that a person followed: its answer is shown to that person, not to the page that has the link. */
    private static boolean isNavigation(Request request) {
        return isReading(request)
                && request.header("sec-fetch-mode").equals("navigate")
                && request.header("sec-fetch-dest").equals("document");
    }

    private static boolean isReading(Request request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    /** Host and port only: the scheme is the proxy's that ends TLS. */
    private static boolean isOwnOrigin(Request request) {
        String origin = request.header("origin").toLowerCase(Locale.ROOT);
        String host = request.header("host").toLowerCase(Locale.ROOT);
        return origin.isEmpty() || origin.equals("http://" + host) || origin.equals("https://" + host);
    }
}
