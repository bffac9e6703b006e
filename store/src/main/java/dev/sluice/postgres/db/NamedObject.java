package dev.sluice.postgres.db;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * The object of the schema that a server's error is about, for the two kinds of error whose fields do not name it: a missing
 * privilege and a missing object. Only the name is taken from the message, and only if it has exactly the server's English form.
 * An error from within a function has a context and is not read: a trigger may build names from a row. Stateless.
 */
final class NamedObject {

    /** {@code aclcheck_error}: {@code permission denied for table user_logins}. */
    private static final Pattern DENIED =
            Pattern.compile("permission denied for ([a-z][a-z -]{2,30} [^\\p{Cntrl}]{1,130})");

    /** {@code column "a" of relation "b" does not exist}, {@code schema "shop" does not exist}. */
    private static final Pattern MISSING =
            Pattern.compile("((?:column|relation|schema|function|type|role)" + " [^\\p{Cntrl}]{1,300}) does not exist");

    private NamedObject() {}

    /** Kind and name, such as {@code table user_logins}; null when the server names none. */
    static @Nullable String of(ServerErrorMessage server) {
        String message = server.getMessage();
        String state = server.getSQLState();
        if (message == null || state == null || server.getWhere() != null) {
            return null;
        }
        return switch (state) {
            case "42501" -> "aclcheck_error".equals(server.getRoutine()) ? whole(DENIED, message) : null;
            case "3F000", "42P01", "42703", "42704", "42883" -> whole(MISSING, message);
            default -> null;
        };
    }

    private static @Nullable String whole(Pattern form, String message) {
        Matcher matcher = form.matcher(message);
        return matcher.matches() ? matcher.group(1) : null;
    }
}
