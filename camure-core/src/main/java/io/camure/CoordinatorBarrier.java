package io.camure;

/**
 * A barrier at the coordinator, which takes part in every round.
 *
 * <p>A round needs at least one member, the first round all expected members. A member that joins takes part from the first
 * round that is not complete. A lost member holds a round up for no longer than the member timeout; then the round's result
 * names it, or the round breaks for everyone: {@link GroupConfig#onMemberLoss}.
 */
public interface CoordinatorBarrier extends CoordinatorGroup, Barrier {

    /**
     * Breaks the current round if any node has arrived at it: it ends for everyone with a {@link RoundBrokenException} that
     * names the members that have not arrived.
     */
    void reset();

    /** Which nodes have arrived at the current round, and which have not. */
    RoundProgress progress();

    /**
     * When the nodes have arrived at the last rounds, and which of them kept the others waiting. Nothing of that is recorded
     * before the first call.
     */
    RoundHistory history();
}
