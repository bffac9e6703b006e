package dev.sluice.cli.run;

import dev.sluice.cli.ports.Ports;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What would keep a run from starting although queue, database and keys are good. Stateless. */
public final class RunFindings {

    private static final List<Part> PARTS = List.of(
            new Part("ports", Setting.CONSOLE_PROXY_SECRET, Ports::check),
            new Part("console database", Setting.CONSOLE_DATABASE_URL, RunFindings::checkConsoleDatabase),
            new Part("lineage", Setting.LINEAGE_API_KEY, Settings::lineage));

    private RunFindings() {}

    /** @param check throws what is wrong */
    private record Part(String subject, Setting secret, Consumer<Settings> check) {}

    /**
     * Failed checks only.
     *
     * @param fetches whether secrets that AWS keeps are fetched; a part that needs one is otherwise left out
     */
    public static List<Finding> failures(Settings settings, boolean fetches) {
        List<Finding> failures = new ArrayList<>();
        for (Part part : PARTS) {
            if (fetches || !settings.isKeptByAws(part.secret)) {
                check(part, settings, failures);
            }
        }
        return failures;
    }

    private static void check(Part part, Settings settings, List<Finding> failures) {
        try {
            part.check.accept(settings);
        } catch (SettingsException e) {
            e.problems().forEach(problem -> failures.add(Finding.fail(part.subject, Kind.CONFIG, problem)));
        } catch (InfrastructureException e) {
            failures.add(Finding.fail(part.subject, e.kind(), e.getMessage()));
        }
    }

    /** Without a URL of its own, the console reads with the worker's, which other checks look at. */
    private static void checkConsoleDatabase(Settings settings) {
        if (settings.text(Setting.CONSOLE_DATABASE_URL) != null) {
            settings.consoleDatabase();
        }
    }
}
