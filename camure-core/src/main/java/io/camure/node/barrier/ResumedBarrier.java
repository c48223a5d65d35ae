package io.camure.node.barrier;

import io.camure.Barrier;
import io.camure.DisconnectedException;
import io.camure.Loss;
import io.camure.Round;
import io.camure.node.group.ResumedGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A barrier at a member that joins it again. */
final class ResumedBarrier implements Barrier {

    private final ResumedGroup<BarrierAtMember> group;

    ResumedBarrier(ResumedGroup<BarrierAtMember> group) {
        this.group = group;
    }

    @Override
    public int id() {
        return group.id();
    }

    @Override
    public boolean isOpen() {
        return group.isOpen();
    }

    @Override
    public Round await() throws InterruptedException {
        BarrierAtMember joined = group.joined();
        try {
            return joined.await();
        } catch (DisconnectedException e) {
            throw toldByNow(e);
        }
    }

    @Override
    public Round await(Duration timeout) throws InterruptedException {
        BarrierAtMember joined = group.joined();
        try {
            return joined.await(timeout);
        } catch (DisconnectedException e) {
            throw toldByNow(e);
        }
    }

    /** What was lost while it was waited for: what is tried next, if that is known already. */
    private DisconnectedException toldByNow(DisconnectedException end) {
        group.throwIfOut();
        return end;
    }

    @Override
    public CompletableFuture<Round> awaitAsync() {
        return arrive(BarrierAtMember::awaitAsync);
    }

    @Override
    public CompletableFuture<Round> awaitAsync(Duration timeout) {
        return arrive(joined -> joined.awaitAsync(timeout));
    }

    private CompletableFuture<Round> arrive(Function<BarrierAtMember, CompletableFuture<Round>> arrival) {
        try {
            return arrival.apply(group.joined());
        } catch (DisconnectedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Optional<Loss> loss() {
        return group.loss();
    }

    @Override
    public void close() {
        group.close();
    }

    @Override
    public String toString() {
        return group.toString();
    }
}
