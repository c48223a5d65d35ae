/**
 * What all state machines stand on: the outbox, timers, round trips, counters and events; and how errors and logs of every
 * layer write settings, addresses and durations.
 */
@NullMarked
package io.camure.protocol.base;

import org.jspecify.annotations.NullMarked;
