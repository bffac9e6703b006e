package dev.sluice.lineage;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a run reads or writes, by a name under which other tools report it too. Together, namespace and name form a URI
 * (OpenLineage, spec/Naming.md).
 *
 * @param namespace scheme and authority
 * @param name the path, without a leading slash
 */
public record Dataset(String namespace, String name) {

    /**
     * A table, as the specification names those of PostgreSQL.
     *
     * @param host a name, or a literal address without brackets
     */
    public static Dataset table(String host, int port, String database, String schema, String table) {
        String authority = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return new Dataset("postgres://" + authority + ":" + port, database + "." + schema + "." + table);
    }

    /**
     * A queue. The specification does not name those of SQS; by its general rule, the host of the queue's URL is the
     * namespace, and account and queue the name.
     *
     * @param url null for a queue that is known by its bare name
     * @param endpoint where that is looked up; null for AWS
     * @param region of AWS; null if it is not set
     */
    public static Dataset queue(String name, @Nullable URI url, @Nullable URI endpoint, @Nullable String region) {
        if (url != null) {
            return new Dataset(
                    "sqs://" + url.getRawAuthority(), url.getRawPath().substring(1));
        }
        if (endpoint != null) {
            return new Dataset("sqs://" + endpoint.getRawAuthority(), name);
        }
        return new Dataset(region == null ? "sqs://sqs.amazonaws.com" : "sqs://sqs." + region + ".amazonaws.com", name);
    }
}
