/** Sealed sessions: the handshake, the keys and the codec by which nodes that share a secret keep all others out. */
@NullMarked
package io.camure.protocol.security;

import org.jspecify.annotations.NullMarked;
