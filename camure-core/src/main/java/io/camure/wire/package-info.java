/** The datagrams of the camure 0.1 protocol: chunks to bytes and back, and sequence arithmetic. */
@NullMarked
package io.camure.wire;

import org.jspecify.annotations.NullMarked;
