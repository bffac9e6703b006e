package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/** AWS as tests need it: what a test does not expect to be called fails. */
public class TestSecretStore implements SecretStore {

    @Override
    public String fetch(Setting setting, SecretArn arn) {
        throw new AssertionError("no secret is to be fetched");
    }

    @Override
    public String databaseToken(String host, int port, String user, @Nullable String region) {
        throw new AssertionError("no token is to be made");
    }
}
