package dev.sluice.cli;

import java.io.IOException;
import java.net.URI;

/**
 * Confirms every delete without doing it: the messages become visible again. That is what a standard queue may do
 * ("at-least-once delivery", SQS Developer Guide) and what a worker leaves that is killed between commit and delete.
 */
final class ForgetfulSqs extends SqsInBetween {

    ForgetfulSqs(URI behind) throws IOException {
        super(behind);
    }

    @Override
    Request change(Request request) {
        return request.operation().equals("DeleteMessageBatch")
                ? new Request(
                        "ChangeMessageVisibilityBatch",
                        request.body().replace("\"ReceiptHandle\":", "\"VisibilityTimeout\":0,\"ReceiptHandle\":"))
                : request;
    }
}
