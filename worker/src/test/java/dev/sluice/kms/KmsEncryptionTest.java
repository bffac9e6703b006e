package dev.sluice.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.aws.PlainHttp;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.keys.KeyEncryptionKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KmsEncryptionTest {

    private static final byte[] DATA_KEY = new byte[34];
    private static final PlainHttp ENCRYPTED = new PlainHttp(false);

    private final TestKms kms = new TestKms();

    @AfterEach
    void close() {
        kms.close();
    }

    @Test
    void unwrapsWhatItWrapped() {
        byte[] wrapped = key("logins", TestKms.KEY).wrap(DATA_KEY);

        assertThat(key("logins", TestKms.KEY).unwrap(wrapped)).isEqualTo(DATA_KEY);
        assertThat(kms.operations()).containsExactly("Encrypt", "Decrypt");
        assertThat(key("logins", TestKms.KEY).id()).isEqualTo(TestKms.KEY);
    }

    @Test
    void bindsToPipelineAndKey() {
        byte[] wrapped = key("logins", TestKms.KEY).wrap(DATA_KEY);

        refused(Kind.CONFIG, () -> key("payments", TestKms.KEY).unwrap(wrapped), "InvalidCiphertext", "another key or");
        refused(Kind.CONFIG, () -> key("logins", TestKms.OTHER_KEY).unwrap(wrapped), TestKms.OTHER_KEY);
    }

    @Test
    void refusesTheAnswerOfAnotherKey() {
        byte[] wrapped = key("logins", TestKms.KEY).wrap(DATA_KEY);

        kms.answeringAs(TestKms.OTHER_KEY);

        refused(Kind.CONFIG, () -> key("logins", TestKms.KEY).unwrap(wrapped), "another key answered");
        refused(Kind.CONFIG, () -> key("logins", TestKms.KEY).wrap(DATA_KEY), "another key answered");
    }

    @ParameterizedTest
    @CsvSource({
        "400, AccessDeniedException, NOT_PERMITTED",
        "403, MissingAuthenticationToken, NOT_PERMITTED",
        "400, UnrecognizedClientException, NOT_PERMITTED",
        "403, SomethingNew, NOT_PERMITTED",
        "400, NotFoundException, CONFIG",
        "400, DisabledException, CONFIG",
        "409, KMSInvalidStateException, CONFIG",
        "400, IncorrectKeyException, CONFIG",
        "400, LimitExceededException, TRANSIENT",
        "500, KeyUnavailableException, TRANSIENT",
        "500, KMSInternalException, TRANSIENT",
        "503, SomethingNew, TRANSIENT"
    })
    void reportsAFailureInOurOwnWords(int status, String code, Kind kind) {
        kms.failing(status, code);

        refused(
                kind,
                () -> key("logins", TestKms.KEY).unwrap(DATA_KEY),
                code.replace("Exception", ""),
                "kms:Decrypt",
                TestKms.KEY,
                "HTTP " + status);
    }

    @Test
    void isUnavailableWithoutAnAnswer() {
        kms.close();

        refused(Kind.TRANSIENT, () -> key("logins", TestKms.KEY).unwrap(DATA_KEY), "connection refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alias/sluice",
                "arn:aws:kms:eu-central-1:111122223333:alias/sluice",
                "0d990263-018e-4e65-a703-eff731de951e",
                "arn:aws:kms::111122223333:key/x",
                "arn:aws:s3:eu-central-1:111122223333:key/x",
                "arn:aws:kms:eu-central-1:111122223333:key/x\n"
            })
    void takesOnlyTheArnOfAKey(String id) {
        refused(Kind.CONFIG, () -> key("logins", id), "arn:aws:kms:<region>:<account>:key/<id>");
        refused(Kind.CONFIG, () -> new KmsEncryption("logins", id, Map.of(), ENCRYPTED), "SLUICE_KMS_KEY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4566", "ftp://localhost", "http://user@localhost", "http:// x"})
    void takesOnlyAUrlForAnEndpoint(String endpoint) {
        KmsEncryption encryption = new KmsEncryption("logins", null, Map.of("AWS_ENDPOINT_URL", endpoint), ENCRYPTED);

        refused(Kind.CONFIG, () -> encryption.key(TestKms.KEY), "AWS_ENDPOINT_URL");
    }

    @Test
    void takesTheEndpointOfAllServicesWhereThereIsNoneOfItsOwn() {
        KmsEncryption encryption =
                new KmsEncryption("logins", null, Map.of("AWS_ENDPOINT_URL", kms.endpoint()), ENCRYPTED);

        assertThat(encryption.key(TestKms.KEY).wrap(DATA_KEY)).hasSizeGreaterThan(DATA_KEY.length);
    }

    @Test
    void refusesHalfAKeyPair() {
        Map<String, String> half =
                Map.of("AWS_ENDPOINT_URL_KMS", kms.endpoint(), "AWS_SECRET_ACCESS_KEY", "secret text");

        refused(
                Kind.NOT_PERMITTED,
                () -> new KmsEncryption("logins", null, half, ENCRYPTED)
                        .key(TestKms.KEY)
                        .wrap(DATA_KEY),
                "Only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    }

    @Test
    void prefersTheConfiguredProfileToPlaceholderCredentials(@TempDir Path folder) throws IOException {
        Path profile = folder.resolve("credentials");
        Files.writeString(profile, "[default]\naws_access_key_id = AKIDOFPROFILE\naws_secret_access_key = s\n");
        System.setProperty("aws.sharedCredentialsFile", profile.toString());
        try {
            new KmsEncryption("logins", null, Map.of("AWS_ENDPOINT_URL_KMS", kms.endpoint()), ENCRYPTED)
                    .key(TestKms.KEY)
                    .wrap(DATA_KEY);
        } finally {
            System.clearProperty("aws.sharedCredentialsFile");
        }

        assertThat(kms.signatures()).singleElement().asString().contains("AKIDOFPROFILE");
    }

    private KeyEncryptionKey key(String pipeline, String arn) {
        return new KmsEncryption(pipeline, null, kms.environment(), ENCRYPTED).key(arn);
    }

    private static void refused(Kind kind, Runnable action, String... words) {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(action::run)
                .withMessageContainingAll(words)
                .withNoCause()
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(kind))
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("secret text"));
    }
}
