package io.camure.protocol.group;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** How the groups of a coordinator speak to a node, and what they have in common. */
public final class GroupLink {

    private final SessionSettings settings;
    private final long incarnation;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final AnswerLimit answerLimit = new AnswerLimit();
    private final int chunkBytes;
    private int generations;

    /** @param incarnation of this coordinator */
    public GroupLink(SessionSettings settings, long incarnation, Outbox outbox, ProtocolCounters counters) {
        this.settings = settings;
        this.incarnation = incarnation;
        this.outbox = outbox;
        this.counters = counters;
        chunkBytes = settings.chunkSizeBytes() - outbox.overheadBytes();
    }

    /** The number of a group that is being created, in the order of that: from 1 on. */
    int nextGeneration() {
        return ++generations;
    }

    /** A buffer for one chunk, to be given to {@link #send} in the same turn. */
    public ByteBuffer control() {
        return outbox.control();
    }

    public void send(InetSocketAddress destination, ByteBuffer written) {
        outbox.sendWritten(destination, written);
    }

    /** The largest chunk: what a datagram of the session has room for beside what its codec adds. */
    public int chunkBytes() {
        return chunkBytes;
    }

    /** Whether a chunk is longer than the session has them; a doctor tries also what is longer. */
    public boolean isOversized(ChunkReader chunk) {
        return chunk.lengthBytes() > chunkBytes && !chunk.type().isEcho();
    }

    /** Whether there are nonces by which nodes prove what they have received. */
    public boolean givesNonces() {
        return givesNonces(settings, outbox);
    }

    /**
     * The same. Not where nodes are let in that can't tell what they say from what others say in their name: members take chunks
     * without an epoch there, and so can't prove which ones they have. Nor in a sealed session: nobody speaks as another member
     * there, and a member that forges data could give it a wrong nonce, by which others would prove nothing any more.
     */
    public static boolean givesNonces(SessionSettings settings, Outbox outbox) {
        return !settings.acceptsLegacy() && outbox.overheadBytes() == 0;
    }

    /** Whether a node proves what it has received. */
    public boolean getsProofs(Membership membership) {
        return givesNonces() && membership.can(Capability.RECEIPT_PROOFS) && membership.can(Capability.HARDENED);
    }

    /** What bounds the answers to nodes that speak without being in a group. */
    public AnswerLimit answerLimit() {
        return answerLimit;
    }

    /** Which incarnation of the coordinator this is; never 0. */
    public long incarnation() {
        return incarnation;
    }

    public SessionSettings settings() {
        return settings;
    }

    public Outbox outbox() {
        return outbox;
    }

    public ProtocolCounters counters() {
        return counters;
    }
}
