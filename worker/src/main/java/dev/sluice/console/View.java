package dev.sluice.console;

import dev.sluice.access.Access.Guarded;
import dev.sluice.access.Caller;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.http.Request;
import dev.sluice.http.Response;
import dev.sluice.keys.KeysException;
import dev.sluice.output.JsonLine;

/** Answers a request with a document. Failures become errors that the page shows in place of the document. */
@FunctionalInterface
interface View {

    /**
     * @param caller has the route's role
     * @throws RefusedException if the request is not one to answer
     * @throws InfrastructureException if the database, the queue or the KMS fails
     */
    JsonLine answer(Request request, Caller caller);

    /**
     * As a route.
     *
     * @param remedy what grants a login that lacks a privilege, a sentence; empty if nothing does
     */
    default Guarded route(String remedy) {
        return (request, caller) -> {
            try {
                return Response.json(200, answer(request, caller).toString());
            } catch (RefusedException refused) {
                return refused.response();
            } catch (InfrastructureException failure) {
                return error(failure, remedy);
            } catch (KeysException unusable) {
                return Response.error(500, unusable.getMessage());
            } catch (SettingsException malformed) {
                return Response.error(500, malformed.getMessage());
            }
        };
    }

    private static Response error(InfrastructureException failure, String remedy) {
        return switch (failure.kind()) {
            case NOT_PERMITTED -> Response.error(403, failure.getMessage() + (remedy.isEmpty() ? "" : ". " + remedy));
            case TRANSIENT -> Response.error(503, failure.getMessage()).with("Retry-After", "2");
            case CONFIG, FATAL -> Response.error(500, failure.getMessage());
        };
    }
}
