package dev.sluice.cli.command;

import dev.sluice.config.Setting;
import java.util.List;

/** A part of the configuration: settings that are used together. */
@SuppressWarnings("ImmutableEnumChecker") // List.of makes the lists
public enum Part {
    PIPELINE(Setting.PIPELINE),
    QUEUE(Setting.QUEUE, Setting.REGION, Setting.ENDPOINT, Setting.INSECURE_AWS_HTTP),
    DATABASE(Setting.INSECURE_DATABASE_TLS),
    KEYS(Setting.KEYS),
    RUN(Setting.CONSUMERS, Setting.BATCH_MESSAGES),
    HEALTH(Setting.HEALTH_PORT, Setting.HEALTH_ADDRESS);

    private final List<Setting> settings;

    Part(Setting... settings) {
        this.settings = List.of(settings);
    }

    /** Those with a flag. */
    public List<Setting> settings() {
        return settings;
    }
}
