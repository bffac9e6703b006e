package dev.sluice.sqs;

import dev.sluice.aws.CallListener;
import dev.sluice.config.QueueSettings;
import dev.sluice.config.RunSettings;
import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.pipeline.Source;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The package's factory. Settings come from the records handed in and from {@code environment}, by the names that AWS
 * documents: AWS_REGION, AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_SESSION_TOKEN. Only without keys or region there do the SDK's default chains search the process, the home directory
 * and the metadata services.
 */
public final class Queues {

    private Queues() {}

    /**
     * Opens the queue for the pipeline, after a call that proves that it exists.
     *
     * @param attributes names of the message attributes to receive; empty for none
     * @param traced whether to receive also in which trace each message was sent
     * @param listener learns of every call
     * @throws InfrastructureException if the queue is misnamed or missing (CONFIG), access is denied (NOT_PERMITTED), or
     *     the service is unavailable (TRANSIENT)
     */
    public static Source source(
            QueueSettings settings,
            List<String> attributes,
            boolean traced,
            RunSettings run,
            Map<String, String> environment,
            CallListener listener) {
        SqsConnection connection = SqsConnection.open(settings, environment, listener);
        try {
            return new SqsSource(
                    connection, connection.resolveQueue(), new ReceivedAttributes(attributes, traced), run);
        } catch (InfrastructureException failure) {
            connection.close();
            throw failure;
        }
    }

    /**
     * Opens the queue for the command line. Makes no call yet: the queue may be created first.
     *
     * @throws InfrastructureException of kind CONFIG or NOT_PERMITTED if the settings are not usable
     */
    public static QueueClient client(QueueSettings settings, Map<String, String> environment) {
        return new QueueClient(SqsConnection.open(settings, environment));
    }

    /**
     * The queues of the account and region, or of an emulator, in order of their names.
     *
     * @param prefix of their names; null for all
     * @throws InfrastructureException if they may not be listed (NOT_PERMITTED), or the service is unavailable (TRANSIENT);
     *     a queue whose attributes may not be read is listed without them
     */
    public static List<QueueOverview> list(
            QueueSettings settings, Map<String, String> environment, @Nullable String prefix) {
        try (SqsConnection connection = SqsConnection.open(settings, environment)) {
            return new QueueLister(connection).list(prefix);
        }
    }

    /**
     * Checks for {@code sluice doctor} what a run needs of the queue. Changes nothing; reports failures as findings.
     *
     * @param leavesRejects whether messages with bad data are left to the queue's redrive policy
     */
    public static List<Finding> check(QueueSettings settings, Map<String, String> environment, boolean leavesRejects) {
        try (SqsConnection connection = SqsConnection.open(settings, environment)) {
            return new QueueChecks(connection, leavesRejects).check();
        } catch (InfrastructureException failure) {
            return List.of(Finding.fail("queue settings", failure.kind(), failure.getMessage()));
        }
    }
}
