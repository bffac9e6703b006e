package dev.sluice.mapping;

import dev.sluice.encoding.Labelled;

/**
 * Why a record was rejected: a closed set, so that it can be a metric's label, a column of the quarantine and a test's
 * expectation. {@link #explanation()} states the expected form, never the value that was found.
 */
public enum Reason implements Labelled {
    // The body as a whole.
    EMPTY_BODY("the body is empty or white space; a JSON object was expected"),
    NOT_UTF8("the body is not valid UTF-8"),
    NOT_JSON("the body is not JSON (RFC 8259)"),
    TRUNCATED("the JSON ends before it is complete"),
    TRAILING_CONTENT("something follows the JSON value; one value per message was expected"),
    EMPTY_ARRAY("the body is an empty array; an array of objects was expected"),
    TOO_DEEP("nested deeper than 32 levels"),
    TOO_LARGE("a name, a number, or the count of fields or records is beyond the limits"),
    DUPLICATE_KEY("an object holds the same key twice"),
    NOT_GZIP("source.compression is gzip, but the body is not base64 of gzip from start to end"),
    GZIP_TOO_LARGE("the body unpacks to more than the cap"),
    NOT_SNS("source.unwrap is sns, but the body is not an SNS notification"),
    NOT_EVENTBRIDGE("source.unwrap is eventbridge, but the body is not an EventBridge event with an object as detail"),
    NOT_CLOUDEVENTS("source.unwrap is cloudevents, but the body is not a CloudEvent 1.0 in JSON with data, or a batch"),
    NOT_JSON_DATA("the CloudEvent's datacontenttype is not JSON"),

    // The record as a whole.
    NOT_AN_OBJECT("a JSON object was expected"),
    JSON_IN_STRING("the body is a JSON text inside a JSON string; send the object itself"),
    BASE64_BODY("the body is base64; if it is gzip, set source.compression: gzip"),
    SNS_ENVELOPE(
            "the body is an SNS notification; set source.unwrap: sns, or raw message delivery on the subscription"),
    EVENTBRIDGE_ENVELOPE("the body is an EventBridge event; set source.unwrap: eventbridge, or read /detail/.."),
    CLOUDEVENTS_ENVELOPE("the body is a CloudEvent; set source.unwrap: cloudevents, or read /data/.."),
    S3_EVENT("the body is an S3 event notification, not an event; S3 objects are not fetched"),
    EXTENDED_CLIENT_POINTER("the body points to S3 (extended client library); the payload is not fetched"),

    NO_TENANT("a tenant was expected where keys.by says: a text of at most 128 characters, or a whole number"),
    UNKNOWN_TENANT("the keyset file has no keys for the record's tenant; create them, then replay"),
    DESTROYED_TENANT("the keys of the record's tenant were destroyed"),

    // One column's value.
    MISSING("the field is required, and absent or null"),
    BLANK("the field is required, and its text is blank"),
    BINARY_ATTRIBUTE("the message attribute is Binary; String or Number was expected"),
    NOT_TEXT("a JSON string was expected"),
    NOT_A_WHOLE_NUMBER("a JSON number without fraction or exponent was expected"),
    NOT_A_NUMBER("a JSON number was expected"),
    NOT_A_BOOLEAN("true or false was expected"),
    OUT_OF_RANGE("the number does not fit the column's type"),
    TOO_LONG("the text is longer than the column is wide"),
    NUL_CHARACTER("the text holds U+0000, which PostgreSQL cannot store"),
    LONE_SURROGATE("the text holds half of a surrogate pair, which is not a character"),
    INVALID_IP("an IPv4 address of four decimal octets, or an IPv6 address, was expected"),
    INVALID_EMAIL("an e-mail address alone was expected, without a name, comment or quotes"),
    INVALID_PHONE("a telephone number was expected, with its country code unless the mask has a region"),
    INVALID_MAC("a MAC address was expected: 12 or 16 hexadecimal digits, bare or in equal groups"),
    INVALID_CARD("a card number of 12 to 19 digits was expected, with its check digit"),
    INVALID_VERSION("a version of one to three numbers with dots between was expected"),
    VERSION_PART_TOO_LARGE("a part is above 255, the maximum of version-packed; use version-decimal"),
    VERSION_OUT_OF_RANGE("a part of the version does not fit the column"),
    INVALID_DATE("a date as yyyy-mm-dd was expected"),
    INVALID_TIMESTAMP("a time as yyyy-mm-ddThh:mm:ss[.ffffff] with Z or an offset was expected"),
    INVALID_UUID("a UUID as 8-4-4-4-12 hexadecimal digits was expected"),

    // What only the database knows.
    REFUSED_BY_DATABASE("the table's own rules were expected to hold: constraints, indexes, triggers"),
    DROPPED_BY_TABLE("the table was expected to keep the row; a trigger dropped it without an error");

    private final String explanation;

    Reason(String explanation) {
        this.explanation = explanation;
    }

    /** What was expected, in a sentence without a value. */
    public String explanation() {
        return explanation;
    }

    /** The same for a label; empty for one of another program version. */
    public static String explanationOf(String label) {
        return Labelled.find(values(), label).map(Reason::explanation).orElse("");
    }

    /** Whether the mapper rejects for this reason; for the others only the database does. */
    public boolean byMapper() {
        return this != REFUSED_BY_DATABASE && this != DROPPED_BY_TABLE;
    }
}
