package dev.sluice.http;

import java.util.Map;

/**
 * A request, whole: its body was read within the port's limits.
 *
 * @param method in upper case
 * @param path decoded, beginning with a slash, without the query
 * @param query parameters, decoded; of several with one name the last
 * @param headers by name in lower case; of several with one name all values, with commas between them (RFC 9110, 5.3), so
 *     that one which a client sent is not taken for one that a proxy added
 * @param body empty when there is none
 * @param fromLoopback whether the peer is this machine
 * @param source the peer's address, as text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Request(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        byte[] body,
        boolean fromLoopback,
        String source) {

    /** One from this machine. */
    public Request(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            byte[] body,
            boolean fromLoopback) {
        this(method, path, query, headers, body, fromLoopback, "127.0.0.1");
    }

    /** A header's value; empty when there is none. */
    public String header(String lowerCaseName) {
        return headers.getOrDefault(lowerCaseName, "");
    }

    /** Method and path only: the rest may hold tokens. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
