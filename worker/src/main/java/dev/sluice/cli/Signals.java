package dev.sluice.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What SIGINT and SIGTERM do to a run: the first asks it to stop in order, a second ends the process at once. A shutdown
 * hook would not do: during it the JVM ignores further signals, and an orderly end could not exit with 0. SIGHUP is for
 * something else, as with other daemons.
 *
 * <p>{@code sun.misc.Signal} is the JDK's supported, if unofficial, way to this (module jdk.unsupported, JEP 260); it is
 * reached by reflection because javac warns of its name and warnings end our build.
 */
final class Signals {

    /** 128 and the signal's number: what a shell reports for a process that a signal ended. */
    private static final Map<String, Integer> EXIT_CODES = Map.of("INT", 130, "TERM", 143);

    private Signals() {}

    /** @param onFirst called on the JVM's signal thread; must not block */
    static void onStop(Runnable onFirst) {
        AtomicBoolean again = new AtomicBoolean();
        EXIT_CODES.forEach((signal, exitCode) -> handle(signal, () -> {
            if (again.getAndSet(true)) {
                Runtime.getRuntime().halt(exitCode);
            }
            onFirst.run();
        }));
    }

    /** @param action called on the JVM's signal thread at each SIGHUP, which ends nothing then; must not block */
    static void onHangUp(Runnable action) {
        handle("HUP", action);
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
            throw new IllegalStateException("this JVM does not let a program handle SIG" + name, e);
        }
    }
}
