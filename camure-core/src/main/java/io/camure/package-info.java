/**
 * Barriers, collectives and reliable broadcasts for the nodes of a session, over UDP, by multicast where the network carries it, and without
 * a broker.
 *
 * <p>Start with {@link io.camure.Coordinator#start} on one node and {@link io.camure.Member#join} on the others.
 *
 * <p>This package is the API, with {@link io.camure.transport.PortProvider} for networks of one's own. What is in the other
 * packages may change with any version.
 */
@NullMarked
package io.camure;

import org.jspecify.annotations.NullMarked;
