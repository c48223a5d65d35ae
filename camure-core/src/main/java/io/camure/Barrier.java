package io.camure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A point that no node passes before all have arrived; the same at the coordinator and at the members.
 *
 * <p>A node arrives once a round, however many of its threads wait. Once it has arrived it can't take that back: after a
 * timeout, an interrupt or a cancelled future the next wait goes on with the same round. Thread-safe.
 */
public interface Barrier extends Group {

    /**
     * Arrives, and waits until all others have, for as long as the barrier is configured to wait.
     *
     * @throws RoundTimeoutException when they have not
     * @throws RoundBrokenException when the round ends without them
     * @throws DisconnectedException when this node is or gets out of the group
     */
    Round await() throws InterruptedException;

    /**
     * Arrives, and waits until all others have, but not longer than the timeout.
     *
     * @throws RoundTimeoutException when they have not
     * @throws RoundBrokenException when the round ends without them
     * @throws DisconnectedException when this node is or gets out of the group
     */
    Round await(Duration timeout) throws InterruptedException;

    /**
     * Arrives without waiting. The future is completed when all others have arrived, and fails as {@link #await()} does. It
     * is completed on the executor of the node's configuration ({@link CoordinatorConfig.Builder#executor},
     * {@link MemberConfig.Builder#executor}), which is its default executor as well.
     */
    CompletableFuture<Round> awaitAsync();
}
