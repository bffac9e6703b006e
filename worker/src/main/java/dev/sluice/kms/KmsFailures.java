package dev.sluice.kms;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Turns what the SDK throws into what the caller acts on: the package's one translator. Keeps the error code, the HTTP
 * status and the request id, and never the SDK's text or the exception itself. Immutable.
 *
 * @param arn the key
 * @param pipeline the encryption context
 * @param place where it was called
 */
record KmsFailures(String arn, String pipeline, String place) {

    /** Codes of KMS's API reference and of IAM, without "Exception". */
    private static final Set<String> NOT_PERMITTED = Set.of(
            "AccessDenied",
            "InvalidClientTokenId",
            "UnrecognizedClient",
            "InvalidSignature",
            "IncompleteSignature",
            "SignatureDoesNotMatch",
            "ExpiredToken",
            "MissingAuthenticationToken",
            "NotAuthorized",
            "OptInRequired",
            "RequestExpired");

    private static final Set<String> TRANSIENT = Set.of(
            "KeyUnavailable",
            "DependencyTimeout",
            "KMSInternal",
            "LimitExceeded",
            "Throttling",
            "ServiceUnavailable",
            "InternalFailure");

    /** What KMS says of bytes that another key, or another context, has encrypted. */
    private static final Set<String> NOT_OURS = Set.of("InvalidCiphertext", "IncorrectKey");

    /** @param operation what was tried, by its name in IAM ("kms:Decrypt") */
    InfrastructureException translate(String operation, RuntimeException thrown) {
        if (thrown instanceof InfrastructureException ours) {
            return ours;
        }
        if (thrown instanceof AwsServiceException answered) {
            return answered(operation, answered);
        }
        if (thrown instanceof SdkClientException unanswered) {
            return unanswered(operation, unanswered);
        }
        return failure(Kind.FATAL, operation, thrown.getClass().getSimpleName(), "this is a defect, please report it.");
    }

    /** The answer named another key than was asked for. */
    InfrastructureException otherKey(String operation) {
        return failure(
                Kind.CONFIG, operation, "another key answered", "nothing that it gave is used; check the endpoint.");
    }

    private InfrastructureException answered(String operation, AwsServiceException answered) {
        String code = code(answered);
        String requestId = answered.requestId();
        Kind kind = kind(code, answered);
        return failure(
                kind,
                operation,
                (code.isEmpty() ? "no code" : code) + ", HTTP " + answered.statusCode()
                        + (requestId == null ? "" : ", request " + requestId),
                remedy(kind, code));
    }

    private static String code(AwsServiceException answered) {
        String code = answered.awsErrorDetails() == null
                ? null
                : answered.awsErrorDetails().errorCode();
        return code == null ? "" : code.replaceFirst("Exception$", "");
    }

    private static Kind kind(String code, AwsServiceException answered) {
        int status = answered.statusCode();
        if (NOT_PERMITTED.contains(code)) {
            return Kind.NOT_PERMITTED;
        }
        if (TRANSIENT.contains(code) || answered.isThrottlingException() || status >= 500) {
            return Kind.TRANSIENT;
        }
        return status == 401 || status == 403 ? Kind.NOT_PERMITTED : Kind.CONFIG;
    }

    private String remedy(Kind kind, String code) {
        return switch (kind) {
            case NOT_PERMITTED ->
                "check the credentials, and that the role's and the key's policy allow kms:Decrypt (and kms:Encrypt, to"
                        + " change keys) with the encryption context sluice-pipeline=" + pipeline + ".";
            case CONFIG ->
                NOT_OURS.contains(code)
                        ? "the keyset file was encrypted by another key or for another pipeline, or is damaged."
                        : "is the key there, enabled, symmetric, and not waiting for deletion?";
            case TRANSIENT -> "KMS is busy or failing; trying again later helps.";
            case FATAL -> "this is a defect, please report it.";
        };
    }

    /** No credentials and no connection are told apart by nothing but the text, which is not read. */
    private InfrastructureException unanswered(String operation, SdkClientException thrown) {
        boolean sent = thrown.getCause() != null;
        return sent
                ? failure(
                        Kind.TRANSIENT,
                        operation,
                        "no answer",
                        "check network, proxy and security groups, and AWS_ENDPOINT_URL_KMS if it is set.")
                : failure(
                        Kind.NOT_PERMITTED,
                        operation,
                        "not sent",
                        "no AWS credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE,"
                                + " or run with a task, pod or instance role.");
    }

    private InfrastructureException failure(Kind kind, String operation, String code, String remedy) {
        return new InfrastructureException(
                kind, operation + " failed with key " + arn + " at " + place + " (" + code + "): " + remedy);
    }
}
