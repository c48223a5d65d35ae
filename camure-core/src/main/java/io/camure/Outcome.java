package io.camure;

/**
 * What a collective call has given to this node.
 *
 * @param value the result
 * @param round the round that has made it: who took part, and which of them this node was
 */
public record Outcome<T>(T value, Round round) {}
