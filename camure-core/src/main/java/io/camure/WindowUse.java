package io.camure;

/**
 * How full the window of a broadcast is. A full window holds the sender back.
 *
 * @param chunks how many chunks are kept, each of them a datagram; at most the capacity
 * @param capacity how many chunks can be kept
 */
public record WindowUse(int chunks, int capacity) {}
