/** Elects the coordinators of sessions by a Lease of Kubernetes. */
@NullMarked
package io.camure.kubernetes;

import org.jspecify.annotations.NullMarked;
