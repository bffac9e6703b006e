package dev.sluice.bench.stub;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The operations of SQS that clients of the bench call. Stateless besides the queue; thread-safe. */
final class Operations {

    private static final int MOST_MESSAGES = 10;
    private static final int MOST_WAIT_SECONDS = 20;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final Queue queue;
    private final Messages messages;

    Operations(Queue queue, Messages messages) {
        this.queue = queue;
        this.messages = messages;
    }

    Queue queue() {
        return queue;
    }

    /**
     * Carries out one call, after its latency.
     *
     * @param operation as in {@code X-Amz-Target} after the dot
     * @param endpoint scheme and authority that the client called
     * @param arrived when the request was read, {@link System#nanoTime()}
     */
    void call(String operation, Request request, String endpoint, long arrived, Answer answer)
            throws InterruptedException {
        queue.called(operation);
        delay();
        switch (operation) {
            case "ReceiveMessage" -> receive(request, answer);
            case "DeleteMessageBatch" -> deleteBatch(request, arrived, answer);
            case "DeleteMessage" -> deleteOne(request, arrived, answer);
            case "ChangeMessageVisibilityBatch" -> changeBatch(request, answer);
            case "ChangeMessageVisibility" -> changeOne(request, answer);
            case "GetQueueUrl" -> queueUrl(request, endpoint, answer);
            case "GetQueueAttributes" -> attributes(request, answer);
            default ->
                answer.error("UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", "not in this stub");
        }
    }

    private void delay() throws InterruptedException {
        QueueSpec spec = queue.spec();
        long nanos = (long) spec.latencyMillis() * NANOS_PER_MILLI;
        if (spec.jitterMillis() > 0) {
            nanos += ThreadLocalRandom.current().nextLong(spec.jitterMillis() * (long) NANOS_PER_MILLI);
        }
        if (nanos > 0) {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    }

    private void receive(Request request, Answer answer) throws InterruptedException {
        int most = request.maxNumberOfMessages;
        if (most < 1
                || most > MOST_MESSAGES
                || request.waitTimeSeconds < 0
                || request.waitTimeSeconds > MOST_WAIT_SECONDS) {
            answer.error("InvalidParameterValue", "InvalidParameterValue", "MaxNumberOfMessages or WaitTimeSeconds");
            return;
        }
        int visibility =
                request.visibilityTimeout == null ? queue.spec().visibilitySeconds() : request.visibilityTimeout;
        List<Delivery> deliveries = queue.receive(most, visibility, request.waitTimeSeconds);
        if (deliveries.isEmpty()) {
            answer.text("{}");
            return;
        }
        boolean sentTimestamp = request.wants("SentTimestamp");
        boolean receiveCount = request.wants("ApproximateReceiveCount");
        String separator = "{\"Messages\":[{";
        for (Delivery delivery : deliveries) {
            answer.text(separator).bytes(messages.members(delivery.index())).text(",\"ReceiptHandle\":\"");
            answer.handle(new Handle(queue.number(), delivery.index(), delivery.receiveCount()))
                    .text("\"");
            attributes(delivery, sentTimestamp, receiveCount, answer);
            separator = "},{";
        }
        answer.text("}]}");
    }

    private static void attributes(Delivery delivery, boolean sentTimestamp, boolean receiveCount, Answer answer) {
        if (sentTimestamp || receiveCount) {
            answer.text(",\"Attributes\":{");
            if (sentTimestamp) {
                answer.text("\"SentTimestamp\":\"")
                        .number(delivery.sentMillis())
                        .text(receiveCount ? "\"," : "\"");
            }
            if (receiveCount) {
                answer.text("\"ApproximateReceiveCount\":\"")
                        .number(delivery.receiveCount())
                        .text("\"");
            }
            answer.text("}");
        }
    }

    private void deleteBatch(Request request, long arrived, Answer answer) {
        batch(request, answer, entry -> queue.delete(Handle.parse(entry.receiptHandle), arrived));
    }

    private void changeBatch(Request request, Answer answer) {
        batch(
                request,
                answer,
                entry -> queue.changeVisibility(Handle.parse(entry.receiptHandle), entry.visibilityTimeout));
    }

    @FunctionalInterface
    private interface EntryCall {
        /** Returns false, or throws IllegalArgumentException, if the handle is not valid. */
        boolean apply(Request.Entry entry);
    }

    private static void batch(Request request, Answer answer, EntryCall call) {
        StringBuilder successful = new StringBuilder();
        StringBuilder failed = new StringBuilder();
        for (Request.Entry entry : request.entries) {
            StringBuilder list = applies(call, entry) ? successful : failed;
            list.append(list.isEmpty() ? "" : ",")
                    .append("{\"Id\":\"")
                    .append(entry.id)
                    .append('"');
            list.append(list == successful ? "}" : ",\"SenderFault\":true,\"Code\":\"ReceiptHandleIsInvalid\"}");
        }
        answer.text("{\"Successful\":[").text(successful.toString()).text("]");
        if (!failed.isEmpty()) {
            answer.text(",\"Failed\":[").text(failed.toString()).text("]");
        }
        answer.text("}");
    }

    private static boolean applies(EntryCall call, Request.Entry entry) {
        try {
            return call.apply(entry);
        } catch (IllegalArgumentException notAHandle) {
            return false;
        }
    }

    private void deleteOne(Request request, long arrived, Answer answer) {
        one(request, answer, entry -> queue.delete(Handle.parse(entry.receiptHandle), arrived));
    }

    private void changeOne(Request request, Answer answer) {
        one(
                request,
                answer,
                entry -> queue.changeVisibility(Handle.parse(entry.receiptHandle), entry.visibilityTimeout));
    }

    private static void one(Request request, Answer answer, EntryCall call) {
        Request.Entry entry = new Request.Entry();
        entry.receiptHandle = request.receiptHandle;
        entry.visibilityTimeout = request.visibilityTimeout == null ? 0 : request.visibilityTimeout;
        if (applies(call, entry)) {
            answer.text("{}");
        } else {
            answer.error("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", "not a handle of a message in flight");
        }
    }

    private static void queueUrl(Request request, String endpoint, Answer answer) {
        answer.text("{\"QueueUrl\":\"" + endpoint + "/000000000000/" + request.queueName + "\"}");
    }

    private void attributes(Request request, Answer answer) {
        int[] depths = queue.depths();
        Map<String, String> all = new LinkedHashMap<>();
        all.put("ApproximateNumberOfMessages", Integer.toString(depths[0]));
        all.put("ApproximateNumberOfMessagesNotVisible", Integer.toString(depths[1]));
        all.put("ApproximateNumberOfMessagesDelayed", Integer.toString(depths[2]));
        all.put("VisibilityTimeout", Integer.toString(queue.spec().visibilitySeconds()));
        all.put("MessageRetentionPeriod", "1209600");
        all.put("DelaySeconds", "0");
        all.put("MaximumMessageSize", "1048576");
        all.put("ReceiveMessageWaitTimeSeconds", "0");
        all.put("QueueArn", "arn:aws:sqs:us-east-1:000000000000:bench");
        String separator = "{\"Attributes\":{\"";
        for (Map.Entry<String, String> attribute : all.entrySet()) {
            if (request.wants(attribute.getKey())) {
                answer.text(separator + attribute.getKey() + "\":\"" + attribute.getValue() + '"');
                separator = ",\"";
            }
        }
        answer.text(separator.startsWith("{") ? "{}" : "}}");
    }
}
