/** The windows of a stream of chunks, from a sender to all of its receivers. */
@NullMarked
package io.camure.protocol.window;

import org.jspecify.annotations.NullMarked;
