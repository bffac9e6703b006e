package dev.sluice.cli;

import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.mask.Masks;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.ReversibleMask;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows of the default pipeline as a worker writes them who read the keyset file when this was made, put into the table
 * without a queue; and what the keys of that time make of the table.
 */
final class MaskedLogins {

    static final String IP = "user-logins.masked_ip";
    static final String DEVICE = "user-logins.masked_device_id";

    private static final PipelineSpec SPEC = Pipelines.load("user-logins");

    private final Playground playground;
    private final ReversibleMask ip;
    private final ReversibleMask device;

    MaskedLogins(Playground playground) {
        this.playground = playground;
        Keysets keysets = KeysetFile.at(playground.keys).read();
        this.ip = mask("masked_ip", keysets);
        this.device = mask("masked_device_id", keysets);
    }

    private static ReversibleMask mask(String column, Keysets keysets) {
        return SPEC.columns().stream()
                .filter(candidate -> candidate.name().equals(column))
                .map(candidate -> (ReversibleMask)
                        Masks.of(Objects.requireNonNull(candidate.mask()), SPEC.name(), column, keysets))
                .findFirst()
                .orElseThrow();
    }

    /** Adds a key to a field and makes it the primary one. Answers its id. */
    static KeyInfo rotate(Playground playground, String field) {
        KeysetFile file = KeysetFile.at(playground.keys);
        KeyInfo added = file.add(field, false);
        return file.promote(added.id(), false);
    }

    static KeyInfo primary(Playground playground, String field) {
        return KeysetFile.at(playground.keys).read().list().stream()
                .filter(key -> key.field().equals(field) && key.primary())
                .findFirst()
                .orElseThrow();
    }

    /** The address of the user of that number: ten users share one. */
    static String ipOf(int user) {
        return "198.18." + user / 2_500 + "." + user / 10 % 250;
    }

    static String deviceOf(int user) {
        return String.format(Locale.ROOT, "111-22-%04d", user % 10_000);
    }

    /** What a worker would store for an address. */
    String ipToken(String address) {
        return Objects.requireNonNull(ip.mask(address));
    }

    /** What a worker would store for a device. */
    String deviceToken(String id) {
        return Objects.requireNonNull(device.mask(id));
    }

    /** Inserts users {@code from} to {@code to - 1}, in one transaction. */
    void insert(int from, int to) {
        String rows = IntStream.range(from, to)
                .mapToObj(user -> "('" + user + "','android','" + ip.mask(ipOf(user)) + "','"
                        + device.mask(deviceOf(user)) + "','RU',2,'2026-01-01')")
                .collect(Collectors.joining(","));
        playground.execute("INSERT INTO user_logins VALUES " + rows);
    }

    /** What is wrong with the rows, each of which must be readable: empty when each user's are his own. */
    List<String> unreadable() {
        return playground
                .query(
                        "SELECT user_id || ' ' || masked_ip || ' ' || coalesce(masked_device_id, 'none') FROM user_logins")
                .stream()
                .filter(row -> {
                    String[] parts = row.split(" ", -1);
                    int user = Integer.parseInt(parts[0]);
                    return !ip.recover(parts[1]).equals(new Recovered.Clear(ipOf(user)))
                            || !device.recover(parts[2]).equals(new Recovered.Clear(deviceOf(user)));
                })
                .map(row -> row.substring(0, row.indexOf(' ')))
                .toList();
    }

    /** The users whose tokens, opened and hashed, are not the hashes that another table holds of them. */
    List<String> differences(String hashes) {
        return playground
                .query(
                        "SELECT l.user_id || ' ' || l.masked_ip || ' ' || l.masked_device_id || ' ' || h.masked_ip || ' '"
                                + " || h.masked_device_id FROM user_logins l FULL JOIN " + hashes
                                + " h USING (user_id)")
                .stream()
                .filter(row -> {
                    String[] parts = row.split(" ", -1);
                    return !hash(ip.recover(parts[1])).equals(parts[3])
                            || !hash(device.recover(parts[2])).equals(parts[4]);
                })
                .toList();
    }

    private static String hash(Recovered recovered) {
        if (!(recovered instanceof Recovered.Clear clear)) {
            return "not opened";
        }
        try {
            byte[] text = clear.value().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
