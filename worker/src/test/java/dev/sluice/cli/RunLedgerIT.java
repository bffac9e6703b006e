package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLedgerIT {

    @Test
    void keepsKeysTwoDaysLongerThanTheQueueKeepsMessages(@TempDir Path folder) throws IOException {
        Playground playground = Playground.ready(folder);
        HttpServer queue = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        queue.createContext("/", RunLedgerIT::answerAsAnEmptyQueueOfFourDays);
        queue.start();
        try {
            playground
                    .unset("AWS_ENDPOINT_URL_SQS")
                    .set(
                            "SLUICE_QUEUE",
                            "http://127.0.0.1:" + queue.getAddress().getPort() + "/000000000000/logins");

            Ran run = playground.sluice("run", "--until-empty").succeeded();

            assertThat(run.err()).doesNotContain("does not report");
            assertThat(playground.query("SELECT ledger || ' ' || days FROM sluice.ledger_horizon"))
                    .containsExactly("message 6");
        } finally {
            queue.stop(0);
        }
    }

    /** As ElasticMQ does not. */
    @Test
    void keepsKeysAsForTheLongestRetentionWhenTheQueueDoesNotTellAndSaysSo(@TempDir Path folder) {
        Playground playground = Playground.ready(folder);

        Ran run = playground.sluice("run", "--until-empty").succeeded();

        assertThat(run.err()).contains("The queue does not report", "14 days");
        assertThat(playground.query("SELECT ledger || ' ' || days FROM sluice.ledger_horizon"))
                .containsExactly("message 16");
    }

    private static void answerAsAnEmptyQueueOfFourDays(HttpExchange call) throws IOException {
        call.getRequestBody().readAllBytes();
        boolean attributes = String.valueOf(call.getRequestHeaders().getFirst("X-Amz-Target"))
                .endsWith("GetQueueAttributes");
        byte[] answer = (attributes ? "{\"Attributes\":{\"MessageRetentionPeriod\":\"345600\"}}" : "{}")
                .getBytes(StandardCharsets.UTF_8);
        try (call) {
            call.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            call.sendResponseHeaders(200, answer.length);
            call.getResponseBody().write(answer);
        }
    }
}
