package dev.sluice.sqs;

import dev.sluice.sqs.BatchEntries.BatchResult;
import dev.sluice.sqs.BatchEntries.EntryError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One entry of the answer of a batch operation, while it is read. Used by one thread. */
final class BatchAnswer {

    private @Nullable String id;
    private @Nullable String code;
    private boolean senderFault;

    private BatchAnswer() {}

    /** Reads which entries an answer names as successful or failed; throws as {@link AnswerJson}. */
    static BatchResult read(byte[] answer) {
        Set<String> successful = new HashSet<>();
        List<EntryError> failed = new ArrayList<>();
        AnswerJson.read(answer, (name, json) -> {
            switch (name) {
                case "Successful" ->
                    AnswerJson.elements(
                            json, element -> successful.add(entry(element).id()));
                case "Failed" -> AnswerJson.elements(json, element -> failed.add(entry(element)));
                default -> json.skipChildren();
            }
        });
        return new BatchResult(successful, failed);
    }

    private static EntryError entry(JsonParser json) {
        BatchAnswer entry = new BatchAnswer();
        AnswerJson.object(json, entry::read);
        return new EntryError(String.valueOf(entry.id), String.valueOf(entry.code), entry.senderFault);
    }

    private void read(String name, JsonParser json) {
        switch (name) {
            case "Id" -> id = AnswerJson.text(json);
            case "Code" -> code = AnswerJson.text(json);
            case "SenderFault" -> senderFault = json.currentToken() == JsonToken.VALUE_TRUE;
            default -> json.skipChildren();
        }
    }
}
