package dev.sluice.cli.demo;

import dev.sluice.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Removes the servers and temporary files of the demo when it ends, or, by a shutdown hook, when a signal ends it.
 * Thread-safe.
 */
final class CleanUp implements AutoCloseable {

    private final Thread hook = new Thread(this::onSignal, "demo-shutdown");
    private final CountDownLatch never = new CountDownLatch(1);
    private final List<Path> folders = new CopyOnWriteArrayList<>();
    private volatile @Nullable Sandbox sandbox;
    private volatile Runnable user = () -> {};
    private volatile boolean shuttingDown;

    CleanUp() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Takes charge of a sandbox. */
    Sandbox closing(Sandbox started) {
        sandbox = started;
        return started;
    }

    /** Takes charge of what uses the sandbox: it is closed first. */
    void closingFirst(Runnable close) {
        user = close;
    }

    /** A new folder, removed with all files directly in it. */
    Path temporaryFolder() {
        try {
            Path folder = Files.createTempDirectory("sluice-demo-");
            folders.add(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Blocks until a signal ends the process. */
    void await() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called on a failure: if a signal has closed the servers, that is the reason, and nothing is reported. */
    void yieldToSignal() {
        if (shuttingDown) {
            await();
        }
    }

    private void onSignal() {
        shuttingDown = true;
        clean();
    }

    private synchronized void clean() {
        Sandbox open = sandbox;
        user.run();
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            folders.forEach(CleanUp::delete);
            folders.clear();
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (!shuttingDown) {
            clean();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
