package dev.sluice.postgres.db;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.UUID;

/**
 * Which database this is, by the id that {@code sluice migrate} gave it. A copy that was restored from a dump has the same
 * id. Stateless.
 */
public final class Installation {

    private Installation() {}

    /**
     * Asks for it.
     *
     * @throws dev.sluice.failure.InfrastructureException CONFIG when the schema is missing or older than this program,
     *     NOT_PERMITTED when the login may not ask
     */
    public static UUID id(Database database) {
        return database.transact("ask which database this is", connection -> {
            try (PreparedStatement question = connection.prepareStatement("SELECT sluice.installation_id()")) {
                ResultSet answer = question.executeQuery();
                answer.next();
                return answer.getObject(1, UUID.class);
            }
        });
    }
}
