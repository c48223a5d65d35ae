package io.camure.protocol.group;

import io.camure.wire.ChunkReader;

/** What a member does in a group beside being in it: arrive at rounds, or receive chunks. */
public interface MemberWork {

    /**
     * The member is in a group.
     *
     * @param group its id
     * @param epoch tells it from others with its id; negative when a legacy coordinator does not tell
     * @param generation orders the groups that the coordinator has created; 0 when it does not tell
     * @param firstSequence the first round or chunk that counts for the member; only its lowest 16 bits where the coordinator does not tell more
     */
    void onWelcome(int group, long epoch, long generation, long firstSequence, long nowNanos);

    /**
     * The coordinator has gone on without this member before it heard its answer: a later number is the first that counts.
     *
     * @return whether the member can begin there; what it has had must not lack what is between
     */
    boolean onLaterWelcome(int firstSequence, long nowNanos);

    /** The coordinator has sent one of the chunks that the {@link GroupKind} takes. */
    void onChunk(ChunkReader chunk, long nowNanos);

    /** Whether the first round or chunk has been received, so that an acknowledgement of it is true whatever it is for. */
    boolean hasReceivedFirst();

    /** Whether what was sent in the group shows that a legacy coordinator was started anew. */
    boolean showsRestart();

    /** The member is out, and says nothing more. */
    void onOut();

    void onDeadline(long nowNanos);

    long nextDeadlineNanos();
}
