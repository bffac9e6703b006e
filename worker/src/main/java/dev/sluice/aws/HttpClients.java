package dev.sluice.aws;

import java.time.Duration;
import java.util.stream.Stream;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;

/** Makes the HTTP clients that calls to AWS go through. Stateless. */
public final class HttpClients {

    /** The most calls that a client makes at once through a proxy; further ones wait. Without a proxy there is no bound. */
    public static final int CONNECTIONS = 128;

    private HttpClients() {}

    /**
     * Makes a client, to be closed by the caller. Goes through the proxy of the JVM's properties (https.proxyHost) or of the
     * environment (HTTPS_PROXY, NO_PROXY), as the SDK does.
     *
     * @param connectTimeout until an address accepts
     * @param answerTimeout for the head of an answer, and for each read of its body
     */
    public static SdkHttpClient create(Duration connectTimeout, Duration answerTimeout) {
        return isProxied()
                ? Apache5HttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .connectionTimeout(connectTimeout)
                        .connectionAcquisitionTimeout(answerTimeout)
                        .socketTimeout(answerTimeout)
                        .tcpKeepAlive(true)
                        .build()
                : new HttpConnections(connectTimeout, answerTimeout);
    }

    private static boolean isProxied() {
        return Stream.of("https", "http")
                .anyMatch(scheme ->
                        ProxyConfiguration.builder().scheme(scheme).build().host() != null);
    }
}
