package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/**
 * What settings need from AWS: secrets that they only name, and passwords that are made from credentials. Implemented in
 * {@code aws}, which this package never sees. Thread-safe. Fails with {@code InfrastructureException}, whose message names
 * the setting and the secret, never a value.
 */
public interface SecretStore {

    /**
     * Fetches a secret. Blocks until the service has answered or timed out.
     *
     * @param setting which setting names it, for messages
     * @return never empty
     */
    String fetch(Setting setting, SecretArn arn);

    /**
     * A password for the next connection to an RDS database, made from the AWS credentials. Valid for 15 minutes. Calls
     * AWS only if the credentials have to be refreshed.
     *
     * @param region of the database; null for the host name's, else the SDK's default
     */
    String databaseToken(String host, int port, String user, @Nullable String region);
}
