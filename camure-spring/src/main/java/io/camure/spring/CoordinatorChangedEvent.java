package io.camure.spring;

import io.camure.Node;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * This node is in the session of an elected coordinator, for the first time or of another one than before, which may be this very
 * process: {@link CamureGroups#isCoordinator} says so. Groups follow; the next round of each barrier is round 0 of the new term. What was
 * sent since the loss of the former coordinator this node has not received.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param from who coordinated before; {@code null} the first time
 * @param to who coordinates now
 * @param term in which it was elected; 0 from an engine without terms
 * @param outage since the loss of the former coordinator was noticed; zero the first time
 */
public record CoordinatorChangedEvent(
        String session, String node, @Nullable Node from, Node to, long term, Duration outage) implements CamureEvent {}
