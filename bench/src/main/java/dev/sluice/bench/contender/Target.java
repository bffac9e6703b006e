package dev.sluice.bench.contender;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a contender works on.
 *
 * @param endpoint of the stub queue: scheme, address and port
 * @param certificate of the endpoint; null if it is plain http
 * @param databaseUrl {@code postgresql://user:password@host:port/database}, empty at first
 * @param folder for its files and logs; exists
 * @param untilEmpty whether it ends by itself, if it can, once the queue is empty
 */
public record Target(
        URI endpoint, @Nullable Certificate certificate, String databaseUrl, Path folder, boolean untilEmpty) {

    /** Any name would do: the stub has one queue. */
    public String queueUrl() {
        return endpoint + "/000000000000/bench";
    }

    /** The variables that every AWS SDK reads; the stub checks no signature. */
    public Map<String, String> awsEnvironment() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_DEFAULT_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "bench",
                "AWS_SECRET_ACCESS_KEY", "bench",
                "AWS_ENDPOINT_URL_SQS", endpoint.toString(),
                "AWS_EC2_METADATA_DISABLED", "true"));
        if (certificate != null) {
            environment.put("AWS_CA_BUNDLE", certificate.pem().toString());
        }
        return environment;
    }

    /** Options that a Java client needs to trust the endpoint; empty for plain http. */
    public List<String> javaOptions() {
        return certificate == null ? List.of() : List.of(certificate.javaOption());
    }

    /** Without the URL of the database, which holds a password. */
    @Override
    public String toString() {
        return "Target[" + endpoint + ", " + folder + "]";
    }
}
