package dev.sluice.lineage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Appends each event as a line to a file, which several workers may share. */
record FileDestination(Path file) implements Destination {

    @Override
    public Optional<String> deliver(String event) {
        try {
            Files.writeString(file, event + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return Optional.empty();
        } catch (IOException failure) {
            return Optional.of("it cannot be written (" + failure.getClass().getSimpleName() + ")");
        }
    }

    @Override
    public String name() {
        return file.toString();
    }
}
