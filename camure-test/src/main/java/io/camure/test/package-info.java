/**
 * Sessions on an in-memory network, with faults on demand and scripted nodes to talk to. For tests with or without Spring.
 *
 * <p>Start with {@link io.camure.test.CamureTestNetwork}.
 */
@NullMarked
package io.camure.test;

import org.jspecify.annotations.NullMarked;
