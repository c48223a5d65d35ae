package io.camure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A barrier at a member that joins it again. */
final class ResumedBarrier extends ResumedGroup<BarrierAtMember> implements Barrier {

    private final Duration awaitTimeout;

    ResumedBarrier(KeptSession session, BarrierAtMember joined, Duration awaitTimeout) {
        super(session, joined);
        this.awaitTimeout = awaitTimeout;
    }

    @Override
    BarrierAtMember askFor(MemberNode in) {
        return in.groups().askBarrier(id(), awaitTimeout);
    }

    @Override
    public Round await() throws InterruptedException {
        return joined().await();
    }

    @Override
    public Round await(Duration timeout) throws InterruptedException {
        return joined().await(timeout);
    }

    @Override
    public CompletableFuture<Round> awaitAsync() {
        try {
            return joined().awaitAsync();
        } catch (DisconnectedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
