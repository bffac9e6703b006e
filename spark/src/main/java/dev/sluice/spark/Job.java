package dev.sluice.spark;

import java.io.Serializable;
import java.util.UUID;

/**
 * What executors must know to do their part, and may know: names, and how to verify that they use the same keys and the same
 * database.
 *
 * @param pipeline its name, for messages
 * @param pipelineText the pipeline file; contains no secret
 * @param keyCheck the check value of the driver's keys
 * @param database the id of the driver's database
 */
record Job(String pipeline, String pipelineText, String keyCheck, UUID database) implements Serializable {}
