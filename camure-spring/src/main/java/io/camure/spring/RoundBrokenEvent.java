package io.camure.spring;

import io.camure.RoundBrokenException;

/**
 * A round that this node was waiting for has ended before all nodes had arrived. Published once for each round, by a thread that
 * was waiting for it, or that runs callbacks of {@link io.camure.Barrier#awaitAsync}.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param group the name in {@code camure.groups}
 * @param cause what waiting calls were told: the round's number, the reason, and who was missing
 */
public record RoundBrokenEvent(String session, String node, String group, RoundBrokenException cause)
        implements CamureEvent {}
