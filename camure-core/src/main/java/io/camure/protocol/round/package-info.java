/** Rounds, which a coordinator ends when all have arrived: what the kinds of groups that have some have in common. */
@NullMarked
package io.camure.protocol.round;

import org.jspecify.annotations.NullMarked;
