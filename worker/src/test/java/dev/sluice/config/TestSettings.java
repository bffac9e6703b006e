package dev.sluice.config;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of tests: defaults, but for where queue and database are. */
public final class TestSettings {

    /** The defaults. */
    public static final RunSettings RUN = new RunSettings(2, 1_000);

    private TestSettings() {}

    /** The database of a URL. */
    public static DatabaseSettings database(String url) {
        return SettingsReader.read(Map.of(), null, Map.of("SLUICE_DATABASE_URL", url))
                .database();
    }

    /** A queue by name or URL. */
    public static QueueSettings queue(String queue) {
        return queue(queue, null);
    }

    /** A queue by name or URL, at this endpoint unless it is null. */
    public static QueueSettings queue(String queue, @Nullable URI endpoint) {
        return new QueueSettings(queue, endpoint, null, false);
    }
}
