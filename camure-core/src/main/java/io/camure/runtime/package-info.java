/** Runs a state machine: who makes its turns, who waits for it, and where its events are delivered. */
@NullMarked
package io.camure.runtime;

import org.jspecify.annotations.NullMarked;
