package dev.sluice.bench.contender;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a contender works on.
 *
 * @param endpoint of the stub queue: scheme, address and port
 * @param databaseUrl {@code postgresql://user:password@host:port/database}, empty at first
 * @param folder for its files and logs; exists
 * @param untilEmpty whether it ends by itself, if it can, once the queue is empty
 */
public record Target(URI endpoint, String databaseUrl, Path folder, boolean untilEmpty) {

    /** Any name would do: the stub has one queue. */
    public String queueUrl() {
        return endpoint + "/000000000000/bench";
    }

    /** The variables that every AWS SDK reads; the stub checks no signature. */
    public Map<String, String> awsEnvironment() {
        return Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_DEFAULT_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "bench",
                "AWS_SECRET_ACCESS_KEY", "bench",
                "AWS_ENDPOINT_URL_SQS", endpoint.toString(),
                "AWS_EC2_METADATA_DISABLED", "true");
    }
}
