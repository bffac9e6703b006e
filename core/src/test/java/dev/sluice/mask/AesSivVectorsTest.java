package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.crypto.tink.DeterministicAead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.daead.AesSivKey;
import com.google.crypto.tink.daead.AesSivParameters;
import com.google.crypto.tink.daead.DeterministicAeadConfig2026;
import com.google.crypto.tink.subtle.AesSiv;
import com.google.crypto.tink.util.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the library's AES-SIV to RFC 5297 and Wycheproof. The keys of 64 bytes go the way ours go, through a keyset
 * handle; the RFC's own key (appendix A.1) has 32 bytes, which keysets refuse and the raw primitive takes.
 */
class AesSivVectorsTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final int OUR_KEY_BYTES = 64;

    @ParameterizedTest
    @MethodSource("vectors")
    void doesAsThePublishedVectorSays(Vector vector) throws GeneralSecurityException {
        DeterministicAead aead = vector.aead();
        if (vector.valid()) {
            assertThat(aead.encryptDeterministically(vector.clear(), vector.associatedData()))
                    .isEqualTo(vector.sealed());
            assertThat(aead.decryptDeterministically(vector.sealed(), vector.associatedData()))
                    .isEqualTo(vector.clear());
        } else {
            assertThatExceptionOfType(GeneralSecurityException.class)
                    .isThrownBy(() -> aead.decryptDeterministically(vector.sealed(), vector.associatedData()));
        }
    }

    @Test
    void coversTheRfcAndBothVerdictsForKeysOfOurSize() {
        assertThat(vectors())
                .filteredOn(vector -> vector.key.length < OUR_KEY_BYTES)
                .hasSize(1);
        assertThat(vectors())
                .filteredOn(vector -> vector.valid && vector.key.length == OUR_KEY_BYTES)
                .hasSizeGreaterThanOrEqualTo(12);
        assertThat(vectors())
                .filteredOn(vector -> !vector.valid && vector.key.length == OUR_KEY_BYTES)
                .hasSizeGreaterThanOrEqualTo(12);
    }

    static List<Vector> vectors() {
        return Vectors.rows("aes-siv.csv").stream().map(Vector::new).toList();
    }

    static final class Vector {

        private final String id;
        private final boolean valid;
        private final byte[] key;
        private final byte[] associatedData;
        private final byte[] clear;
        private final byte[] sealed;

        Vector(String[] cells) {
            id = cells[0];
            valid = cells[1].equals("valid");
            key = HEX.parseHex(cells[2]);
            associatedData = HEX.parseHex(cells[3]);
            clear = HEX.parseHex(cells[4]);
            sealed = HEX.parseHex(cells[5]);
        }

        boolean valid() {
            return valid;
        }

        byte[] associatedData() {
            return associatedData.clone();
        }

        byte[] clear() {
            return clear.clone();
        }

        byte[] sealed() {
            return sealed.clone();
        }

        DeterministicAead aead() throws GeneralSecurityException {
            return key.length == OUR_KEY_BYTES ? throughAKeyset() : new AesSiv(Arrays.copyOf(key, key.length));
        }

        private DeterministicAead throughAKeyset() throws GeneralSecurityException {
            AesSivKey imported = AesSivKey.builder()
                    .setParameters(AesSivParameters.builder()
                            .setKeySizeBytes(OUR_KEY_BYTES)
                            .setVariant(AesSivParameters.Variant.NO_PREFIX)
                            .build())
                    .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
                    .build();
            return KeysetHandle.newBuilder()
                    .setConfiguration(DeterministicAeadConfig2026.get())
                    .addEntry(KeysetHandle.importKey(imported).withRandomId().makePrimary())
                    .build()
                    .getPrimitive(DeterministicAeadConfig2026.get(), DeterministicAead.class);
        }

        @Override
        public String toString() {
            return "tcId " + id;
        }
    }
}
