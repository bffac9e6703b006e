package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.keys.GoldenKeys;
import dev.sluice.keys.Keysets;
import dev.sluice.mask.Recovered.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeterministicAeadMaskTest {

    private static final long SEED = 5297;
    private static final String ADDRESS = "199.172.111.135";

    @TempDir
    private Path folder;

    private Keysets keysets;
    private ReversibleMask ip;
    private ReversibleMask device;

    @BeforeEach
    void load() {
        keysets = GoldenKeys.load(folder);
        ip = mask("masked_ip", CanonicalForm.IP);
        device = mask("masked_device_id", CanonicalForm.TEXT);
    }

    @ParameterizedTest
    @CsvSource({
        "199.172.111.135, 199.172.111.135",
        "::FFFF:199.172.111.135, 199.172.111.135",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1"
    })
    void recoversTheCanonicalAddress(String clear, String canonical) {
        assertThat(ip.recover(token(ip, clear))).isEqualTo(new Recovered.Clear(canonical));
    }

    @Test
    void givesEveryAddressATokenOfOneLength() {
        assertThat(List.of(ADDRESS, "::", "0.0.0.0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))
                .allSatisfy(address -> assertThat(ip.mask(address)).hasSize(50));
    }

    @Test
    void givesOneTokenForEverySpellingOfAnAddressAndAnotherForAnother() {
        Random random = new Random(SEED);
        Map<String, String> tokens = new HashMap<>();
        for (int round = 0; round < 3_000; round++) {
            byte[] address = Spellings.address(random);
            String token = token(ip, Spellings.of(address, random));

            assertThat(token(ip, Spellings.of(address, random))).isEqualTo(token);
            assertThat(ip.recover(token)).isEqualTo(new Recovered.Clear(IpAddress.format(address)));
            tokens.put(IpAddress.format(address), token);
        }
        assertThat(Set.copyOf(tokens.values())).hasSize(tokens.size());
    }

    @Test
    void recoversAnyTextAndGivesDistinctTextsDistinctTokens() {
        Random random = new Random(SEED);
        Set<String> texts = new HashSet<>();
        Set<String> tokens = new HashSet<>();
        for (int round = 0; round < 3_000; round++) {
            String text = text(random);
            String token = token(device, text);

            assertThat(device.recover(token)).isEqualTo(new Recovered.Clear(text));
            assertThat((long) token.length())
                    .isEqualTo(DeterministicAeadMask.tokenLength(
                            CanonicalForm.TEXT, text.getBytes(StandardCharsets.UTF_8).length));
            texts.add(text);
            tokens.add(token);
        }
        assertThat(tokens).hasSize(texts.size()).hasSizeGreaterThan(2_000);
    }

    @Test
    void givesTheSameTokenLater() {
        Random random = new Random(SEED);
        for (int round = 0; round < 300; round++) {
            String text = text(random);
            String token = token(device, text);
            MaskedText later = Objects.requireNonNull(device.defer(text));

            assertThat(later.length()).isEqualTo(token.length());
            assertThat(List.of(later.text(), later.text())).containsOnly(token);
        }
        assertThat(ip.defer("no address")).isNull();
    }

    @Test
    void keepsComposedAndDecomposedTextApart() {
        assertThat(device.mask("\u00e9")).isNotEqualTo(device.mask("e\u0301"));
    }

    @Test
    void refusesATokenOfWhichAnyBitWasChanged() {
        byte[] sealed = Base64.getUrlDecoder().decode(token(ip, ADDRESS));
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(ip.recover(Tokens.encode(changed))).as("bit %s", bit).isEqualTo(refused(expectedAt(bit / 8)));
        }
    }

    /** Byte 0 is the version, 1 to 4 the key id; then the synthetic IV and the body. */
    private static Refusal expectedAt(int index) {
        if (index == 0) {
            return Refusal.MALFORMED;
        }
        return index < 5 ? Refusal.UNKNOWN_KEY : Refusal.NOT_AUTHENTIC;
    }

    @Test
    void refusesATokenThatWasCutOrExtended() {
        byte[] sealed = Base64.getUrlDecoder().decode(token(ip, ADDRESS));
        for (int length = 0; length < sealed.length; length++) {
            Refusal expected = length < 5 ? Refusal.MALFORMED : Refusal.NOT_AUTHENTIC;
            assertThat(ip.recover(Tokens.encode(Arrays.copyOf(sealed, length)))).isEqualTo(refused(expected));
        }
        assertThat(ip.recover(Tokens.encode(Arrays.copyOf(sealed, sealed.length + 1))))
                .isEqualTo(refused(Refusal.NOT_AUTHENTIC));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "hello world", "ARERERE=", "ARERER!", "\u0661\u0662\u0663", "AREREREx\n", "A"})
    void refusesWhatIsNoBase64Url(String token) {
        assertThat(ip.recover(token)).isEqualTo(refused(Refusal.MALFORMED));
    }

    @Test
    void refusesOtherSpellingsOfAToken() {
        String token = token(ip, ADDRESS);
        String allButLast = token.substring(0, token.length() - 1);
        char last = token.charAt(token.length() - 1);

        assertThat(ip.recover(token + "==")).isEqualTo(refused(Refusal.MALFORMED));
        assertThat(ip.recover(" " + token)).isEqualTo(refused(Refusal.MALFORMED));
        // 37 bytes leave four bits of the last character unused, which decoders pass over.
        assertThat(ip.recover(allButLast + (char) (last + 1))).isEqualTo(refused(Refusal.MALFORMED));
    }

    @Test
    void refusesATokenOfAnotherField() {
        assertThat(ip.recover(token(device, ADDRESS))).isEqualTo(refused(Refusal.OTHER_FIELD));
        assertThat(device.recover(token(ip, ADDRESS))).isEqualTo(refused(Refusal.OTHER_FIELD));
    }

    @Test
    void refusesATokenOfAnotherFormOfTheSameField() {
        ReversibleMask asText = mask("masked_ip", CanonicalForm.TEXT);

        assertThat(ip.recover(token(asText, ADDRESS))).isEqualTo(refused(Refusal.NOT_AUTHENTIC));
        assertThat(asText.recover(token(ip, ADDRESS))).isEqualTo(refused(Refusal.NOT_AUTHENTIC));
    }

    @Test
    void refusesATokenWhoseKeyIsDisabledOrGone() {
        byte[] sealed = Base64.getUrlDecoder().decode(token(ip, ADDRESS));

        assertThat(ip.recover(Tokens.encode(withKey(sealed, 0x55555555)))).isEqualTo(refused(Refusal.KEY_NOT_ENABLED));
        assertThat(ip.recover(Tokens.encode(withKey(sealed, 0x12345678)))).isEqualTo(refused(Refusal.UNKNOWN_KEY));
    }

    @Test
    void givesEqualTokensToConcurrentCallers() throws Exception {
        List<String> addresses = IntStream.range(0, 500)
                .mapToObj(index -> "10.1." + index / 256 + "." + index % 256)
                .toList();
        List<String> expected =
                addresses.stream().map(address -> token(ip, address)).toList();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<List<String>> masking = () -> {
                List<String> tokens =
                        addresses.stream().map(address -> token(ip, address)).toList();
                device.mask("another key on the same thread");
                return tokens;
            };
            for (Future<List<String>> tokens : threads.invokeAll(
                    IntStream.range(0, 32).mapToObj(index -> masking).toList())) {
                assertThat(tokens.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private ReversibleMask mask(String column, CanonicalForm form) {
        MaskSpec spec = new MaskSpec(MaskKind.DETERMINISTIC_AEAD, form, false, null);
        return (ReversibleMask) Masks.of(spec, "user-logins", column, keysets);
    }

    private static String token(Mask mask, String clear) {
        return Objects.requireNonNull(mask.mask(clear));
    }

    private static Recovered refused(Refusal why) {
        return new Recovered.Refused(why);
    }

    private static byte[] withKey(byte[] sealed, int keyId) {
        return ByteBuffer.wrap(sealed.clone()).putInt(1, keyId).array();
    }

    /** 0 to 300 bytes of UTF-8, characters of one to four bytes. */
    private static String text(Random random) {
        int[] starts = {'a', 0xe0, 0x4e00, 0x1f600};
        StringBuilder text = new StringBuilder();
        int limit = random.nextInt(301);
        while (true) {
            int character = starts[random.nextInt(starts.length)] + random.nextInt(26);
            String longer = text + Character.toString(character);
            if (longer.getBytes(StandardCharsets.UTF_8).length > limit) {
                return text.toString();
            }
            text.appendCodePoint(character);
        }
    }
}
