package io.camure.node.group;

import io.camure.CamureException;
import io.camure.DisconnectedException;
import io.camure.Group;
import io.camure.Loss;
import io.camure.Node;
import io.camure.protocol.base.Format;
import io.camure.protocol.group.GroupLabel;
import io.camure.runtime.ParkingLot;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group that is joined again after each loss: what stays the same of it while its membership is replaced. Thread-safe.
 *
 * @param <G> the membership of one session
 */
public final class ResumedGroup<G extends GroupAtMember> {

    private static final Logger log = LoggerFactory.getLogger(ResumedGroup.class);

    private final GroupJoin<?, G> how;
    private final Consumer<ResumedGroup<?>> leaving;
    private final GroupLosses losses;
    private final int key;

    /** The last one that this node was admitted to, also when it is over. */
    private volatile G current;

    /** The one that the coordinator is asked for. Guarded by the lock of whoever keeps this node in the group. */
    private @Nullable G asked;

    /** Why this node is out, from when it was told to when it is in again. Written under the same lock. */
    private volatile @Nullable CamureException loss;

    /** What the user has got of it. */
    private @Nullable Group handle;

    private volatile boolean closed;
    private final ParkingLot waiting;

    /**
     * @param how it is joined in each session
     * @param leaving has it left for good
     * @param key what whoever keeps this node in the group calls it
     */
    public ResumedGroup(GroupJoin<?, G> how, Consumer<ResumedGroup<?>> leaving, GroupLosses losses, G joined, int key) {
        this.how = how;
        this.leaving = leaving;
        this.losses = losses;
        current = joined;
        this.key = key;
        waiting = new ParkingLot(joined.driver().execution());
    }

    /** Once, before anybody asks for it. */
    public void handOut(Group group) {
        handle = group;
    }

    public Group handle() {
        return Objects.requireNonNull(handle);
    }

    public int key() {
        return key;
    }

    /** That of the membership which was joined last: one that is joined by its name may come back with another. */
    public int id() {
        return current.id();
    }

    /** Whether a group that is to be joined is this one. */
    public boolean isMeantBy(GroupLabel other) {
        if (!other.hasId()) {
            return label().name().equals(other.name());
        }
        // While it is lost, one that is joined by its name may have any.
        return id() == other.id() && (label().hasId() || isOpen());
    }

    private GroupLabel label() {
        return current.label();
    }

    /** This node has asked in vain for so long. */
    public void warnOfWaiting(Node coordinator, Duration age) {
        G asking = asked;
        if (asking != null) {
            log.warn(
                    "{}: the coordinator {} has not admitted this node for {}{} (this node goes on asking)",
                    this,
                    coordinator,
                    Format.duration(age),
                    asking.whyPending());
        }
    }

    public boolean isOpen() {
        return loss == null && !closed && current.isOpen();
    }

    public G current() {
        return current;
    }

    /** @throws DisconnectedException when this node is not in the group now */
    public G joined() {
        throwIfOut();
        return current;
    }

    public void throwIfOut() {
        CamureException why = loss;
        if (closed) {
            throw new DisconnectedException(
                    DisconnectedException.Reason.CLOSED, this + " was closed by this node", null);
        } else if (why != null) {
            throw losses.outageOf(key, toString(), why);
        }
    }

    public Optional<Loss> loss() {
        return closed ? Optional.empty() : losses.lossOf(key);
    }

    public boolean isClosed() {
        return closed;
    }

    /** A call that waits in the group. */
    @FunctionalInterface
    public interface Call<G, R> {

        R in(G joined) throws InterruptedException;
    }

    /** Makes a call; if the group is lost meanwhile, it fails with what is tried next, if that is known already. */
    public <R> R call(Call<G, R> call) throws InterruptedException {
        G joinedNow = joined();
        try {
            return call.in(joinedNow);
        } catch (DisconnectedException e) {
            throwIfOut();
            throw e;
        }
    }

    /** Makes a call that does not wait. */
    public <R> CompletableFuture<R> begin(Function<G, CompletableFuture<R>> call) {
        try {
            return call.apply(joined());
        } catch (DisconnectedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Waits until this node is in the group by another membership, or out of it for good. */
    public void awaitOtherThan(G over) throws InterruptedException {
        waiting.await(() -> current != over || closed, Long.MAX_VALUE);
    }

    /** Under the lock of whoever keeps this node in the group, as the next five. */
    public void onLost(CamureException why) {
        loss = why;
    }

    /** Asks to be admitted, without waiting for the answer. */
    public void ask(MemberGroups in, Runnable signal) {
        G asking = in.ask(label(), how);
        asked = asking;
        asking.whenDecided(signal);
    }

    /** The membership that was asked for, once it is decided whether there is one; it is not returned again. */
    public Optional<G> takeDecided() {
        G decided = asked;
        if (decided == null || !decided.isDecided()) {
            return Optional.empty();
        }
        asked = null;
        return Optional.of(decided);
    }

    /** Asking has ended with the session. */
    public void forgetAsked() {
        asked = null;
    }

    /** This node is in again. */
    public void resume(G with) {
        current = with;
        loss = null;
        waiting.unparkAll();
    }

    /** @return the memberships that are to be left; to be closed without the lock */
    public List<GroupAtMember> closeForGood() {
        closed = true;
        G asking = asked;
        asked = null;
        waiting.unparkAll();
        return asking == null ? List.of(current) : List.of(current, asking);
    }

    public void close() {
        leaving.accept(this);
    }

    @Override
    public String toString() {
        return current.toString();
    }
}
