/**
 * The state machines of a session: pure functions of datagrams, commands and the time passed in.
 *
 * <p>Nothing here opens a socket, starts a thread, reads a clock or makes up randomness; what is to be sent or told goes
 * into an {@link io.camure.protocol.base.Outbox}. None of the classes is thread-safe: the runtime holds one lock per session.
 * All times are nanoseconds of one monotonic clock that starts near zero.
 */
@NullMarked
package io.camure.protocol;

import org.jspecify.annotations.NullMarked;
