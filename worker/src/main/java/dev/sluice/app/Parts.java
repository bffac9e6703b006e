package dev.sluice.app;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Parts that are opened one after another and closed together, the last one first. Used by one thread. */
final class Parts implements AutoCloseable {

    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** Returns the part, which {@link #close} closes. */
    <T> T add(T part, Consumer<? super T> closer) {
        closers.push(() -> closer.accept(part));
        return part;
    }

    /** Closes every part, even if closing another fails; throws the first such failure. */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!closers.isEmpty()) {
            try {
                closers.pop().run();
            } catch (RuntimeException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
