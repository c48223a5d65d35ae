package io.camure.node.barrier;

import io.camure.Barrier;
import io.camure.Loss;
import io.camure.Round;
import io.camure.node.group.ResumedGroup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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
        return group.call(BarrierAtMember::await);
    }

    @Override
    public Round await(Duration timeout) throws InterruptedException {
        return group.call(joined -> joined.await(timeout));
    }

    @Override
    public CompletableFuture<Round> awaitAsync() {
        return group.begin(BarrierAtMember::awaitAsync);
    }

    @Override
    public CompletableFuture<Round> awaitAsync(Duration timeout) {
        return group.begin(joined -> joined.awaitAsync(timeout));
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
