package dev.sluice.sqs;

import dev.sluice.pipeline.Message;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Messages, as the worker has them and as SQS writes them. */
final class Given {

    private Given() {}

    static Message message(int number) {
        return message("id-" + number, "handle-" + number, 1, 3);
    }

    static Message message(String id, String handle, int receiveCount, int bodyBytes) {
        return new Message(id, handle, Instant.EPOCH, receiveCount, new byte[bodyBytes]);
    }

    static List<Message> messages(int count) {
        return IntStream.range(0, count).mapToObj(Given::message).toList();
    }

    /** The answer of ReceiveMessage with messages numbered from {@code from}. */
    static String received(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(
                        number -> received("id-" + number, "handle-" + number, "body " + number, md5("body " + number)))
                .collect(Collectors.joining(",", "{\"Messages\":[", "]}"));
    }

    static String received(String id, String handle, String body, String md5) {
        return "{\"MessageId\":\"" + id + "\",\"ReceiptHandle\":\"" + handle + "\",\"MD5OfBody\":\"" + md5
                + "\",\"Body\":\"" + body + "\",\"Attributes\":{\"SentTimestamp\":\"1700000000123\","
                + "\"ApproximateReceiveCount\":\"2\"}}";
    }

    static String md5(String body) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8));
            return String.format(Locale.ROOT, "%032x", new BigInteger(1, digest));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
