package dev.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.config.SecretArn;
import dev.sluice.config.Setting;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsSecretsTest {

    private static final String CANARY = "canary-5ecret";

    private final TestSecrets aws = new TestSecrets();

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void fetchesASecretInTheRegionOfItsArn() {
        aws.put(TestSecrets.SECRET, CANARY);

        assertThat(fetch(TestSecrets.SECRET)).isEqualTo(CANARY);
        assertThat(aws.calls()).singleElement().satisfies(call -> {
            assertThat(call.target()).isEqualTo("secretsmanager.GetSecretValue");
            assertThat(call.body()).isEqualTo("{\"SecretId\":\"" + TestSecrets.SECRET + "\"}");
            assertThat(call.authorization())
                    .startsWith("AWS4-HMAC-SHA256 Credential=AKIDX/")
                    .contains("/eu-west-3/secretsmanager/aws4_request");
        });
    }

    @Test
    void fetchesAParameterInTheRegionOfItsArn() {
        aws.put(TestSecrets.PARAMETER, CANARY + "\n");

        assertThat(fetch(TestSecrets.PARAMETER)).as("without the line end").isEqualTo(CANARY);
        assertThat(aws.calls()).singleElement().satisfies(call -> {
            assertThat(call.target()).isEqualTo("AmazonSSM.GetParameter");
            assertThat(call.body()).isEqualTo("{\"Name\":\"" + TestSecrets.PARAMETER + "\",\"WithDecryption\":true}");
            assertThat(call.authorization()).contains("/eu-north-1/ssm/aws4_request");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {TestSecrets.SECRET, TestSecrets.PARAMETER})
    void takesOneMemberOfAJsonObject(String arn) {
        aws.put(
                arn,
                "{\"username\":\"u\",\"nested\":{\"password\":\"no\"},\"port\":5432,\"password\":\"" + CANARY + " \"}");

        assertThat(fetch(arn + "#password")).as("a blank may belong to it").isEqualTo(CANARY + " ");
        assertThat(fetch(arn + "#port")).isEqualTo("5432");
        refused(Kind.CONFIG, arn + "#Password", "its JSON object has no text with that key", "case included");
        refused(Kind.CONFIG, arn + "#nested", "its JSON object has no text with that key");
        refused(Kind.CONFIG, arn, "it is a JSON object", "add #KEY to the ARN");
    }

    @Test
    void refusesASecretThatHasNoUsableText() {
        aws.put(TestSecrets.SECRET, CANARY);
        refused(Kind.CONFIG, TestSecrets.SECRET + "#password", "it is not a JSON object", "remove #");
        aws.put(TestSecrets.SECRET, " \n");
        refused(Kind.CONFIG, TestSecrets.SECRET, "it is empty");
        aws.failing(1, 200, "{\"SecretBinary\":\"" + CANARY + "\"}");
        refused(Kind.CONFIG, TestSecrets.SECRET, "it has no text", "a binary secret is not supported");
    }

    @ParameterizedTest
    @CsvSource({
        "400, AccessDeniedException, NOT_PERMITTED, 'allow secretsmanager:GetSecretValue, and kms:Decrypt'",
        "400, UnrecognizedClientException, NOT_PERMITTED, check the credentials",
        "400, ResourceNotFoundException, CONFIG, check that the ARN is right",
        "400, InvalidRequestException, CONFIG, not scheduled for deletion",
        "400, DecryptionFailure, CONFIG, KMS key is enabled",
        "500, InternalServiceError, TRANSIENT, try again later",
        "400, ThrottlingException, TRANSIENT, try again later"
    })
    void reportsAFailureInOurOwnWords(int status, String code, Kind kind, String remedy) {
        aws.failing(
                3, status, "{\"__type\":\"com.amazonaws.secretsmanager#" + code + "\",\"Message\":\"" + CANARY + "\"}");

        refused(
                kind,
                TestSecrets.SECRET,
                "secretsmanager:GetSecretValue failed for database.password, secret " + TestSecrets.SECRET
                        + " at http://",
                "(" + code.replaceFirst("Exception$", "") + ", HTTP " + status + ", request request-1)",
                remedy);
        assertThat(aws.calls()).hasSize(kind == Kind.TRANSIENT ? 3 : 1);
    }

    @Test
    void reportsAParameterThatDoesNotExist() {
        refused(Kind.CONFIG, TestSecrets.PARAMETER, "ssm:GetParameter failed", "(ParameterNotFound, HTTP 400,");
    }

    @Test
    void triesAgainAfterATransientFailure() {
        aws.put(TestSecrets.SECRET, CANARY).failing(2, 503, "<html>" + CANARY);

        assertThat(fetch(TestSecrets.SECRET)).isEqualTo(CANARY);
    }

    @Test
    void readsNoAnswerWithoutEnd() {
        aws.failing(3, 200, "x".repeat(600_000));

        refused(Kind.TRANSIENT, TestSecrets.SECRET, "no readable answer");
    }

    @Test
    void reportsThatNobodyAnswers() {
        aws.close();

        refused(Kind.TRANSIENT, TestSecrets.SECRET, "connection refused");
    }

    @Test
    void sendsNoCallOverPlainHttpToAnotherMachine() {
        Map<String, String> environment = aws.environment();
        environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://secrets.example");

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> fetch(environment, TestSecrets.SECRET))
                .withMessageContaining("AWS_ENDPOINT_URL_SECRETS_MANAGER is plain http on the host secrets.example");
    }

    private String fetch(String arn) {
        return fetch(aws.environment(), arn);
    }

    private static String fetch(Map<String, String> environment, String arn) {
        return new AwsSecrets(environment, new PlainHttp(false))
                .fetch(Setting.DATABASE_PASSWORD, SecretArn.parse(arn).orElseThrow());
    }

    private void refused(Kind kind, String arn, String... texts) {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> fetch(arn))
                .withMessageContainingAll(texts)
                .withMessageContaining(arn)
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(kind);
                    assertThat(failure.getMessage()).doesNotContain(CANARY);
                    assertThat(failure).hasNoCause();
                });
    }
}
