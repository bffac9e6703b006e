package dev.sluice.console;

import dev.sluice.access.Access;
import dev.sluice.access.Access.Known;
import dev.sluice.access.Caller;
import dev.sluice.access.Role;
import dev.sluice.app.Assembly;
import dev.sluice.http.Request;
import dev.sluice.http.Routes;
import dev.sluice.metrics.Figures;
import dev.sluice.output.JsonLine;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * Everything that the console's port answers: the page, its files, and the documents under {@code /api}, each for callers
 * with a role. Reads the database with the console's login, over connections of its own. Thread-safe; close it after the
 * port.
 */
public final class ConsoleRoutes implements AutoCloseable {

    private final ConsoleDatabase database;
    private final Assets assets = new Assets();
    private final PageView page;
    private final List<ConsoleRoute> routes;

    /**
     * Connects to nothing yet.
     *
     * @param assembly of the running worker
     * @param figures of the running worker
     * @param fieldSuspicions sentences on fields that were probably renamed, without values
     * @throws dev.sluice.config.SettingsException when the address of the console's database is malformed
     */
    public ConsoleRoutes(Assembly assembly, Figures figures, Supplier<List<String>> fieldSuspicions) {
        this.page = new PageView(figures);
        this.database = new ConsoleDatabase(assembly);
        this.routes = routes(assembly, figures, fieldSuspicions);
    }

    private List<ConsoleRoute> routes(Assembly assembly, Figures figures, Supplier<List<String>> fieldSuspicions) {
        InstantSource clock = InstantSource.system();
        StatusView status = new StatusView(figures);
        QuarantineView quarantine = new QuarantineView(database, assembly.spec());
        ReplayView replay = new ReplayView(database, assembly);
        TableView table = new TableView(database, assembly.spec());
        KeysView keys = new KeysView(database, assembly, clock);
        DoctorView doctor = new DoctorView(assembly, clock);
        NeedsView needs = new NeedsView(figures, quarantine, keys, doctor, fieldSuspicions, clock);
        SettingsView settings =
                new SettingsView(assembly.settings(), figures.status().version());
        AuditView audit = new AuditView(database);
        return List.of(
                ConsoleRoute.get("/api/me", view(ConsoleRoutes::me, "")),
                ConsoleRoute.get("/api/status", status::status),
                ConsoleRoute.get("/api/history", status::history),
                ConsoleRoute.get("/api/needs", view(needs::needs, "")),
                ConsoleRoute.get("/api/quarantine/reasons", view(quarantine::reasons, QuarantineView.REMEDY)),
                ConsoleRoute.get("/api/quarantine", view(quarantine::records, QuarantineView.REMEDY)),
                ConsoleRoute.get("/api/quarantine/replay-plan", view(replay::plan, ReplayView.REMEDY)),
                ConsoleRoute.post("/api/quarantine/replay", Role.OPERATOR, view(replay::replay, ReplayView.REMEDY)),
                ConsoleRoute.get("/api/table", view(table::latest, TableView.REMEDY)),
                ConsoleRoute.get("/api/shared", view(table::shared, TableView.REMEDY)),
                ConsoleRoute.get("/api/keys", view(keys::keys, KeysView.REMEDY)),
                ConsoleRoute.get("/api/audit", view(audit::entries, AuditView.REMEDY)),
                ConsoleRoute.post("/api/doctor", Role.VIEWER, view(doctor::examine, "")),
                ConsoleRoute.get("/api/settings", view(settings::settings, "")));
    }

    private static Access.Guarded view(View view, String remedy) {
        return view.route(remedy);
    }

    private static JsonLine me(Request request, Caller caller) {
        Parameters.ofQuery(request);
        return new JsonLine()
                .put("role", caller.role().label())
                .put("authentication", caller.authentication().label())
                .put("replay", caller.role() == Role.OPERATOR);
    }

    /**
     * Adds all routes to those of a port.
     *
     * @param access decides who may use them
     */
    public void addTo(Routes port, Access access) {
        port.get("/", request -> page.answer(request, access.identify(request) instanceof Known));
        port.get(Assets.FOLDER, assets::answer);
        for (ConsoleRoute route : routes) {
            if (route.method().equals("GET")) {
                port.get(route.path(), access.require(route.role(), route.route()));
            } else {
                port.post(route.path(), access.require(route.role(), route.route()));
            }
        }
    }

    /** Closes the connections. A replay that runs has connections of its own and ends by itself. */
    @Override
    public void close() {
        database.close();
    }
}
