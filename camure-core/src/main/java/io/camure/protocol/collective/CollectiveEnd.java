package io.camure.protocol.collective;

import io.camure.protocol.base.Nonces;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.Membership;
import io.camure.protocol.round.RoundBreak;
import io.camure.protocol.round.RoundEnd;
import io.camure.wire.Capability;
import io.camure.wire.CollectiveChunks;
import io.camure.wire.LongValue;
import io.camure.wire.NodeIdentity;
import io.camure.wire.RoundContext;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The end of a collective's last round, told by CollectiveReleased with the result, or by CollectiveBroken; in front of a release goes
 * the roster of who has taken part, as long as there are nodes that do not have it.
 */
final class CollectiveEnd extends RoundEnd {

    private static final byte[] NOTHING = {};
    private static final long NONE = -1;

    private final Bytes result = new Bytes();

    /** Of the chunk that was written last; control chunks may be too short. */
    private ByteBuffer written = ByteBuffer.allocate(0);

    private List<CollectiveChunks.Participant> roster = List.of();
    private int rosterNumber;
    private boolean rosterNew;
    private boolean told;

    /** Whether the release has room for what stands for the round in traces. */
    private boolean tellsContext;

    /** The number of the first chunk of a result that is too long for a release; {@link #NONE} for another one. */
    private long longSequence = NONE;

    CollectiveEnd(GroupContext group, Nonces nonces) {
        super(group, nonces);
    }

    /** What becomes of the values of the round that is about to end. */
    Bytes result() {
        return result;
    }

    /**
     * Who takes part in the round that is about to end.
     *
     * @param tellsResult whether the members are to get the result
     */
    void prepare(Participants participants, boolean tellsResult) {
        roster = participants.roster();
        rosterNumber = participants.rosterNumber();
        rosterNew = participants.isRosterNew();
        told = tellsResult;
        longSequence = NONE;
    }

    /**
     * There is a result.
     *
     * @param nextSequence the number of its first chunk, if it is too long for a release
     * @param traced whether what stands for the round in traces may be told with it
     */
    void onResult(long nextSequence, boolean traced) {
        tellsContext = traced && canAll(Capability.COLLECTIVE_CONTEXTS);
        int roomBytes = longestBytes() - CollectiveChunks.HEADER_BYTES - (tellsContext ? RoundContext.BYTES : 0);
        int codedBytes = roomBytes - codeBytes();
        // Codes that leave no room for anything don't get to all by multicast, whatever the release has: it is told by
        // links again.
        boolean fits = !told || result.length() <= (codedBytes < LongValue.BYTES ? roomBytes : codedBytes);
        longSequence = fits ? NONE : nextSequence;
    }

    /** Each member that is served by multicast finds a code of its own behind the release in a sealed session. */
    private int codeBytes() {
        boolean byMulticast = group.destinations().contains(link.settings().multicastAddress());
        return byMulticast ? link.outbox().codec().codeBytes(group.id(), group.epoch()) : 0;
    }

    /** The release is the same for all, so that all have to be able to read it. */
    private boolean canAll(Capability capability) {
        List<Membership> memberships = group.memberships();
        for (int i = 0; i < memberships.size(); i++) {
            if (!memberships.get(i).can(capability)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the round was released with a result that is too long for that. */
    boolean isLong() {
        return longSequence != NONE && broken() == null;
    }

    /** Whether the members are to get the result. */
    boolean isTold() {
        return told;
    }

    @Override
    protected ByteBuffer write(int lastArrived) {
        RoundBreak why = broken();
        if (why != null) {
            return writeBroken(why);
        }
        int resultBytes = told && longSequence == NONE ? result.length() : 0;
        byte[] context = tellsContext ? context() : null;
        int headerBytes = CollectiveChunks.HEADER_BYTES + RoundContext.BYTES;
        ByteBuffer chunk = buffer(headerBytes + Math.max(resultBytes, LongValue.BYTES));
        CollectiveChunks.released(
                chunk, group.id(), round(), participants(), group.epoch(), lastArrived, nonce(), rosterNumber, told);
        if (context != null) {
            CollectiveChunks.putContext(chunk, context);
        }
        if (longSequence != NONE) {
            LongValue.put(chunk, longSequence, result.length());
        }
        return chunk.put(told ? result.array() : NOTHING, 0, resultBytes);
    }

    private ByteBuffer buffer(int bytes) {
        if (written.capacity() < bytes) {
            written = ByteBuffer.allocateDirect(Math.max(bytes, link.chunkBytes()));
        }
        // Another destination may not have been sent the last one yet.
        link.outbox().detach(written, 0, written.capacity());
        return written.clear();
    }

    private ByteBuffer writeBroken(RoundBreak why) {
        ByteBuffer chunk = link.control();
        List<CollectiveChunks.Participant> named =
                why.nodes().stream().map(this::participant).toList();
        CollectiveChunks.broken(
                chunk,
                group.id(),
                round(),
                group.epoch(),
                why.cause().ordinal(),
                why.detail(),
                named,
                why.calls(),
                longestBytes());
        return chunk;
    }

    /** The coordinator is called by its id alone, and of others the id means nothing where they are only named. */
    private CollectiveChunks.Participant participant(NodeIdentity node) {
        for (CollectiveChunks.Participant each : roster) {
            if (each.node().equals(node)) {
                return each;
            }
        }
        return new CollectiveChunks.Participant(CollectiveChunks.UNKNOWN, node);
    }

    @Override
    protected void sendAhead(InetSocketAddress destination) {
        if (!rosterNew || broken() != null) {
            return;
        }
        int next = 0;
        while (next < roster.size()) {
            ByteBuffer page = link.control();
            next = CollectiveChunks.roster(page, group.id(), group.epoch(), rosterNumber, roster, next, longestBytes());
            link.send(destination, page);
        }
    }

    /** All nodes that may be in a collective prove it. */
    @Override
    protected boolean isProven(Membership member) {
        return true;
    }
}
