package io.camure;

/**
 * How full the window of a broadcast is. A full one holds the sender back.
 *
 * @param chunks how many chunks are kept, of which each is a datagram; at most the capacity
 * @param capacity how many chunks can be kept
 */
public record WindowUse(int chunks, int capacity) {}
