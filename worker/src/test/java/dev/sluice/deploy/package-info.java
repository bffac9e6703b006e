/**
 * Tests of what runs Sluice in production: image, Compose, Kubernetes, Terraform, the public workflow. They need no
 * container engine.
 */
@NullMarked
package dev.sluice.deploy;

import org.jspecify.annotations.NullMarked;
