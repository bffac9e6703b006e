package dev.sluice.aws;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.regions.Region;

/**
 * Translates what the SDK throws into what the caller acts on: the only translator for AWS. Keeps the error code, the HTTP
 * status and the request id; never the SDK's text or the exception itself, since both may quote a message. Immutable.
 */
public final class AwsFailures {

    /** From the common errors of the SQS and KMS API references and of IAM, without prefix and without "Exception". */
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

    /** Besides those for throttling, which the SDK knows. */
    private static final Set<String> TRANSIENT = Set.of(
            "OverLimit",
            "KmsThrottled",
            "KMS.Throttling",
            "ServiceUnavailable",
            "InternalFailure",
            "InternalError",
            "InternalServerError",
            "RequestTimeout",
            "QueueDeletedRecently",
            "KeyUnavailable",
            "DependencyTimeout",
            "KMSInternal",
            "LimitExceeded");

    private static final String DEFECT = "this is a defect, please report it.";

    private final String service;
    private final String target;
    private final AwsEndpoint endpoint;
    private final String permissionRemedy;
    private final UnaryOperator<String> configRemedy;

    /**
     * @param service SQS or KMS
     * @param target what is called, for messages: "on queue login-queue"
     * @param permissionRemedy what the operator should check if a call is denied
     * @param configRemedy what the operator should check for an error code of kind CONFIG; the code may be empty
     */
    public AwsFailures(
            String service,
            String target,
            AwsEndpoint endpoint,
            String permissionRemedy,
            UnaryOperator<String> configRemedy) {
        this.service = service;
        this.target = target;
        this.endpoint = endpoint;
        this.permissionRemedy = permissionRemedy;
        this.configRemedy = configRemedy;
    }

    /** A failure in the words of all others: operation, target, endpoint, code, remedy. */
    public InfrastructureException failure(Kind kind, String operation, String code, String remedy) {
        return new InfrastructureException(
                kind, operation + " failed " + target + " at " + endpoint.shown() + " (" + code + "): " + remedy);
    }

    /** @param thrown by the SDK, or by our own code that the SDK called */
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
        return failure(Kind.FATAL, operation, thrown.getClass().getSimpleName(), DEFECT);
    }

    private InfrastructureException answered(String operation, SdkServiceException answered) {
        String code = code(answered);
        Kind kind = kind(code, answered);
        String requestId = answered.requestId();
        String shown = (code.isEmpty() ? "no code" : code) + ", HTTP " + answered.statusCode()
                + (requestId == null ? "" : ", request " + requestId);
        return failure(kind, operation, shown, remedy(kind, code));
    }

    /** The error code without AWS's older prefix and without "Exception"; empty if the answer has none. */
    private static String code(SdkServiceException answered) {
        if (!(answered instanceof AwsServiceException aws) || aws.awsErrorDetails() == null) {
            return "";
        }
        String code = aws.awsErrorDetails().errorCode();
        return code == null ? "" : code.replace("AWS.SimpleQueueService.", "").replaceFirst("Exception$", "");
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

    private String remedy(Kind kind, String code) {
        if (code.equals("RequestExpired") || code.equals("RequestTimeTooSkewed")) {
            return "set this machine's clock.";
        }
        if (code.equals("OverLimit")) {
            return "too many messages are in flight: let consumers delete theirs first.";
        }
        return switch (kind) {
            case NOT_PERMITTED -> permissionRemedy;
            case CONFIG -> configRemedy.apply(code);
            case TRANSIENT -> service + " is busy or failing; try again later.";
            case FATAL -> DEFECT;
        };
    }

    private InfrastructureException unanswered(String operation, Throwable thrown) {
        if (cause(thrown, UnknownHostException.class) != null) {
            boolean unknownRegion = endpoint.url() == null && !Region.regions().contains(Region.of(endpoint.region()));
            return failure(
                    unknownRegion ? Kind.CONFIG : Kind.TRANSIENT,
                    operation,
                    unknownRegion ? "no such region" : "host name not found",
                    "check the AWS region, AWS_ENDPOINT_URL_" + service + " and DNS.");
        }
        if (cause(thrown, SocketTimeoutException.class) != null) {
            return failure(Kind.TRANSIENT, operation, "no answer in time", "check network, proxy and security groups.");
        }
        if (cause(thrown, ConnectException.class) != null) {
            return failure(
                    Kind.TRANSIENT,
                    operation,
                    "connection refused",
                    "check that the endpoint is correct and the service runs.");
        }
        return failure(
                Kind.TRANSIENT,
                operation,
                "no readable answer, " + thrown.getClass().getSimpleName(),
                "check that the endpoint is " + service + "'s, and that no proxy alters its answers.");
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
