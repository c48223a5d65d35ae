/**
 * The state machines of a session: pure functions of datagrams, commands and the time passed in.
 *
 * <p>Nothing here opens a socket, starts a thread, reads a clock or makes up randomness; what is to be sent or told goes
 * into an {@link io.camure.protocol.base.Outbox}. None of the classes is thread-safe: the runtime holds one lock per session.
 * All times are nanoseconds of one monotonic clock that starts near zero.
 *
 * <p>A package knows only those that come after it: {@code session} the kinds of groups by their table, a kind ({@code barrier},
 * {@code broadcast}) no other kind but {@code group} and {@code window}, and these two only {@code base}.
 */
@NullMarked
package io.camure.protocol;

import org.jspecify.annotations.NullMarked;
