package dev.sluice.embedded;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes passwords for logins that live as long as a server. Safe for use by several threads. */
final class Passwords {

    /** 192 bits: nobody guesses that, so SCRAM needs no iterations against guessing either. */
    private static final int BYTES = 24;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Passwords() {}

    /** 48 hexadecimal digits: they need no escaping in SQL, in URLs and in shells. */
    static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
