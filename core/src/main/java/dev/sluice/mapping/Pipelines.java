package dev.sluice.mapping;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads pipelines: built-in ones and files. */
public final class Pipelines {

    /** The names of the built-in pipelines, the default first. */
    public static final List<String> BUILT_IN = List.of("user-logins", "user-logins-sha256");

    private Pipelines() {}

    /**
     * Reads a pipeline.
     *
     * @param nameOrFile a built-in pipeline's name, else a file's path (YAML, UTF-8)
     * @throws dev.sluice.yaml.InvalidDocumentException listing every problem with line and column
     * @throws PipelineNotFoundException if there is neither such a pipeline nor such a readable file
     */
    public static PipelineSpec load(String nameOrFile) {
        return load(nameOrFile, Map.of());
    }

    /**
     * Reads a pipeline whose values may name variables, as {@code ${NAME}} or {@code ${NAME:-default}}.
     *
     * @param nameOrFile as for {@link #load(String)}, which knows no variables
     * @param environment the variables
     * @throws dev.sluice.yaml.InvalidDocumentException listing every problem with line and column; a variable that is not
     *     set is one
     * @throws PipelineNotFoundException if there is neither such a pipeline nor such a readable file
     */
    public static PipelineSpec load(String nameOrFile, Map<String, String> environment) {
        return SpecReader.read(nameOrFile, text(nameOrFile), environment);
    }

    /**
     * Reads a pipeline that is not in a file.
     *
     * @param name for messages
     * @throws dev.sluice.yaml.InvalidDocumentException as {@link #load}
     */
    public static PipelineSpec read(String name, String yaml) {
        return SpecReader.read(name, yaml);
    }

    /**
     * A pipeline's YAML as it is, valid or not.
     *
     * @param nameOrFile as for {@link #load}
     * @throws PipelineNotFoundException if there is neither such a pipeline nor such a readable file
     */
    public static String text(String nameOrFile) {
        return BUILT_IN.contains(nameOrFile) ? builtIn(nameOrFile) : file(nameOrFile);
    }

    private static String builtIn(String name) {
        try (@Nullable InputStream stream = Pipelines.class.getResourceAsStream("pipelines/" + name + ".yaml")) {
            if (stream == null) {
                throw new IllegalStateException("the jar lacks the built-in pipeline " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the built-in pipeline " + name + " cannot be read", e);
        }
    }

    private static String file(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (NoSuchFileException e) {
            throw new PipelineNotFoundException(
                    "pipeline " + path + ": neither a file nor a built-in pipeline " + BUILT_IN);
        } catch (CharacterCodingException e) {
            throw new PipelineNotFoundException("pipeline " + path + ": the file is not UTF-8 text");
        } catch (InvalidPathException e) {
            throw new PipelineNotFoundException(
                    "pipeline: a built-in pipeline " + BUILT_IN + " or a path was expected");
        } catch (IOException e) {
            throw new PipelineNotFoundException(
                    "pipeline " + path + ": the file cannot be read; check its permissions");
        }
    }
}
