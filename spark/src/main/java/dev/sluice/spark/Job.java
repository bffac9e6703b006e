package dev.sluice.spark;

import java.io.Serializable;

/**
 * What executors must know to do their part, and may know: names, and how to tell that they hold the same keys.
 *
 * @param pipeline its name, for messages
 * @param pipelineText the pipeline file; holds no secret
 * @param keyCheck the check value of the driver's keys
 */
record Job(String pipeline, String pipelineText, String keyCheck) implements Serializable {}
