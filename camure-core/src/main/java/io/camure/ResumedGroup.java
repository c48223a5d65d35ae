package io.camure;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A group that is joined again after each loss: what stays the same of it while its membership is replaced. Thread-safe.
 *
 * @param <G> the membership of one session
 */
abstract sealed class ResumedGroup<G extends GroupAtMember> implements Group permits ResumedBarrier, ResumedReceiver {

    private final KeptSession session;
    private final int id;

    /** The last one that this node was admitted to, also when it is over. */
    private volatile G current;

    /** The one that the coordinator is asked for. Guarded by the session's lock. */
    private @Nullable G asked;

    /** Why this node is out, from when it was told to when it is in again. Written under the session's lock. */
    private volatile @Nullable CamureException loss;

    private volatile boolean closed;

    ResumedGroup(KeptSession session, G current) {
        this.session = session;
        this.current = current;
        id = current.id();
    }

    /** Asks to be admitted, without waiting for the answer. */
    abstract G askFor(MemberNode in);

    @Override
    public final int id() {
        return id;
    }

    @Override
    public final boolean isOpen() {
        return loss == null && !closed && current.isOpen();
    }

    final KeptSession session() {
        return session;
    }

    final G current() {
        return current;
    }

    /** @throws DisconnectedException when this node is not in the group now */
    final G joined() {
        throwIfOut();
        return current;
    }

    final void throwIfOut() {
        CamureException why = loss;
        if (closed) {
            throw new DisconnectedException(DisconnectedException.Reason.CLOSED, this + " was closed", null);
        } else if (why != null) {
            throw KeptSession.outage(toString(), why);
        }
    }

    final boolean isClosed() {
        return closed;
    }

    /** Under the session's lock, as the next four. */
    final void onLost(CamureException why) {
        loss = why;
    }

    final void ask(MemberNode in, Runnable signal) {
        G asking = askFor(in);
        asked = asking;
        asking.whenDecided(signal);
    }

    /** The membership that was asked for, once it is decided whether there is one; it is not returned again. */
    final Optional<G> takeDecided() {
        G decided = asked;
        if (decided == null || !decided.isDecided()) {
            return Optional.empty();
        }
        asked = null;
        return Optional.of(decided);
    }

    /** Asking has ended with the session. */
    final void forgetAsked() {
        asked = null;
    }

    /** This node is in again. */
    void resume(G with) {
        current = with;
        loss = null;
    }

    @Override
    public final void close() {
        session.leave(this);
    }

    /** @return the memberships that are to be left; to be called under the session's lock, and closed without it */
    final List<GroupAtMember> closeForGood() {
        closed = true;
        G asking = asked;
        asked = null;
        onClosed();
        return asking == null ? List.of(current) : List.of(current, asking);
    }

    /** This node is out of it for good. */
    void onClosed() {}

    @Override
    public final String toString() {
        return current.toString();
    }
}
