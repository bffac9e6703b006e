package dev.sluice.docs;

import dev.sluice.TestSql;
import dev.sluice.config.TestSettings;
import dev.sluice.sandbox.Sandbox;
import dev.sluice.sqs.QueueClient;
import dev.sluice.sqs.Queues;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** A sandbox whose {@code login-queue} holds two messages: a login event, and one that is none. */
record LoginSandbox(Sandbox sandbox, Map<String, String> environment) implements AutoCloseable {

    private static final String LOGIN =
            """
            {"user_id":"u","app_version":"2.3.0","device_type":"ios","ip":"192.0.2.1","locale":null,"device_id":"d"}""";

    private static final String OTHER = "{\"foo\":\"oops_wrong_msg_type\"}";

    /** @param folder for the keyset file, which is not made yet */
    static LoginSandbox start(Path folder) {
        LoginSandbox started = startEmpty(folder);
        started.send(Stream.of(LOGIN, OTHER));
        return started;
    }

    /** The same, with nothing on the queue. */
    static LoginSandbox startEmpty(Path folder) {
        Sandbox sandbox =
                ServiceLoader.load(Sandbox.Provider.class).iterator().next().start();
        Map<String, String> environment = Map.of(
                "AWS_REGION",
                "eu-central-1",
                "AWS_ACCESS_KEY_ID",
                "test",
                "AWS_SECRET_ACCESS_KEY",
                "test",
                "SLUICE_QUEUE",
                sandbox.sqsEndpoint() + "/000000000000/login-queue",
                "SLUICE_DATABASE_URL",
                sandbox.databaseUrl(),
                "SLUICE_KEYS",
                folder.resolve("sluice.keys.json").toString());
        LoginSandbox started = new LoginSandbox(sandbox, environment);
        started.createQueue();
        return started;
    }

    private void createQueue() {
        try (QueueClient queue = queue()) {
            queue.createQueue("login-queue");
        }
    }

    void send(Stream<String> bodies) {
        try (QueueClient queue = queue()) {
            queue.send(bodies.iterator(), null, sent -> {});
        }
    }

    private QueueClient queue() {
        return Queues.client(TestSettings.queue("login-queue", sandbox.sqsEndpoint()), environment);
    }

    /** The database for a login that the pages' statements made; as they say, it is given a password. */
    String urlFor(String login) {
        String ownersUrl = sandbox.databaseUrl();
        String password = URI.create(ownersUrl).getUserInfo().split(":", 2)[1];
        new TestSql(ownersUrl, TestSql.PUBLIC_FIRST).execute("ALTER ROLE " + login + " PASSWORD '" + password + "'");
        return ownersUrl.replace("//sluice:", "//" + login + ":");
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
