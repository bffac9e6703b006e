package dev.sluice.aws;

import java.util.Locale;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Recognises a server that answers JSON calls in XML, such as the emulators of before 2023. The SDK would report that the
 * answer cannot be parsed, or an error without a code.
 *
 * @param failures makes the exception
 */
record XmlAnswers(AwsFailures failures) implements ExecutionInterceptor {

    static boolean isXml(SdkHttpResponse answer) {
        String type = answer.firstMatchingHeader("Content-Type").orElse("");
        return type.startsWith("text/xml") || type.startsWith("application/xml");
    }

    @Override
    public void afterTransmission(Context.AfterTransmission call, ExecutionAttributes attributes) {
        SdkHttpResponse answer = call.httpResponse();
        if (isXml(answer)) {
            String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
            throw failures.xmlAnswer(
                    failures.service().toLowerCase(Locale.ROOT) + ":" + operation, answer.statusCode());
        }
    }
}
