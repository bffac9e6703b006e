package dev.sluice.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** An error in AWS's JSON protocol, as the SDK would throw it, without the service's text. Stateless. */
final class JsonError {

    private JsonError() {}

    /** @param skew by how much this machine's clock is ahead, if the service said what time it is */
    static AwsServiceException exception(SdkHttpResponse head, byte[] body, Optional<Duration> skew) {
        return AwsServiceException.builder()
                .statusCode(head.statusCode())
                .requestId(requestId(head))
                .clockSkew(skew.orElse(null))
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code(head, body))
                        .sdkHttpResponse(head)
                        .build())
                .build();
    }

    /** By how much this machine's clock is ahead of the service's; empty if the answer does not say the time. */
    static Optional<Duration> skew(SdkHttpResponse head) {
        return head.firstMatchingHeader("Date").flatMap(date -> {
            try {
                return Optional.of(Duration.between(
                        Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)), Instant.now()));
            } catch (DateTimeParseException malformed) {
                return Optional.empty();
            }
        });
    }

    /**
     * The code is in the body (AWS JSON protocol), or in a header of some answers. That of the older query protocol, which
     * SQS writes as "CODE;Sender", comes first, as in the SDK.
     */
    private static String code(SdkHttpResponse head, byte[] body) {
        String type = head.firstMatchingHeader("x-amzn-query-error")
                .or(() -> head.firstMatchingHeader("x-amzn-ErrorType"))
                .or(() -> JsonMember.text(body, "__type"))
                .orElse("");
        String code = type.replaceFirst("^.*#", "").replaceFirst("[:;].*$", "");
        return code.matches("[A-Za-z.]{1,100}") ? code : "";
    }

    private static @Nullable String requestId(SdkHttpResponse head) {
        return head.firstMatchingHeader("x-amzn-RequestId")
                .filter(id -> id.matches("[A-Za-z0-9-]{1,64}"))
                .orElse(null);
    }
}
