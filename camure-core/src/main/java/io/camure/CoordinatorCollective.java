package io.camure;

import java.util.Optional;

/**
 * A collective at the coordinator, which computes the result of each round and takes part in it, as the participant of rank 0, unless it
 * {@linkplain GroupConfig.Builder#coordinatorTakesPart does not}: then rank 0 is that of the member which was admitted first, and the calls
 * of the coordinator fail with an {@link IllegalStateException}.
 *
 * <p>A round needs at least one member, the first round all expected members. A member that joins takes part from the first round that is
 * not complete. A lost member holds a round up for no longer than the member timeout; then the round goes on without it if it had not
 * arrived, or breaks for everyone: {@link GroupConfig#onMemberLoss}.
 */
public interface CoordinatorCollective<T> extends CoordinatorGroup, Collective<T> {

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

    /**
     * What the nodes have given in the last round that has a result, or whose reducer or action has failed. Nothing of that is kept
     * before the first call. Runs the group's codec, in the thread of the caller.
     */
    Optional<CollectiveContributions> contributions();
}
