package dev.sluice.config;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a run reports what it reads and writes; at least one of URL and file is set.
 *
 * @param url an OpenLineage service; null for none
 * @param apiKey sent to it as a bearer token, over https or to this machine only; null for none
 * @param file to which events are appended; null for none
 * @param namespace of the job
 */
public record LineageSettings(@Nullable URI url, @Nullable String apiKey, @Nullable Path file, String namespace) {

    /**
     * Reads them. Fetches the key if AWS keeps it.
     *
     * @return empty when nothing is reported, which is the default
     * @throws SettingsException when the key would be sent in clear, or the file's name is not one
     */
    static Optional<LineageSettings> of(Settings settings) {
        String url = settings.text(Setting.LINEAGE_URL);
        String file = settings.text(Setting.LINEAGE_FILE);
        if ((url == null && file == null)
                || "true".equalsIgnoreCase(settings.environment().get("OPENLINEAGE_DISABLED"))) {
            return Optional.empty();
        }
        LineageSettings read = new LineageSettings(
                url == null ? null : URI.create(url),
                settings.secret(Setting.LINEAGE_API_KEY),
                file == null ? null : path(file),
                Objects.requireNonNull(settings.text(Setting.LINEAGE_NAMESPACE)));
        read.requireEncryptedKey();
        return Optional.of(read);
    }

    private void requireEncryptedKey() {
        if (url != null
                && apiKey != null
                && !"https".equals(url.getScheme())
                && !Loopback.isThisMachine(url.getHost())) {
            throw new SettingsException(List.of(Setting.LINEAGE_URL.key()
                    + ": https was expected, because lineage.api-key would be sent in clear text"));
        }
    }

    private static Path path(String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException malformed) {
            throw new SettingsException(List.of(Setting.LINEAGE_FILE.key() + ": the path of a file was expected"));
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "LineageSettings[" + (url == null ? "" : "url ") + (file == null ? "" : "file") + "]";
    }
}
