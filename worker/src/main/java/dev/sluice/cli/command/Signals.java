package dev.sluice.cli.command;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Handles signals. The first SIGINT or SIGTERM requests an orderly stop, a second one ends the process at once. A shutdown
 * hook cannot do this: the JVM ignores further signals while it runs, and an orderly end could not exit with 0.
 *
 * <p>{@code sun.misc.Signal} is the JDK's supported, if unofficial, API for this (module jdk.unsupported, JEP 260). It is
 * called by reflection because javac warns about its name, and warnings fail our build.
 */
public final class Signals {

    /** 128 plus the signal's number, as a shell reports for a process that a signal ended. */
    private static final Map<String, Integer> EXIT_CODES = Map.of("INT", 130, "TERM", 143);

    private Signals() {}

    /** @param onFirst called on the JVM's signal thread; must not block */
    public static void onStop(Runnable onFirst) {
        onStop(exitCode -> onFirst.run());
    }

    /**
     * @param onFirst called on the JVM's signal thread, with the exit code for a process that this signal ended; must not
     *     block
     */
    public static void onStop(IntConsumer onFirst) {
        AtomicBoolean again = new AtomicBoolean();
        EXIT_CODES.forEach((signal, exitCode) -> handle(signal, () -> {
            if (again.getAndSet(true)) {
                Runtime.getRuntime().halt(exitCode);
            }
            onFirst.accept(exitCode);
        }));
    }

    /** @param action called on the JVM's signal thread at each SIGHUP, which then does not end the process; must not block */
    public static void onHangUp(Runnable action) {
        handle("HUP", action);
    }

    /** @param action called on the JVM's signal thread each time the terminal is resized; must not block */
    static void onResize(Runnable action) {
        handle("WINCH", action);
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocation = (proxy, method, args) -> {
                action.run();
                return null;
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, invocation);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM does not allow a program to handle SIG" + name, e);
        }
    }
}
