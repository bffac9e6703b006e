package dev.sluice.spark;

import dev.sluice.config.Setting;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.keys.KeysetFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;

/**
 * Secrets in files of a Hadoop file system, such as {@code s3://bucket/name}, for clusters that mount no files: each host reads
 * them with its own role, into memory. Stateless.
 */
final class StoredSecrets {

    private static final Pattern URI = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*://.*");

    /** As in files of this host. */
    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+\\z");

    private StoredSecrets() {}

    /** Whether a setting names such a file, and not one of this host. */
    static boolean isMeantBy(String file) {
        return URI.matcher(file).matches();
    }

    /**
     * The environment with the secrets that such files contain: {@code NAME} instead of {@code NAME_FILE}.
     *
     * @throws InfrastructureException as {@link #read}
     */
    static Map<String, String> resolved(Map<String, String> environment, Configuration configuration) {
        Map<String, String> resolved = new HashMap<>(environment);
        for (Setting setting : Setting.values()) {
            for (String name : setting.variables()) {
                String file = environment.get(name + "_FILE");
                if (setting.isSecret() && file != null && isMeantBy(file)) {
                    String text = new String(read(file, configuration), StandardCharsets.UTF_8);
                    resolved.putIfAbsent(name, LINE_ENDS.matcher(text).replaceFirst(""));
                    resolved.remove(name + "_FILE");
                }
            }
        }
        return resolved;
    }

    /**
     * The content of a file.
     *
     * @throws InfrastructureException CONFIG if it does not exist or is too large, NOT_PERMITTED if this host may not read
     *     it, TRANSIENT if its store fails
     */
    static byte[] read(String file, Configuration configuration) {
        Path path = new Path(file);
        try (FileSystem store = FileSystem.newInstance(path.toUri(), configuration);
                InputStream in = store.open(path)) {
            byte[] content = in.readNBytes(KeysetFile.MAX_BYTES + 1);
            if (content.length > KeysetFile.MAX_BYTES) {
                Arrays.fill(content, (byte) 0);
                throw failure(Kind.CONFIG, file, "it is too large for a secret");
            }
            return content;
        } catch (FileNotFoundException e) {
            throw failure(Kind.CONFIG, file, "it does not exist");
        } catch (AccessControlException | AccessDeniedException e) {
            throw failure(Kind.NOT_PERMITTED, file, "this host may not read it");
        } catch (IOException e) {
            throw failure(Kind.TRANSIENT, file, e.getClass().getSimpleName());
        }
    }

    private static InfrastructureException failure(Kind kind, String file, String why) {
        return new InfrastructureException(kind, "could not read " + file + ": " + why);
    }
}
