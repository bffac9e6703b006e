package dev.sluice.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a port answers: routes by path and method. A path is exact, or ends in a slash
 * for all that is in that folder. HEAD is answered
 * by the route of GET. Filled by one thread, before {@link Port#open}.
 */
public final class Routes {

    private static final String GET = "GET";

    private final Map<String, Map<String, Route>> byPath = new HashMap<>();

    /** Adds a route that changes nothing. */
    public Routes get(String path, Route route) {
        return add(GET, path, route);
    }

    /** Adds a route with a JSON body. */
    public Routes post(String path, Route route) {
        return add("POST", path, route);
    }

    private Routes add(String method, String path, Route route) {
        if (byPath.computeIfAbsent(path, none -> new HashMap<>()).put(method, route) != null) {
            throw new IllegalArgumentException("two routes for " + method + " " + path);
        }
        return this;
    }

    /** Every path with its methods, for tests that must miss none. */
    public Map<String, Set<String>> all() {
        Map<String, Set<String>> all = new HashMap<>();
        byPath.forEach((path, routes) -> all.put(path, Set.copyOf(routes.keySet())));
        return all;
    }

    /** The answer where there is no route: 404, or 405 with the methods that there are. */
    Optional<Response> refusal(String method, String path) {
        Map<String, Route> found = at(path);
        if (found.isEmpty()) {
            return Optional.of(Response.error(404, "There is nothing at this path."));
        }
        return found.containsKey(asGet(method)) ? Optional.empty() : Optional.of(notAllowed(found.keySet()));
    }

    /** The route, which there is. */
    Route find(String method, String path) {
        return Objects.requireNonNull(at(path).get(asGet(method)));
    }

    private Map<String, Route> at(String path) {
        String folder = path.substring(0, path.lastIndexOf('/') + 1);
        Map<String, Route> exact = byPath.getOrDefault(path, Map.of());
        return exact.isEmpty() && folder.length() > 1 ? byPath.getOrDefault(folder, Map.of()) : exact;
    }

    private static String asGet(String method) {
        return method.equals("HEAD") ? GET : method;
    }

    private static Response notAllowed(Set<String> methods) {
        Set<String> allowed = new TreeSet<>(methods);
        if (allowed.contains(GET)) {
            allowed.add("HEAD");
        }
        return Response.error(405, "This path does not accept this method.").with("Allow", String.join(", ", allowed));
    }
}
