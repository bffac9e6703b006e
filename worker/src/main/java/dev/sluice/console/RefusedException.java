package dev.sluice.console;

import dev.sluice.http.Response;
import dev.sluice.output.JsonLine;
import org.jspecify.annotations.Nullable;

/** Ends a view with an error for the caller: a sentence that names what was expected, never what was given. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String sentence;
    private final @Nullable String field;

    private RefusedException(int status, String sentence, @Nullable String field) {
        super(sentence, null, false, false);
        this.status = status;
        this.sentence = sentence;
        this.field = field;
    }

    /** A parameter, or member of the body, does not have the expected form. */
    static RefusedException malformed(String field, String sentence) {
        return new RefusedException(400, sentence, field);
    }

    /** What was asked for cannot be done as it is. */
    static RefusedException unsuitable(String sentence) {
        return new RefusedException(400, sentence, null);
    }

    /** The caller may not do this. */
    static RefusedException forbidden(String sentence) {
        return new RefusedException(403, sentence, null);
    }

    /** Something else is being done; the caller tries again. */
    static RefusedException busy(String sentence) {
        return new RefusedException(503, sentence, null);
    }

    Response response() {
        JsonLine error = new JsonLine().put("error", sentence);
        Response response = Response.json(status, (field == null ? error : error.put("field", field)).toString());
        return status == 503 ? response.with("Retry-After", "2") : response;
    }
}
