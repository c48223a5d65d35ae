package io.camure.spring;

import io.camure.RoundBrokenException;

/**
 * A round of a barrier, which this node has waited for, has ended without everybody having arrived. Published once a round, by
 * a thread that has waited for it.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param group the name in {@code camure.groups}
 * @param cause what waiting calls were told: the round's number, the reason, and who was missing
 */
public record RoundBrokenEvent(String session, String node, String group, RoundBrokenException cause)
        implements CamureEvent {}
