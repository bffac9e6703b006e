package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class MessageIdsTest {

    private static final String CANONICAL = "5fea7756-0ea4-451a-a703-a558b933e274";

    @Test
    void takesCanonicalUuidAsItIs() {
        assertThat(MessageIds.toUuid(CANONICAL)).isEqualTo(UUID.fromString(CANONICAL));
    }

    @Test
    void hashesWhatIsNoUuidToVersion8() {
        UUID id = MessageIds.toUuid("abc");
        // SHA-256 of "abc" (FIPS 180-2, B.1) begins ba7816bf 8f01cfea 414140de 5dae2223; version and variant put in.
        assertThat(id).isEqualTo(UUID.fromString("ba7816bf-8f01-8fea-8141-40de5dae2223"));
        assertThat(id.version()).isEqualTo(8);
        assertThat(id.variant()).isEqualTo(2);
    }

    @Test
    void keepsSpellingsApart() {
        assertThat(MessageIds.toUuid("1-1-1-1-1")).isNotEqualTo(MessageIds.toUuid("01-1-1-1-1"));
        assertThat(MessageIds.toUuid("5FEA7756-0EA4-451A-A703-A558B933E274")).isNotEqualTo(UUID.fromString(CANONICAL));
    }
}
