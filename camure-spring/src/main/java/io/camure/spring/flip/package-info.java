/** Flips: what all nodes of a group prepare and activate together. For camure itself. */
@NullMarked
package io.camure.spring.flip;

import org.jspecify.annotations.NullMarked;
