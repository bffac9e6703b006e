package dev.sluice.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCheckTest {

    private static final Map<String, KeyKind> WANTED =
            Map.of("p.a", KeyKind.DETERMINISTIC_AEAD, "p.b", KeyKind.KEYED_HASH);

    private Path folder;
    private KeysetFile file;

    @BeforeEach
    void create(@TempDir Path temporary) {
        folder = temporary;
        file = KeysetFile.at(folder.resolve("keys.json"));
        file.create(WANTED, true);
    }

    private String check() {
        return file.read().checkValue();
    }

    @Test
    void isTheSameForACopy() throws Exception {
        Path copy =
                Files.copy(file.path(), folder.resolve("copy.json"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);

        assertThat(check())
                .matches("[0-9a-f]{16}")
                .isEqualTo(KeysetFile.at(copy).read().checkValue());
    }

    @Test
    void differsForOtherKeysOfTheSameFields() {
        KeysetFile other = KeysetFile.at(folder.resolve("other.json"));
        other.create(WANTED, true);

        assertThat(other.read().checkValue()).isNotEqualTo(check());
    }

    @Test
    void differsOnceAnotherKeyIsPrimary() {
        String before = check();
        KeyInfo added = file.add("p.a", false);
        assertThat(check()).as("a key that makes nothing yet").isEqualTo(before);

        file.promote(added.id(), false);

        assertThat(check()).isNotEqualTo(before);
    }
}
