package dev.sluice.cli.command;

import dev.sluice.app.Assembly;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import java.util.Map;
import java.util.Set;

/** The program that a command is part of. Used by one thread. */
public interface Program {

    /** Streams and environment. */
    Console console();

    /** The format of results. */
    OutputFormat format();

    /** Whether results are printed as JSON. */
    default boolean json() {
        return format() == OutputFormat.json;
    }

    /** How long a line of a table may be: as the terminal is wide, unless values are to be whole or nobody looks. */
    default int tableWidth() {
        return console().interactive() ? console().columns() : Integer.MAX_VALUE;
    }

    /** Whether text for people is coloured. Never true of JSON and CSV. */
    default boolean color() {
        return false;
    }

    /** The effective settings. Sets the log level as a side effect, so commands read them first. */
    Settings settings();

    /**
     * Settings from another environment, without a settings file.
     *
     * @param allowed the flags that still apply; any other flag that is given is a usage error, since it would be ignored
     */
    Settings settings(Map<String, String> environment, Set<Setting> allowed);

    /** The parts, made from {@link #settings()} when they are first used. */
    default Assembly assembly() {
        return new Assembly(settings());
    }
}
