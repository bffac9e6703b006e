package dev.sluice.sqs;

import dev.sluice.config.QueueSettings;
import dev.sluice.config.RunSettings;
import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.pipeline.Source;
import java.util.List;
import java.util.Map;

/**
 * Where the package is entered. All it takes from its surroundings is in the settings and in {@code environment} (the
 * names that AWS documents: AWS_REGION, AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID,
 * AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN); only when that holds no keys or region, the SDK's default chains look
 * around in the process, the home directory and the metadata services.
 */
public final class Queues {

    private Queues() {}

    /**
     * Opens the queue for the pipeline; asks the service for it once.
     *
     * @throws InfrastructureException when the queue is misnamed or not there (CONFIG), not ours (NOT_PERMITTED), or the
     *     service is away (TRANSIENT)
     */
    public static Source source(QueueSettings settings, RunSettings run, Map<String, String> environment) {
        SqsConnection connection = SqsConnection.open(settings, environment);
        try {
            return new SqsSource(connection, connection.resolveQueue(), run);
        } catch (InfrastructureException failure) {
            connection.close();
            throw failure;
        }
    }

    /**
     * Opens the queue for the command line. Asks nothing yet: the queue may be created first.
     *
     * @throws InfrastructureException of kind CONFIG or NOT_PERMITTED when the settings do not do
     */
    public static QueueClient client(QueueSettings settings, Map<String, String> environment) {
        return new SqsQueueClient(SqsConnection.open(settings, environment));
    }

    /**
     * Checks all that a run needs of the queue, for {@code sluice doctor}. Changes nothing; never throws for a finding.
     *
     * @param leavesRejects whether messages with bad data are left to the queue's redrive policy
     */
    public static List<Finding> check(QueueSettings settings, Map<String, String> environment, boolean leavesRejects) {
        try (SqsConnection connection = SqsConnection.open(settings, environment)) {
            return new QueueChecks(connection, leavesRejects).check();
        } catch (InfrastructureException failure) {
            return List.of(Finding.fail("queue settings", failure.kind(), String.valueOf(failure.getMessage())));
        }
    }
}
