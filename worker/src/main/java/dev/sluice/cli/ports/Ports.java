package dev.sluice.cli.ports;

import dev.sluice.access.Access;
import dev.sluice.app.Worker;
import dev.sluice.config.Loopback;
import dev.sluice.config.PortSettings;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsException;
import dev.sluice.health.Health;
import dev.sluice.http.Limits;
import dev.sluice.http.Port;
import dev.sluice.http.Routes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health port and the console of a running worker. Opened after the worker, and closed before it. Used by one thread. */
public final class Ports implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final boolean isQuiet;
    private Optional<Integer> health = Optional.empty();
    private Optional<Integer> console = Optional.empty();

    private Ports(boolean isQuiet) {
        this.isQuiet = isQuiet;
    }

    /**
     * Opens those that the settings ask for. One that nobody asked for and that is taken is left out with a warning.
     *
     * @param consoleRoutes adds the console's routes to a port
     * @param isQuiet whether that warning is left out, too: a run that ends by itself often runs beside another
     * @throws SettingsException if one that was asked for cannot be opened, or others could reach the console without
     *     authentication
     */
    public static Ports open(
            Settings settings, Worker worker, BiConsumer<Routes, Access> consoleRoutes, boolean isQuiet) {
        Ports ports = new Ports(isQuiet);
        try {
            settings.healthPort().ifPresent(port -> ports.openHealth(port, worker));
            settings.consolePort().ifPresent(port -> ports.openConsole(port, settings, consoleRoutes));
            return ports;
        } catch (RuntimeException e) {
            ports.close();
            throw e;
        }
    }

    /**
     * Throws {@link SettingsException} if the console could not be opened with these settings. For a start that checks
     * before it opens anything.
     */
    public static void check(Settings settings) {
        settings.consolePort().ifPresent(port -> Access.of(settings, port));
    }

    private void openHealth(PortSettings port, Worker worker) {
        Health routes = new Health(worker.figures(), worker::slowestStep, worker::checkDatabase);
        open.push(routes);
        Routes all = new Routes();
        routes.addTo(all);
        health = open("health", port, all);
    }

    private void openConsole(PortSettings port, Settings settings, BiConsumer<Routes, Access> consoleRoutes) {
        Routes all = new Routes();
        consoleRoutes.accept(all, Access.of(settings, port));
        console = open("console", port, all);
    }

    private Optional<Integer> open(String name, PortSettings settings, Routes routes) {
        // On loopback, a page elsewhere could have its name resolve to this machine; elsewhere, tokens protect.
        Predicate<String> hosts = settings.isLoopback() ? Loopback::isThisMachine : host -> true;
        try {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getByName(settings.host()), settings.number());
            Port port = Port.open(address, hosts, routes, Limits.USUAL);
            open.push(port);
            LOG.info("The {} port listens on {}:{}.", name, shown(settings.host()), port.number());
            return Optional.of(port.number());
        } catch (IOException unavailable) {
            if (settings.isRequested()) {
                throw new SettingsException(List.of("--" + name + "-port: " + shown(settings.host()) + ":"
                        + settings.number() + " cannot be opened: it is taken, not permitted, or not an address of this"
                        + " machine. Set a free port, 0 for any, or off."));
            }
            if (!isQuiet) {
                LOG.warn(
                        "The {} port {} is taken, so it is not opened; set --{}-port to a free port, 0 for any, or off.",
                        name,
                        settings.number(),
                        name);
            }
            return Optional.empty();
        }
    }

    private static String shown(String host) {
        return host.indexOf(':') < 0 || host.startsWith("[") ? host : "[" + host + "]";
    }

    /** The number of the health port; empty when it is not open. */
    public Optional<Integer> health() {
        return health;
    }

    /** The number of the console; empty when it is not open. */
    public Optional<Integer> console() {
        return console;
    }

    /** Takes a second per port at most. */
    @Override
    @SuppressWarnings("IllegalCatch") // AutoCloseable declares Exception
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception failed) {
                LOG.warn("A port could not be closed: {}.", failed.getClass().getSimpleName());
            }
        }
    }
}
