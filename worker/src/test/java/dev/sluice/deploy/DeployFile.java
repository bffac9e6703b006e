package dev.sluice.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Files of the repository that a deployment consists of. Maven runs a module's tests in the module's folder. */
final class DeployFile {

    static final Path ROOT = root();

    private DeployFile() {}

    private static Path root() {
        Path root = Path.of("").toAbsolutePath().getParent();
        if (root == null || !Files.isExecutable(root.resolve("bin/sluice"))) {
            throw new IllegalStateException("these tests run in a module of the repository");
        }
        return root;
    }

    /** @param path from the repository's root */
    static String text(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only document of a YAML file. */
    static Map<String, Object> yaml(String path) {
        List<Map<String, Object>> documents = documents(ROOT.resolve(path));
        if (documents.size() != 1) {
            throw new IllegalStateException(path + " has " + documents.size() + " documents");
        }
        return documents.get(0);
    }

    /** Every document of a YAML file; duplicate keys are an error. */
    static List<Map<String, Object>> documents(Path file) {
        try {
            return documents(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Map<String, Object>> documents(String yaml) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(false)
                .build();
        List<Map<String, Object>> documents = new ArrayList<>();
        new Load(settings).loadAllFromString(yaml).forEach(document -> documents.add(map(document)));
        return documents;
    }

    /** Files under a folder of the repository whose name ends so, in a fixed order. */
    static List<Path> under(String folder, String ending) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a YAML mapping is; an empty map where there is nothing. */
    @SuppressWarnings("unchecked") // keys of the files are texts
    static Map<String, Object> map(@Nullable Object node) {
        return node == null ? Map.of() : (Map<String, Object>) node;
    }

    /** What a YAML sequence is; an empty list where there is nothing. */
    @SuppressWarnings("unchecked")
    static <T> List<T> list(@Nullable Object node) {
        return node == null ? List.of() : (List<T>) node;
    }
}
