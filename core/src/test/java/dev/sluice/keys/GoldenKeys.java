package dev.sluice.keys;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** The fixed keysets of the tests: published, and of no use elsewhere. */
public final class GoldenKeys {

    private GoldenKeys() {}

    /** Loads them from a private file in {@code folder}. */
    public static Keysets load(Path folder) {
        return KeysetFile.at(write(folder, json())).read();
    }

    /** The same with every disabled key enabled: as in the middle of a rotation. */
    public static Keysets loadAllEnabled(Path folder) {
        return KeysetFile.at(write(folder, json().replace("DISABLED", "ENABLED")))
                .read();
    }

    /** The text of the file that holds them. */
    static String json() {
        try (InputStream resource =
                Objects.requireNonNull(GoldenKeys.class.getResourceAsStream("golden-keysets.json"))) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Writes a keyset file of mode 0600. */
    static Path write(Path folder, String json) {
        try {
            Path file = folder.resolve("keys.json");
            Files.writeString(file, json);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
