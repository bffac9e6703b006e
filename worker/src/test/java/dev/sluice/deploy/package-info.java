/** Tests of what runs Sluice in production: image, Compose, Kubernetes, Terraform, the public workflow. No engine is needed. */
@NullMarked
package dev.sluice.deploy;

import org.jspecify.annotations.NullMarked;
