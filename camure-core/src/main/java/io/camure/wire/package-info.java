/** The chunks of the camure protocol to bytes and back, those of version 0.1 included, and sequence arithmetic. */
@NullMarked
package io.camure.wire;

import org.jspecify.annotations.NullMarked;
