package io.camure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A point that no node passes before all have arrived, used alike at the coordinator and at the members.
 *
 * <p>A node arrives once per round, however many of its threads wait. It can't take an arrival back: after a timeout, an
 * interrupt or a cancelled future, the next wait continues with the same round. Thread-safe.
 */
public interface Barrier extends Group {

    /**
     * Arrives, and waits until all other nodes have arrived, for at most the configured timeout.
     *
     * @throws RoundTimeoutException if they have not arrived in time
     * @throws RoundBrokenException if the round ends without them
     * @throws DisconnectedException if this node is out of the group, or leaves or loses it meanwhile
     */
    Round await() throws InterruptedException;

    /**
     * Arrives, and waits until all other nodes have arrived, for at most {@code timeout}.
     *
     * @throws RoundTimeoutException if they have not arrived in time
     * @throws RoundBrokenException if the round ends without them
     * @throws DisconnectedException if this node is out of the group, or leaves or loses it meanwhile
     */
    Round await(Duration timeout) throws InterruptedException;

    /**
     * Arrives without waiting. The future is completed when all others have arrived, and fails as {@link #await()} does. It
     * is completed on the executor of the node's configuration ({@link CoordinatorConfig.Builder#executor},
     * {@link MemberConfig.Builder#executor}), which is its default executor as well.
     */
    CompletableFuture<Round> awaitAsync();

    /** Arrives without waiting, as {@link #awaitAsync()} does. The future fails when the others have not arrived within {@code timeout}. */
    CompletableFuture<Round> awaitAsync(Duration timeout);
}
