/** What all state machines stand on: the outbox, timers, round trips, counters and events. */
@NullMarked
package io.camure.protocol.base;

import org.jspecify.annotations.NullMarked;
