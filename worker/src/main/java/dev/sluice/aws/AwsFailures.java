package dev.sluice.aws;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
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
 *
 * @param service its name: SQS, KMS, SSM, Secrets Manager
 * @param target what is called, for messages: "on queue login-queue"
 * @param permissionRemedy what the operator should check if a call is denied
 * @param configRemedy what the operator should check for an error code of kind CONFIG; the code may be empty
 */
public record AwsFailures(
        String service,
        String target,
        AwsEndpoint endpoint,
        String permissionRemedy,
        UnaryOperator<String> configRemedy) {

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

    /** A failure in the words of all others: operation, target, endpoint, code, remedy. */
    public InfrastructureException failure(Kind kind, String operation, String code, String remedy) {
        return new InfrastructureException(
                kind, operation + " failed " + target + " at " + endpoint.shown() + " (" + code + "): " + remedy);
    }

    /**
     * An answer in XML: SQS before its JSON protocol of 2023. LocalStack speaks JSON from 3.0 (localstack #8268), ElasticMQ
     * from 1.4.0 (elasticmq #812); the last image of LocalStack that needs no token is 4.14.0.
     */
    InfrastructureException xmlAnswer(String operation, int status) {
        return failure(
                status >= 500 ? Kind.TRANSIENT : Kind.CONFIG,
                operation,
                "HTTP " + status + ", answer in XML",
                "the server speaks the query protocol, which " + service + " had before its JSON protocol. Check "
                        + endpointVariable()
                        + "; use LocalStack 3.0 or later (4.14.0 is the last that needs no"
                        + " token) or ElasticMQ 1.4.0 or later.");
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
        return thrown instanceof SdkException
                ? unanswered(operation, thrown)
                : failure(Kind.FATAL, operation, thrown.getClass().getSimpleName(), DEFECT);
    }

    private InfrastructureException answered(String operation, SdkServiceException answered) {
        String code = code(answered);
        Kind kind = kind(code, answered);
        String shown = (code.isEmpty() ? "no code" : code) + ", HTTP " + answered.statusCode()
                + (answered.requestId() == null ? "" : ", request " + answered.requestId());
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
                    "check the AWS region, " + endpointVariable() + " and DNS.");
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

    /** AWS SDKs and Tools Reference Guide, Service-specific endpoints: the service's name in upper case, underscores for blanks. */
    private String endpointVariable() {
        return "AWS_ENDPOINT_URL_" + service.toUpperCase(Locale.ROOT).replace(' ', '_');
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
