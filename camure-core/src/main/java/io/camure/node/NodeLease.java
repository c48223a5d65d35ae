package io.camure.node;

import io.camure.CamureException;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorLease;
import io.camure.DisconnectedException;
import io.camure.node.group.SessionEnd;
import io.camure.protocol.base.Lease;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.session.FencedSession;
import io.camure.runtime.SessionDriver;
import io.camure.transport.Execution;
import org.jspecify.annotations.Nullable;

/** The lease of a coordinator, on the clock of its session. Thread-safe. */
final class NodeLease implements Lease {

    private final long term;
    private final @Nullable CoordinatorLease lease;

    /** What the clock of the network shows when that of the session shows 0, or later. */
    private volatile long originNanos;

    NodeLease(CoordinatorConfig config) {
        term = config.term();
        lease = config.lease().orElse(null);
    }

    /** To be called before anything is sent or received. */
    void setClock(SessionDriver driver, Execution execution) {
        long sessionNanos = driver.nowNanos();
        // Read later, so that a pause between the two can only end the lease too early.
        originNanos = execution.nanoTime() - sessionNanos;
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public long endNanos() {
        CoordinatorLease given = lease;
        long endNanoTime = given == null ? Long.MAX_VALUE : given.endNanoTime();
        if (endNanoTime == Long.MAX_VALUE) {
            return RetryTimer.NEVER;
        }
        // The lowest one, which some say for a lease that was never had, is no time that a difference could be taken
        // of.
        return endNanoTime == Long.MIN_VALUE ? Long.MIN_VALUE : endNanoTime - originNanos;
    }

    /** What calls fail with once it is over, or this node has handed over; {@code null} before. */
    @Nullable
    CamureException end(FencedSession fenced, long nowNanos, String name) {
        if (fenced.isHandedOver()) {
            return SessionEnd.closed(name);
        } else if (!fenced.isOver(nowNanos)) {
            return null;
        }
        return new DisconnectedException(
                DisconnectedException.Reason.COORDINATOR_LOST,
                name + ": this node does not coordinate the session any more: its lease of term " + term
                        + " was not renewed in time, so that another node may coordinate by now",
                null);
    }
}
