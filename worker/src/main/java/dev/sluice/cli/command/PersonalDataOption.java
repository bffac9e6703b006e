package dev.sluice.cli.command;

import dev.sluice.detect.Sighting;
import dev.sluice.output.JsonLine;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --no-pii-check}, as a mixin of the commands that look for personal data in columns without a mask. */
public final class PersonalDataOption {

    @Option(names = "--no-pii-check", description = "Do not look for personal data in columns without a mask.")
    boolean off;

    /** Whether to look. */
    public boolean isOn() {
        return !off;
    }

    /** What was seen, as members of a command's JSON. */
    public static List<JsonLine> json(List<Sighting> sightings) {
        return sightings.stream()
                .map(sighting -> new JsonLine()
                        .put("column", sighting.column())
                        .put("kind", sighting.kind().label())
                        .put("matching", sighting.matching())
                        .put("values", sighting.values()))
                .toList();
    }
}
