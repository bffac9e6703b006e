package dev.sluice.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Which queue, and how AWS is called for it.
 *
 * @param queue name or URL
 * @param endpoint where the calls go: scheme http or https, host and port; null for the queue URL's, else AWS
 * @param region null for the URL's if that is at AWS, else the SDK's chain
 * @param allowsPlainHttp whether AWS endpoints on other machines may be called without TLS
 */
public record QueueSettings(String queue, @Nullable URI endpoint, @Nullable String region, boolean allowsPlainHttp) {

    /** @throws IllegalArgumentException when the endpoint does not have the declared shape */
    public QueueSettings {
        if (endpoint != null) {
            Setting.ENDPOINT.require(endpoint.toString());
        }
    }
}
