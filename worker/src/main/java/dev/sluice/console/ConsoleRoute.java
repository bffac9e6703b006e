package dev.sluice.console;

import dev.sluice.access.Access.Guarded;
import dev.sluice.access.Role;

/**
 * A route of the console.
 *
 * @param method GET or POST
 * @param path exact, or a folder that ends in a slash
 * @param role what a caller must have at least
 * @param route the answer
 */
record ConsoleRoute(String method, String path, Role role, Guarded route) {

    static ConsoleRoute get(String path, Guarded route) {
        return new ConsoleRoute("GET", path, Role.VIEWER, route);
    }

    static ConsoleRoute post(String path, Role role, Guarded route) {
        return new ConsoleRoute("POST", path, role, route);
    }
}
