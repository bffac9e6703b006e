package dev.sluice.access;

import dev.sluice.config.Setting;
import dev.sluice.config.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The file of those who may use the console: a line {@code name role sha256-of-token} each, {@code #} before a comment. It
 * is read at every use, so that a removed line ends access at once. Thread-safe.
 */
final class TokensFile {

    /** A thousand lines of the longest kind. */
    private static final long MAX_BYTES = 160_000;

    private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /** The group may read it: Kubernetes mounts a Secret for a user that is not root by the group ({@code fsGroup}). */
    private static final Set<PosixFilePermission> ALLOWED =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_READ);

    private final Path file;

    TokensFile(Path file) {
        this.file = file;
    }

    /**
     * The caller that a token belongs to. Takes the same time for every token.
     *
     * @throws SettingsException if the file cannot be read, others may read or write it, or a line is malformed
     */
    Optional<Caller> find(String token) {
        byte[] presented = AccessToken.hash(token);
        Caller found = null;
        for (Entry entry : read()) {
            if (MessageDigest.isEqual(entry.hash, presented)) {
                found = new Caller(entry.name, entry.role, Caller.Authentication.TOKEN);
            }
        }
        return Optional.ofNullable(found);
    }

    /** Throws {@link SettingsException} as {@link #find}. */
    void check() {
        read();
    }

    private List<Entry> read() {
        List<String> problems = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int number = 0;
        for (String line : lines()) {
            number++;
            String content = line.split("#", 2)[0].strip();
            if (!content.isEmpty()) {
                Optional<Entry> entry = Entry.parse(content).filter(parsed -> names.add(parsed.name));
                entry.ifPresent(entries::add);
                if (entry.isEmpty()) {
                    problems.add(problem(
                            "line " + number + " was expected to be: name role sha256-of-token, with the role viewer or"
                                    + " operator and each name once; sluice console token prints such a line"));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return entries;
    }

    private List<String> lines() {
        try {
            if (!ALLOWED.containsAll(Files.getPosixFilePermissions(file))) {
                throw new SettingsException(
                        List.of(problem("others may read or change the file; run chmod 600 " + file)));
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new SettingsException(List.of(problem("the file is larger than " + MAX_BYTES + " bytes")));
            }
            return Files.readAllLines(file);
        } catch (IOException | UnsupportedOperationException unreadable) {
            throw new SettingsException(List.of(problem("the file cannot be read as UTF-8 text")));
        }
    }

    private static String problem(String what) {
        return Setting.CONSOLE_TOKENS.key() + ": " + what + ".";
    }

    private static final class Entry {

        private final String name;
        private final Role role;
        private final byte[] hash;

        private Entry(String name, Role role, byte[] hash) {
            this.name = name;
            this.role = role;
            this.hash = hash;
        }

        static Optional<Entry> parse(String content) {
            String[] parts = BLANKS.split(content);
            if (parts.length != 3
                    || !AccessToken.isName(parts[0])
                    || !HASH.matcher(parts[2]).matches()) {
                return Optional.empty();
            }
            return Role.labelled(parts[1])
                    .map(role -> new Entry(parts[0], role, HexFormat.of().parseHex(parts[2])));
        }
    }
}
