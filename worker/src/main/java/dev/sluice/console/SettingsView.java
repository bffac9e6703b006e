package dev.sluice.console;

import dev.sluice.access.Caller;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.http.Request;
import dev.sluice.mapping.Pipelines;
import dev.sluice.output.JsonLine;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;

/** The configuration with the origin of each value, secrets redacted, and the pipeline file as the worker began with it. */
final class SettingsView {

    /** The section that begins with {@code tests:}, up to the next key. Its samples may be copies of real events. */
    private static final Pattern TESTS = Pattern.compile("(?m)^tests:.*(?:\\R(?:[ \\t#-].*)?)*");

    private static final String HIDDEN = "# The tests are not shown: sluice pipeline show prints them.\n";

    private final Settings settings;
    private final String version;
    private final String pipeline;

    /** @param version of the program */
    SettingsView(Settings settings, String version) {
        this.settings = settings;
        this.version = version;
        this.pipeline = pipelineWithoutTests(settings);
    }

    private static String pipelineWithoutTests(Settings settings) {
        String name = Objects.requireNonNull(settings.text(Setting.PIPELINE));
        String text = Pipelines.text(name);
        if (!Pipelines.loadTested(name, settings.environment()).hasTests()) {
            return text;
        }
        String shown = TESTS.matcher(text).replaceFirst(HIDDEN);
        return shown.equals(text) ? HIDDEN : shown;
    }

    JsonLine settings(Request request, Caller caller) {
        Parameters.ofQuery(request);
        return new JsonLine()
                .put("settings", Arrays.stream(Setting.values()).map(this::json).toList())
                .put("pipeline_yaml", pipeline)
                .put("version", version);
    }

    private JsonLine json(Setting setting) {
        return new JsonLine()
                .put("key", setting.key())
                .put("value", settings.shown(setting))
                .put("origin", settings.origin(setting));
    }
}
