package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.aws.PlainHttp;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeysetFile;
import dev.sluice.kms.KmsEncryption;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * Against an AWS that is not the one used in development: moto's server, if it is on the PATH. Its SQS takes most of a
 * second for a call and hands one message to two receivers at once, so the counts are small.
 */
@Tag("chaos")
class MotoIT {

    private static final int MESSAGES = 1_000;

    @TempDir
    private Path folder;

    @Test
    void row07_killSoakOnMoto() throws IOException {
        try (Moto moto = Moto.start(folder);
                Rig rig = Rig.onMoto(moto.endpoint(), folder, 20).set("SLUICE_BATCH_MESSAGES", "50")) {
            new Soak(7_404, 8, MESSAGES).play(rig, "TERM");
            Checker.of(rig, MESSAGES).check();
        }
    }

    @Test
    void keysetFileUnderAKeyOfMotosKms() throws IOException {
        try (Moto moto = Moto.start(folder)) {
            String key = createKey(moto.endpoint());
            String other = createKey(moto.endpoint());
            KeysetFile file = file(moto.endpoint(), "logins");
            file.create(Map.of("logins.ip", KeyKind.DETERMINISTIC_AEAD), true);

            file.rewrap(key, false);
            assertThat(file.read().encryptedBy()).contains(key);
            file.add("logins.ip", false);
            file.rewrap(other, false);

            assertThat(file.read().encryptedBy()).contains(other);
            assertThat(file.read().list()).hasSize(3);
            byte[] wrapped = kms(moto.endpoint(), "logins").key(key).wrap(new byte[32]);
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> kms(moto.endpoint(), "payments").key(key).unwrap(wrapped))
                    .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(Kind.CONFIG));
        }
    }

    private KeysetFile file(URI endpoint, String pipeline) {
        return KeysetFile.at(folder.resolve("keys.json"), kms(endpoint, pipeline));
    }

    private static KmsEncryption kms(URI endpoint, String pipeline) {
        return new KmsEncryption(
                pipeline, null, Map.of("AWS_ENDPOINT_URL_KMS", endpoint.toString()), new PlainHttp(false));
    }

    private static String createKey(URI endpoint) {
        try (KmsClient client = KmsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build()) {
            return client.createKey().keyMetadata().arn();
        }
    }
}
