package dev.sluice.aws;

import dev.sluice.config.SecretArn;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The two services that keep secrets: how each is called (API references, GetSecretValue and GetParameter). */
@SuppressWarnings("ImmutableEnumChecker") // List.of makes the list
enum AwsService {
    SECRETS_MANAGER("Secrets Manager", "secretsmanager", "secretsmanager", "GetSecretValue", "SecretString"),
    /** GetParameter takes the ARN as name, also for parameters that another account shares. */
    SSM("SSM", "ssm", "AmazonSSM", "GetParameter", "Parameter", "Value");

    /** A secret has at most 64 KiB (Secrets Manager quotas); JSON may write a character with six. */
    private static final int MAX_ANSWER_BYTES = 512 * 1024;

    private static final JsonFactory FACTORY = new JsonFactory();

    private final String label;
    private final String prefix;
    private final String target;
    private final String operation;
    private final List<String> textPath;

    AwsService(String label, String prefix, String target, String operation, String... textPath) {
        this.label = label;
        this.prefix = prefix;
        this.target = target;
        this.operation = operation;
        this.textPath = List.of(textPath);
    }

    static AwsService of(SecretArn.Service keeper) {
        return switch (keeper) {
            case SECRETS_MANAGER -> SECRETS_MANAGER;
            case PARAMETER_STORE -> SSM;
        };
    }

    /** Its name in messages. */
    String label() {
        return label;
    }

    /** As in AWS_ENDPOINT_URL_.. */
    String variable() {
        return name();
    }

    /** The name that calls are signed for, and that its hosts begin with. */
    String prefix() {
        return prefix;
    }

    /** The permission that the call needs. */
    String action() {
        return prefix + ":" + operation;
    }

    JsonCalls.Protocol protocol() {
        return new JsonCalls.Protocol(prefix, "1.1", MAX_ANSWER_BYTES);
    }

    /** Where its calls go. */
    URI address(AwsEndpoint endpoint) {
        URI url = endpoint.url();
        if (url != null) {
            return url.getPath().isEmpty() ? url.resolve("/") : url;
        }
        Region region = Region.of(endpoint.region());
        return URI.create("https://" + prefix + "." + region.id() + "."
                + PartitionMetadata.of(region).dnsSuffix() + "/");
    }

    /** Value of the header X-Amz-Target. */
    String target() {
        return target + "." + operation;
    }

    /** The names that lead to the text in an answer. */
    List<String> textPath() {
        return textPath;
    }

    /** The body of the call. */
    byte[] request(String arn) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty(this == SSM ? "Name" : "SecretId", arn);
            if (this == SSM) {
                json.writeBooleanProperty("WithDecryption", true);
            }
            json.writeEndObject();
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
