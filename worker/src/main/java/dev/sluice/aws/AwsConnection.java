package dev.sluice.aws;

import dev.sluice.failure.InfrastructureException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;

/**
 * What every client of an AWS service needs: endpoint, region, credentials, the rule for plain http, and the translation
 * of errors. Immutable, thread-safe; calls nothing by itself.
 */
public final class AwsConnection {

    /** Of HTTP: AWS's services answer every successful call with it. */
    private static final int OK = 200;

    private final AwsEndpoint endpoint;
    private final CredentialsChain credentials;
    private final PlainHttp plainHttp;
    private final AwsFailures failures;
    private final CallListener listener;
    private volatile @Nullable URI destination;

    /** The same as below, with nobody who learns of the calls. */
    public AwsConnection(
            AwsEndpoint endpoint, Map<String, String> environment, PlainHttp plainHttp, AwsFailures failures) {
        this(endpoint, environment, plainHttp, failures, CallListener.NONE);
    }

    /**
     * Finds the credentials.
     *
     * @param environment the process's variables
     * @throws InfrastructureException of kind NOT_PERMITTED if only half of a key pair is set
     */
    public AwsConnection(
            AwsEndpoint endpoint,
            Map<String, String> environment,
            PlainHttp plainHttp,
            AwsFailures failures,
            CallListener listener) {
        this.endpoint = endpoint;
        this.credentials = CredentialsChain.find(endpoint, environment);
        this.plainHttp = plainHttp;
        this.failures = failures;
        this.listener = listener;
    }

    public AwsEndpoint endpoint() {
        return endpoint;
    }

    public CredentialsChain credentials() {
        return credentials;
    }

    /**
     * Where the SDK's clients of this connection sent their last call: what endpoint, region, profile and the settings for
     * FIPS and dual stack come to.
     *
     * @throws IllegalStateException before the first call
     */
    public URI destination() {
        URI known = destination;
        if (known == null) {
            throw new IllegalStateException("the SDK has made no call yet");
        }
        return known;
    }

    /** Prepares a client's builder, apart from the HTTP client, for a service that answers in JSON. */
    public <B extends AwsClientBuilder<B, ?>> B configure(B builder, RetryStrategy retries) {
        return configure(builder, retries, List.of(new XmlAnswers(failures)));
    }

    /** The same for a service that answers in XML. */
    public <B extends AwsClientBuilder<B, ?>> B configureForXml(B builder, RetryStrategy retries) {
        return configure(builder, retries, List.of());
    }

    private <B extends AwsClientBuilder<B, ?>> B configure(
            B builder, RetryStrategy retries, List<ExecutionInterceptor> interceptors) {
        if (endpoint.url() != null) {
            builder.endpointOverride(endpoint.url());
        }
        return builder.region(Region.of(endpoint.region()))
                .credentialsProvider(credentials)
                .overrideConfiguration(configuration -> {
                    configuration.retryStrategy(retries);
                    plainHttp.guard(configuration);
                    interceptors.forEach(configuration::addExecutionInterceptor);
                    configuration.addExecutionInterceptor(new ExecutionInterceptor() {
                        @Override
                        public void beforeTransmission(
                                Context.BeforeTransmission call, ExecutionAttributes attributes) {
                            destination = call.httpRequest().getUri();
                        }
                    });
                });
    }

    /** The failure for an answer in XML, see {@link AwsFailures}. */
    InfrastructureException xmlAnswer(String operation, int status) {
        return failures.xmlAnswer(operation, status);
    }

    /**
     * Makes a call.
     *
     * @param operation its name in IAM ("sqs:ReceiveMessage")
     * @throws InfrastructureException as its only failure, whatever the SDK throws
     */
    public <T> T call(String operation, Supplier<T> call) {
        try {
            T answer = call.get();
            listener.called(operation, OK);
            return answer;
        } catch (RuntimeException thrown) {
            listener.called(operation, thrown instanceof SdkServiceException answered ? answered.statusCode() : 0);
            throw failures.translate(operation, thrown);
        }
    }
}
