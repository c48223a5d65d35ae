package io.camure.node.group;

import io.camure.CamureException;
import io.camure.DisconnectedException;
import io.camure.Group;
import io.camure.GroupInUseException;
import io.camure.GroupNameMismatchException;
import io.camure.GroupTypeMismatchException;
import io.camure.Loss;
import io.camure.ProtocolVersionException;
import io.camure.SessionNameMismatchException;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.JoinedGroup;
import io.camure.runtime.SessionDriver;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A group at one of its members. Thread-safe. */
public abstract class GroupAtMember implements Group {

    protected final NodeContext member;
    private final Consumer<GroupAtMember> leaving;
    protected final JoinedGroup<?> group;

    /** This node closed it, as opposed to having been disconnected. Guarded by the driver's lock. */
    private boolean closed;

    /** It was over before this node closed it, and goes on saying why: somebody may still wait in it. */
    private boolean overBefore;

    private volatile boolean ended;

    /** Guarded by the driver's lock. */
    private long endedNanos;

    /** @param leaving has a group left, and returns when that is done or takes too long */
    protected GroupAtMember(NodeContext member, Consumer<GroupAtMember> leaving, JoinedGroup<?> group) {
        this.member = member;
        this.leaving = leaving;
        this.group = group;
    }

    protected final SessionDriver driver() {
        return member.driver();
    }

    @Override
    public final int id() {
        return group.id();
    }

    final boolean hasEnded(int id, Disconnection why) {
        return group.id() == id && group.disconnection() == why;
    }

    /** What follows behind "has not admitted this node". */
    final String whyPending() {
        String pending = driver().read(nowNanos -> group.pending());
        return pending.isEmpty()
                ? ": is there a group " + group.label()
                        + ", does it accept members, and is no message being written that" + " long?"
                : ": " + pending;
    }

    final GroupLabel label() {
        return group.label();
    }

    @Override
    public final boolean isOpen() {
        driver().refresh();
        return !ended && member.isOpen();
    }

    /** Called under the driver's lock. */
    protected void publish() {
        if (!ended && (closed || group.disconnection() != null)) {
            ended = true;
            endedNanos = driver().nowNanos();
        }
    }

    /** Why this node is not in the group any more, or {@code null} while it is. Called under the driver's lock. */
    protected final @Nullable CamureException end() {
        if (closed && !overBefore) {
            return new DisconnectedException(
                    DisconnectedException.Reason.CLOSED, this + " was closed by this node", null);
        }
        Disconnection disconnection = group.disconnection();
        if (disconnection != null) {
            return disconnected(disconnection);
        }
        return member.end();
    }

    /** Whether this node has left by itself, and so wants nothing more. Called under the driver's lock. */
    protected final boolean isClosedHere() {
        return closed;
    }

    private CamureException disconnected(Disconnection disconnection) {
        String message = this + ": " + disconnection.detail();
        return switch (disconnection.cause()) {
            case WRONG_GROUP_TYPE -> new GroupTypeMismatchException(message);
            case WRONG_GROUP_NAME -> new GroupNameMismatchException(message);
            case GROUP_IN_USE -> new GroupInUseException(message);
            case GROUP_CLOSED -> new DisconnectedException(DisconnectedException.Reason.GROUP_CLOSED, message, null);
            case EVICTED -> new DisconnectedException(DisconnectedException.Reason.EVICTED, message, null);
            case TOO_SLOW -> new DisconnectedException(DisconnectedException.Reason.TOO_SLOW, message, null);
            case COORDINATOR_LOST, HANDED_OVER, EARLIER_TERM, IMPLAUSIBLE_TERM ->
                new DisconnectedException(DisconnectedException.Reason.COORDINATOR_LOST, message, null);
            case UNKNOWN_VERSION -> new ProtocolVersionException(message);
            case OTHER_SESSION -> new SessionNameMismatchException(message);
            case LEFT -> new DisconnectedException(DisconnectedException.Reason.CLOSED, message, null);
        };
    }

    @Override
    public final String toString() {
        return member.name() + ": " + group.describe();
    }

    /** Leaves the group. Waits a moment for the coordinator's answer, and has it repeated in the background without. */
    @Override
    public void close() {
        leaving.accept(this);
    }

    /** Whether this node has been admitted, though it may be out again, or can't be. */
    final boolean isDecided() {
        return driver().read(nowNanos -> group.state() != JoinedGroup.State.JOINING || end() != null);
    }

    /** Has a signal run, by whichever thread and under the driver's lock, as soon as this is decided. */
    final void whenDecided(Runnable signal) {
        driver().watch(new OnceMet(this::isDecided, signal));
    }

    @Override
    public final Optional<Loss> loss() {
        return driver().read(nowNanos -> {
            CamureException why = closed ? null : end();
            return why == null
                    ? Optional.empty()
                    : Optional.of(new Loss(
                            why,
                            Instant.now().minusNanos(ended ? nowNanos - endedNanos : 0),
                            Optional.empty(),
                            Optional.empty()));
        });
    }

    /** Why this node is not in the group, or {@code null} while it is. */
    public final @Nullable CamureException failure() {
        return driver().read(nowNanos -> end());
    }

    /** Called under the driver's lock. */
    final void leave(long nowNanos) {
        if (!closed) {
            overBefore = end() != null;
            closed = true;
        }
        group.leave(nowNanos);
    }
}
