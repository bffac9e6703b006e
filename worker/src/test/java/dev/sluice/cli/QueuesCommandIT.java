package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.config.TestSettings;
import dev.sluice.sqs.QueueClient;
import dev.sluice.sqs.Queues;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueuesCommandIT {

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder);
    }

    @Test
    void listsQueuesWithTheirCounts() {
        playground.createQueue();
        playground.send(List.of("1", "2", "3"));
        createQueue(playground.queue + "-other");

        Ran text = playground.sluice("queues", "--prefix", playground.queue).succeeded();
        Ran json = playground
                .sluice("queues", "--prefix", playground.queue, "--output", "json")
                .succeeded();

        assertThat(text.lines().getFirst())
                .containsSubsequence("queue", "visible", "in flight", "delayed", "dead letters to");
        assertThat(text.out()).containsPattern(playground.queue + " +3 +0 +0");
        assertThat(json.lines()).containsExactly(shown(playground.queue, 3), shown(playground.queue + "-other", 0));
    }

    @Test
    void printsNothingButTheHeadingsWhenThereAreNone() {
        assertThat(playground
                        .sluice("queues", "--prefix", "none", "--output", "json")
                        .succeeded()
                        .out())
                .isEmpty();
    }

    @Test
    void namesThePermissionThatIsMissing() throws IOException {
        playground.createQueue();
        for (String operation : List.of("ListQueues", "GetQueueAttributes")) {
            try (SqsInBetween denied = new SqsInBetween(Playground.sqsEndpoint()) {
                @Override
                Request change(Request request) {
                    return request.operation().equals(operation) ? Request.DENIED : request;
                }
            }) {
                playground.set("AWS_ENDPOINT_URL_SQS", denied.endpoint().toString());
                Ran queues = playground.sluice("queues", "--prefix", playground.queue, "--output", "json");

                assertThat(queues.refused(ExitCode.NOT_PERMITTED)).contains("sqs:" + operation + " failed");
                assertThat(queues.lines()).hasSize(operation.equals("ListQueues") ? 0 : 1);
            }
        }
    }

    /** As the LocalStack of before 2023 answers, and what other servers of the query protocol do. */
    @ParameterizedTest
    @ValueSource(ints = {200, 400, 404, 500})
    void saysThatAServerSpeaksTheQueryProtocol(int status) throws IOException {
        byte[] xml =
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <ErrorResponse><Error><Type>Sender</Type><Code>MissingAction</Code>\
                <Message>canary</Message></Error></ErrorResponse>
                """
                        .getBytes(StandardCharsets.UTF_8);
        HttpServer old = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        old.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
            exchange.sendResponseHeaders(status, xml.length);
            exchange.getResponseBody().write(xml);
            exchange.close();
        });
        old.start();
        try {
            playground.set(
                    "AWS_ENDPOINT_URL_SQS",
                    "http://127.0.0.1:" + old.getAddress().getPort());
            for (String command : List.of("queues", "send -")) {
                Ran ran = playground.sluiceReading("1", command.split(" "));

                assertThat(ran.refused(status == 500 ? ExitCode.UNAVAILABLE : ExitCode.CONFIG))
                        .contains("(HTTP " + status + ", answer in XML): the server speaks the query protocol")
                        .contains("AWS_ENDPOINT_URL_SQS", "LocalStack 3.0 or later", "ElasticMQ 1.4.0 or later")
                        .doesNotContain("canary");
            }
        } finally {
            old.stop(0);
        }
    }

    private static String shown(String queue, int visible) {
        return "{\"queue\":\"" + queue + "\",\"visible\":" + visible + ",\"in_flight\":0,\"delayed\":0,"
                + "\"dead_letters_to\":null,\"max_receive_count\":null,\"dead_letters_of\":[]}";
    }

    private static void createQueue(String name) {
        try (QueueClient client = Queues.client(TestSettings.queue(name, Playground.sqsEndpoint()), Map.of())) {
            client.createQueue(name);
        }
    }
}
