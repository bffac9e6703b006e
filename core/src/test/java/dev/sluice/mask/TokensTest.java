package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.keys.GoldenKeys;
import dev.sluice.keys.Keysets;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

    private static final long SEED = 4648;

    @TempDir
    private Path folder;

    @Test
    void tellsTheKeyOfEveryGoldenToken() {
        Keysets keysets = GoldenKeys.load(folder);
        List<String[]> rows = Vectors.rows("golden-tokens.csv");

        assertThat(rows).hasSizeGreaterThan(5).allSatisfy(row -> assertThat(
                        keysets.find(Tokens.keyId(row[4]).orElseThrow())
                                .orElseThrow()
                                .field())
                .isEqualTo("user-logins." + row[0]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "NULL",
                "***",
                "203.0.113.0/24",
                "AREREQ",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            })
    void tellsNoKeyOfWhatIsNoToken(String text) {
        assertThat(Tokens.keyId(text)).isEmpty();
        assertThat(Tokens.keyIdOfPrefix(text.length() < 7 ? text : text.substring(0, 7)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0x11111111", "0x80000000", "0xffffffff", "1", "0xfedcba98"})
    void everyTokenBeginsWithAPrefixOfItsKeyAndWithNoOther(String id) {
        int keyId = Long.decode(id).intValue();
        Random random = new Random(SEED);
        List<String> prefixes = Tokens.prefixes(keyId);

        assertThat(prefixes).hasSize(4).doesNotHaveDuplicates();
        assertThat(prefixes)
                .allSatisfy(prefix -> assertThat(Tokens.keyIdOfPrefix(prefix)).hasValue(keyId));
        for (int round = 0; round < 1_000; round++) {
            String token = token(keyId, random);
            assertThat(prefixes).filteredOn(token::startsWith).hasSize(1);
            int other = random.nextInt();
            String foreign = token(other, random);
            assertThat(prefixes).noneMatch(prefix -> other != keyId && foreign.startsWith(prefix));
        }
    }

    @Test
    void recognisesAPrefixOfARealToken() {
        Mask mask = Masks.of(
                new MaskSpec(MaskKind.DETERMINISTIC_AEAD, CanonicalForm.IP, false, null),
                "user-logins",
                "masked_ip",
                GoldenKeys.load(folder));
        String token = Objects.requireNonNull(mask.mask("192.0.2.1"));

        assertThat(Tokens.prefixes(0x11111111)).contains(token.substring(0, Tokens.PREFIX_LENGTH));
        assertThat(Tokens.keyId(token)).hasValue(0x11111111);
    }

    private static String token(int keyId, Random random) {
        byte[] bytes = new byte[37];
        random.nextBytes(bytes);
        ByteBuffer.wrap(bytes).put((byte) 1).putInt(keyId);
        return Tokens.encode(bytes);
    }
}
