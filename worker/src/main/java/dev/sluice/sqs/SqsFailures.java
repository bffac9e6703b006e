package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.regions.Region;

/**
 * Turns what the SDK throws into what the worker acts on: the package's one translator. Keeps the error code, the HTTP
 * status and the request id, and never the SDK's text or the exception itself, since both may quote a body. Immutable.
 *
 * @param queue the queue's name
 * @param place where it was called
 */
record SqsFailures(String queue, AwsEndpoint place) {

    /** Codes as in the common errors of the SQS API reference and in IAM's, without prefix and without "Exception". */
    private static final Set<String> NOT_PERMITTED = Set.of(
            "AccessDenied",
            "InvalidClientTokenId",
            "UnrecognizedClient",
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "InvalidSignature",
            "IncompleteSignature",
            "ExpiredToken",
            "MissingAuthenticationToken",
            "NotAuthorized",
            "InvalidSecurity",
            "OptInRequired",
            "KmsAccessDenied",
            "KmsOptInRequired",
            "KMS.AccessDenied",
            "RequestExpired",
            "RequestTimeTooSkewed");

    private static final Set<String> TRANSIENT = Set.of(
            "RequestThrottled",
            "Throttling",
            "ThrottledException",
            "TooManyRequests",
            "OverLimit",
            "KmsThrottled",
            "KMS.Throttling",
            "ServiceUnavailable",
            "InternalFailure",
            "InternalError",
            "InternalServerError",
            "RequestTimeout",
            "QueueDeletedRecently",
            "SlowDown");

    private static final Set<String> NO_SUCH_QUEUE =
            Set.of("QueueDoesNotExist", "NonExistentQueue", "InvalidAddress", "ResourceNotFound");

    /**
     * Translates.
     *
     * @param operation what was tried, by its name in IAM ("sqs:ReceiveMessage")
     * @param thrown what the SDK threw, or what its call of ours threw through it
     */
    InfrastructureException translate(String operation, RuntimeException thrown) {
        InfrastructureException ours = cause(thrown, InfrastructureException.class);
        if (ours != null) {
            return ours;
        }
        if (thrown instanceof SdkServiceException answered) {
            return answered(operation, answered);
        }
        if (thrown instanceof SdkException) {
            return unanswered(operation, thrown);
        }
        return failure(Kind.FATAL, operation, thrown.getClass().getSimpleName(), "this is a defect, please report it.");
    }

    /** The error code without AWS's older prefix and without "Exception"; empty when the answer bore none. */
    static String code(SdkServiceException answered) {
        if (!(answered instanceof AwsServiceException aws) || aws.awsErrorDetails() == null) {
            return "";
        }
        String code = aws.awsErrorDetails().errorCode();
        return code == null ? "" : code.replace("AWS.SimpleQueueService.", "").replaceFirst("Exception$", "");
    }

    private InfrastructureException answered(String operation, SdkServiceException answered) {
        String code = code(answered);
        String requestId = answered.requestId();
        String shown = (code.isEmpty() ? "no code" : code) + ", HTTP " + answered.statusCode()
                + (requestId == null ? "" : ", request " + requestId);
        Kind kind = kind(code, answered);
        return failure(kind, operation, shown, remedy(kind, code));
    }

    private static Kind kind(String code, SdkServiceException answered) {
        if (NOT_PERMITTED.contains(code)) {
            return Kind.NOT_PERMITTED;
        }
        int status = answered.statusCode();
        if (TRANSIENT.contains(code) || answered.isThrottlingException() || status >= 500 || status == 408) {
            return Kind.TRANSIENT;
        }
        return status == 401 || status == 403 ? Kind.NOT_PERMITTED : Kind.CONFIG;
    }

    private static String remedy(Kind kind, String code) {
        if (code.equals("RequestExpired") || code.equals("RequestTimeTooSkewed")) {
            return "set this machine's clock.";
        }
        if (code.equals("OverLimit")) {
            return "too many messages are in flight: let consumers delete theirs first.";
        }
        return switch (kind) {
            case NOT_PERMITTED -> "check the credentials, the role's policy, the queue's policy and its KMS key's.";
            case CONFIG ->
                NO_SUCH_QUEUE.contains(code)
                        ? "check SLUICE_QUEUE, AWS_REGION and the account of the credentials."
                        : "check SLUICE_QUEUE, AWS_ENDPOINT_URL_SQS and AWS_REGION.";
            case TRANSIENT -> "SQS is busy or failing; trying again later helps.";
            case FATAL -> "this is a defect, please report it.";
        };
    }

    private InfrastructureException unanswered(String operation, Throwable thrown) {
        if (cause(thrown, UnknownHostException.class) != null) {
            boolean unknownRegion =
                    place.endpoint() == null && !Region.regions().contains(Region.of(place.region()));
            return failure(
                    unknownRegion ? Kind.CONFIG : Kind.TRANSIENT,
                    operation,
                    unknownRegion ? "no such region" : "host name not found",
                    "check AWS_REGION, AWS_ENDPOINT_URL_SQS and the name service.");
        }
        if (cause(thrown, SocketTimeoutException.class) != null) {
            return failure(Kind.TRANSIENT, operation, "no answer in time", "check network, proxy and security groups.");
        }
        if (cause(thrown, ConnectException.class) != null) {
            return failure(Kind.TRANSIENT, operation, "connection refused", "check that the endpoint is up and right.");
        }
        return failure(
                Kind.TRANSIENT,
                operation,
                "no readable answer, " + thrown.getClass().getSimpleName(),
                "check that the endpoint speaks SQS's JSON protocol and nothing between breaks it.");
    }

    private InfrastructureException failure(Kind kind, String operation, String code, String remedy) {
        return new InfrastructureException(
                kind, operation + " failed on queue " + queue + " at " + place.shown() + " (" + code + "): " + remedy);
    }

    private static <T extends Throwable> @Nullable T cause(Throwable thrown, Class<T> type) {
        for (Throwable link = thrown; link != null; link = link.getCause()) {
            if (type.isInstance(link)) {
                return type.cast(link);
            }
        }
        return null;
    }
}
