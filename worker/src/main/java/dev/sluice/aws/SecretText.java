package dev.sluice.aws;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the secret from a service's answer. Immutable; shows nothing of the answer.
 *
 * @param failures makes the exceptions
 * @param operation the call, for messages
 */
record SecretText(AwsFailures failures, String operation) {

    /** What a file leaves behind that a secret was made from; a blank may belong to the secret. */
    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+\\z");

    /**
     * @param path the names that lead to the text in the answer
     * @param key of the JSON object in that text; null for the whole text
     * @return never empty
     */
    String read(byte[] answer, List<String> path, @Nullable String key) {
        String text = JsonMember.text(answer, path.toArray(String[]::new))
                .orElseThrow(() -> unusable("it has no text", "store it as text; a binary secret is not supported."));
        if (key != null) {
            return notEmpty(member(text, key));
        }
        if (JsonMember.isObject(text)) {
            throw unusable("it is a JSON object", "name the member that holds the value: add #KEY to the ARN.");
        }
        return notEmpty(LINE_ENDS.matcher(text).replaceFirst(""));
    }

    private String member(String text, String key) {
        if (!JsonMember.isObject(text)) {
            throw unusable("it is not a JSON object", "remove # and what follows it from the ARN.");
        }
        return JsonMember.text(text.getBytes(StandardCharsets.UTF_8), key)
                .orElseThrow(() -> unusable(
                        "its JSON object has no text with that key",
                        "check the key behind # in the ARN, case included."));
    }

    private String notEmpty(String secret) {
        if (secret.isBlank()) {
            throw unusable("it is empty", "give it a value.");
        }
        return secret;
    }

    private InfrastructureException unusable(String fault, String remedy) {
        return failures.failure(Kind.CONFIG, operation, fault, remedy);
    }
}
