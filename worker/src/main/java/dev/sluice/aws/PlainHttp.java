package dev.sluice.aws;

import dev.sluice.config.Loopback;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * The rule for plain http: on this machine only, unless the operator allows it elsewhere. Anyone on the network could read
 * message bodies, data keys and session tokens, and could impersonate the service. Immutable.
 *
 * @param allowed whether other hosts may be called over plain http too
 */
public record PlainHttp(boolean allowed) {

    /**
     * Makes a client refuse calls that break the rule. The SDK also takes endpoints from places that we do not read: the
     * profile and system properties. This is the last check before the bytes leave.
     */
    public void guard(ClientOverrideConfiguration.Builder configuration) {
        configuration.addExecutionInterceptor(new ExecutionInterceptor() {
            @Override
            public void beforeTransmission(Context.BeforeTransmission call, ExecutionAttributes attributes) {
                require(
                        "the AWS profile or a system property",
                        call.httpRequest().protocol(),
                        call.httpRequest().host());
            }
        });
    }

    /**
     * Refuses an endpoint before anything is sent to it.
     *
     * @param setting where it was read from, for the message
     * @throws InfrastructureException of kind CONFIG
     */
    void require(String setting, String scheme, String host) {
        if (!allowed && scheme.equalsIgnoreCase("http") && !Loopback.isThisMachine(host)) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "The AWS endpoint in " + setting + " is plain http on the host " + host
                            + ": anyone on the network could read messages, keys and session tokens. Use https. For an"
                            + " emulator in a network that you trust, allow it with --insecure-aws-http"
                            + " (SLUICE_INSECURE_AWS_HTTP=true).");
        }
    }
}
