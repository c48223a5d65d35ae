package io.camure.spring;

import io.camure.CamureException;
import io.camure.Node;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What only the coordinator can do was asked of a node that does not coordinate now, in a session whose coordinator is elected
 * ({@code camure.role: auto}). {@link CamureGroups#isCoordinator} tells before, and {@link CoordinatorChangedEvent} when that changes.
 */
public final class NotCoordinatorException extends CamureException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Node coordinator;
    private final @Nullable Instant since;

    /**
     * @param coordinator who coordinates, as far as this node knows; {@code null} when nobody does
     * @param since when this node learnt that
     */
    public NotCoordinatorException(String message, @Nullable Node coordinator, @Nullable Instant since) {
        super(message);
        this.coordinator = coordinator;
        this.since = since;
    }

    /** Who coordinates, as far as this node knows; empty when nobody does. */
    public Optional<Node> coordinator() {
        return Optional.ofNullable(coordinator);
    }

    /** When this node learnt who coordinates; empty when nobody does. */
    public Optional<Instant> since() {
        return Optional.ofNullable(since);
    }
}
