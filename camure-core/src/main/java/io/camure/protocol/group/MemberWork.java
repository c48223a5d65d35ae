package io.camure.protocol.group;

import io.camure.wire.ChunkReader;

/** What a member does in a group beside being in it: arrive at rounds, or receive chunks. */
public interface MemberWork {

    /** The member is in the group with this id, and {@code firstSequence} is the first round or chunk that counts for it. */
    void onWelcome(int group, int firstSequence, long nowNanos);

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
