/**
 * A stream of chunks from one sender to any number of receivers: its windows at either side, which know each other as an audience
 * and a sender, and not who of them is the coordinator.
 */
@NullMarked
package io.camure.protocol.window;

import org.jspecify.annotations.NullMarked;
