/**
 * Barriers and reliable broadcasts for the nodes of a session, over UDP multicast and without a broker.
 *
 * <p>Start with {@link io.camure.Coordinator#start} on one node and {@link io.camure.Member#join} on the others.
 */
@NullMarked
package io.camure;

import org.jspecify.annotations.NullMarked;
