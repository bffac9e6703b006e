package dev.sluice.app;

import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keys that made values in the database and that the keyset file lacks: a sign that the file was lost and created again, or
 * that it is another pipeline's. New keys beside such values split every join without an error. Stateless.
 */
public final class UnknownKeys {

    /** A look must end soon; the samples are small. */
    private static final Duration LOOKING = Duration.ofSeconds(10);

    private UnknownKeys() {}

    /**
     * Looks at samples of the pipeline's table and quarantine, see {@link dev.sluice.postgres.KeyUse#sample()}.
     *
     * @param known the keys of the file, destroyed ones too
     * @return their ids as eight hex digits; empty when there are none, or no table yet
     * @throws dev.sluice.failure.InfrastructureException when the database cannot be read
     */
    public static List<String> sample(Assembly assembly, List<KeyInfo> known) {
        return unknown(assembly.keyUse(LOOKING).sample(), known).keySet().stream()
                .map(KeyInfo::hexId)
                .sorted()
                .toList();
    }

    /** The entries whose key id is not one of the known keys'. */
    public static Map<Integer, Long> unknown(Map<Integer, Long> rows, List<KeyInfo> known) {
        Set<Integer> ids = known.stream().map(KeyInfo::id).collect(Collectors.toSet());
        return rows.entrySet().stream()
                .filter(entry -> !ids.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Refuses to create keys beside values of unknown ones.
     *
     * @throws KeysException naming the ids and what to do
     */
    public static void requireNone(Assembly assembly, List<String> ids) {
        if (!ids.isEmpty()) {
            throw new KeysException(problem(assembly, ids)
                    + ". To create keys all the same, and accept that old and new values never join, add"
                    + " --despite-unknown-keys");
        }
    }

    /** What is wrong, and the remedy; without a full stop. */
    static String problem(Assembly assembly, List<String> ids) {
        return "the table or the quarantine of pipeline " + assembly.spec().name() + " holds values of keys that "
                + assembly.keysFile() + " lacks (" + String.join(", ", ids)
                + "): with other keys, equal values get other tokens, and nobody can recover the old ones. Restore the"
                + " keyset file from a backup, or set SLUICE_KEYS to the right one";
    }
}
