package dev.sluice.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationsTest {

    @Test
    void expectsNewestResource() throws Exception {
        URL folder = Objects.requireNonNull(getClass().getClassLoader().getResource(Migrations.LOCATION));
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            int newest = files.map(file -> file.getFileName().toString())
                    .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                    .max()
                    .orElseThrow();
            assertThat(Migrations.EXPECTED_VERSION).isEqualTo(newest);
        }
    }
}
