package dev.sluice.bench.measure;

import dev.sluice.bench.contender.Certificate;
import dev.sluice.bench.stub.Stub;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The stub queue in its own process, which serves all runs: its code is compiled by then and takes little from the
 * contender's cores. Used by one thread.
 */
public final class StubProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final URI endpoint;

    private final @Nullable Certificate certificate;

    private StubProcess(Process process, BufferedReader answers, URI endpoint, @Nullable Certificate certificate) {
        this.certificate = certificate;
        this.process = process;
        this.answers = answers;
        this.endpoint = endpoint;
    }

    /**
     * Starts the process and waits until it serves.
     *
     * @param certificate makes it speak TLS; null for plain http
     * @throws IOException if it does not start
     */
    public static StubProcess start(@Nullable Certificate certificate) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Stub.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        if (certificate != null) {
            builder.command().add(certificate.keyStore().toString());
            builder.environment().put(Certificate.PASSWORD_VARIABLE, certificate.password());
        }
        Process process = builder.start();
        BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
        return new StubProcess(process, answers, URI.create(line(answers)), certificate);
    }

    /** Where the SQS protocol answers. */
    public URI endpoint() {
        return endpoint;
    }

    @Nullable
    Certificate certificate() {
        return certificate;
    }

    long pid() {
        return process.pid();
    }

    /** Replaces the queue; returns when it is full. The spec is as {@code QueueSpec.parse} reads it. */
    public void fill(String spec) throws IOException {
        String answer = ask("fill " + spec);
        if (!answer.equals("ok")) {
            throw new IllegalArgumentException("queue: " + answer);
        }
    }

    Stats stats() throws IOException {
        return Stats.parse(ask("stats"));
    }

    Stats percentiles() throws IOException {
        return Stats.parse(ask("percentiles"));
    }

    /** Ends open long polls, so that a client that drains does not wait for them. */
    void release() throws IOException {
        ask("release");
    }

    private String ask(String command) throws IOException {
        process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return line(answers);
    }

    private static String line(BufferedReader answers) throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the stub queue ended");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
    }
}
