package dev.sluice.bench.stub;

/**
 * One message on its way to a client.
 *
 * @param index of the message
 * @param receiveCount which delivery of it, from 1
 * @param sentMillis since the epoch
 */
record Delivery(int index, int receiveCount, long sentMillis) {}
