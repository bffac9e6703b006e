package dev.sluice.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationsTest {

    @Test
    void expectsNewestResource() throws Exception {
        assertThat(Migrations.EXPECTED_VERSION).isEqualTo(versions().last());
    }

    /** The numbers of the files. One may be missing: numbers are given out before the work is done. */
    static SortedSet<Integer> versions() throws Exception {
        URL folder =
                Objects.requireNonNull(MigrationsTest.class.getClassLoader().getResource(Migrations.LOCATION));
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> Integer.valueOf(name.substring(1, name.indexOf("__"))))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
