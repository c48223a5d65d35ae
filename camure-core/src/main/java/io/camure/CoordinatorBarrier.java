package io.camure;

/**
 * A barrier at the coordinator, which takes part in every round.
 *
 * <p>A round needs at least one member, and the first one all that are expected. Who joins takes part from the round on
 * that is not complete; who is lost is not waited for longer than the member timeout, and is named in the round's result, or
 * breaks the round for everyone: {@link GroupConfig#onMemberLoss}.
 */
public interface CoordinatorBarrier extends CoordinatorGroup, Barrier {

    /**
     * Breaks the current round, if anybody has arrived at it: for everyone it ends by a {@link RoundBrokenException} that
     * names who has not arrived.
     */
    void reset();

    /** Who has arrived at the current round, and who has not. */
    RoundProgress progress();
}
