package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine whose only way out is a proxy. */
class ProxyIT {

    @TempDir
    private Path folder;

    @Test
    void callsGoThroughTheProxyOfTheEnvironment() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> requestLine = CompletableFuture.supplyAsync(() -> firstLine(proxy));
            ProcessBuilder queues = Playground.empty(folder)
                    .set("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9")
                    .process("queues");
            queues.environment().put("HTTP_PROXY", "http://127.0.0.1:" + proxy.getLocalPort());

            Process process = queues.start();
            try {
                assertThat(requestLine.get(1, TimeUnit.MINUTES)).isEqualTo("POST http://127.0.0.1:9/ HTTP/1.1");
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static String firstLine(ServerSocket proxy) {
        try (Socket connection = proxy.accept();
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII))) {
            return in.readLine();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
