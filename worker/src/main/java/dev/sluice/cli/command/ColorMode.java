package dev.sluice.cli.command;

import java.util.Map;

/** When output is coloured. The names are those of {@code --color}. */
public enum ColorMode {
    /** On a terminal, unless the environment says otherwise. */
    auto,
    always,
    never;

    /**
     * Whether output is coloured: {@code NO_COLOR} (no-color.org) forbids it, {@code CLICOLOR_FORCE} demands it
     * (bixense.com/clicolors), and a terminal that is called {@code dumb} has no colours.
     */
    public boolean isOn(Console console) {
        Map<String, String> environment = console.environment();
        return switch (this) {
            case always -> true;
            case never -> false;
            case auto -> {
                if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
                    yield false;
                }
                String force = environment.getOrDefault("CLICOLOR_FORCE", "0");
                boolean capable = !environment.getOrDefault("TERM", "dumb").equals("dumb");
                boolean forced = !force.isEmpty() && !force.equals("0");
                yield forced || (console.interactive() && capable);
            }
        };
    }
}
