package dev.sluice.cli;

import dev.sluice.cli.command.Console;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How log lines look: text for people, JSON for what collects the lines of containers. */
enum LogFormat {
    TEXT,
    JSON;

    /**
     * Set in containers: by Kubernetes in every pod, by ECS in every task, and {@code container} by Podman, systemd and our
     * own image (systemd, Container Interface). Files such as /.dockerenv are not looked at: build servers have them, too.
     */
    private static final List<String> OF_CONTAINERS =
            List.of("KUBERNETES_SERVICE_HOST", "ECS_CONTAINER_METADATA_URI_V4", "container");

    /** @param setting the text of {@code log.format}; anything but text and json, or null, means auto */
    static LogFormat of(@Nullable String setting, Console console) {
        if ("json".equals(setting)) {
            return JSON;
        }
        boolean collected = !console.interactive()
                && OF_CONTAINERS.stream()
                        .anyMatch(name ->
                                !console.environment().getOrDefault(name, "").isEmpty());
        return "text".equals(setting) || !collected ? TEXT : JSON;
    }
}
