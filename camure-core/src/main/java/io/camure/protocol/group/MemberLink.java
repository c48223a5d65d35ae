package io.camure.protocol.group;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.base.SessionEvent;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import io.camure.wire.GroupType;
import io.camure.wire.JoinToken;
import io.camure.wire.NodeIdentity;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How a member's state machines speak to the coordinator, and what both have agreed on. Remembers that it has spoken, as each
 * chunk is a sign of life.
 */
public final class MemberLink {

    /** As long as the longest answer to who has yet to prove its address, which gets no more bytes than it has sent. */
    public static final int JOIN_BYTES = 160;

    private final MemberSettings settings;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final RoundTripEstimator roundTrip = new RoundTripEstimator();
    private final Extension offer;
    private final EchoAnswers echoAnswers;
    private NodeIdentity coordinator;
    private int lastMembership;
    private int agreedCapabilities;
    private int memberId;
    private int coordinatorWindowChunks;
    private int chunkBytes;
    private boolean spoke;

    /** What the coordinator has this node say to prove its address, until it is let in. */
    private JoinToken token = JoinToken.NONE;

    /** Whether the coordinator says in its answers which incarnation of a node they are for. */
    private boolean echoed;

    /** When the coordinator last called this member by its id. */
    private long confirmedNanos;

    private GroupDelivery delivery = GroupDelivery.MULTICAST;

    private final HeardProbes heardProbes;

    /** @param datagramBytes the largest datagram, as long as the coordinator has not told it */
    public MemberLink(
            MemberSettings settings, long incarnation, int datagramBytes, Outbox outbox, ProtocolCounters counters) {
        this.settings = settings;
        this.outbox = outbox;
        this.counters = counters;
        onDatagramBytes(datagramBytes);
        offer = Extension.offer(Capability.ALL, settings.windowChunks(), settings.receiveBufferBytes(), incarnation)
                .withName(settings.name())
                .withSessionName(settings.sessionName());
        coordinator = NodeIdentity.at(settings.coordinatorAddress());
        echoAnswers = new EchoAnswers(null, true, outbox, counters);
        heardProbes = new HeardProbes(settings.interfaceBytes());
        // Other numbers than those of an earlier incarnation of the node at its address.
        lastMembership = (int) (incarnation >>> Integer.SIZE);
    }

    /** The number of a membership that begins: never 0, and one more than that of the one before. */
    int nextMembership() {
        lastMembership++;
        if (lastMembership == 0) {
            lastMembership++;
        }
        return lastMembership;
    }

    /** The coordinator has told the largest datagram of the session. */
    public void onDatagramBytes(int bytes) {
        chunkBytes = bytes - outbox.overheadBytes();
    }

    /** The largest chunk: what a datagram has room for beside what its codec adds. */
    public int chunkBytes() {
        return chunkBytes;
    }

    /** Whether a chunk is longer than the session has them; a doctor tries also what is longer. */
    public boolean isOversized(ChunkReader chunk) {
        return chunk.lengthBytes() > chunkBytes && !chunk.type().isEcho();
    }

    /** The coordinator has answered the offer of this node. */
    public void onAgreement(Extension answer) {
        agreedCapabilities = answer.capabilities() & offer.capabilities();
        memberId = answer.memberId();
        coordinatorWindowChunks = answer.windowChunks();
        delivery = answer.delivery();
        echoed |= answer.echo() != 0;
        token = JoinToken.NONE;
        coordinator = new NodeIdentity(answer.name(), settings.coordinatorAddress(), answer.incarnation());
    }

    /** The coordinator has called this member by its id. */
    public void onConfirmed(long nowNanos) {
        confirmedNanos = nowNanos;
    }

    /**
     * Whether an answer is late, and the coordinator has forgotten this member since: ids are given in turn. Who has not been
     * called by its own for long was forgotten itself, and so many others may have come since that they begin from the front
     * again.
     */
    public boolean isOfEarlierMember(Extension answer, long nowNanos) {
        // The first answer that tells for whom it is counts more than those before it, which anybody may have made up.
        return (echoed || answer.echo() == 0)
                && (short) (answer.memberId() - memberId) < 0
                && nowNanos - confirmedNanos < settings.coordinatorTimeoutNanos();
    }

    /**
     * Whether an answer is not one to this incarnation of this node: it is late, or made up by somebody who does not see what this
     * node says. Legacy peers and earlier builds don't tell for whom theirs are.
     */
    public boolean isForAnotherNode(@Nullable Extension answer) {
        long echo = answer == null ? 0 : answer.echo();
        return echo != incarnation() && (echo != 0 || echoed);
    }

    /** Whether a SessionLeave is the goodbye of the coordinator of this node, to this incarnation of it. */
    public boolean isGoodbye(@Nullable Extension farewell) {
        return farewell != null
                && can(Capability.HANDOVER)
                && farewell.incarnation() == coordinator.incarnation()
                && farewell.echo() == incarnation();
    }

    /** How the coordinator delivers what is for all in a group. */
    public GroupDelivery delivery() {
        return delivery;
    }

    /** Whether the coordinator wants to know which of its probes this node hears. */
    public boolean isProbed() {
        return delivery == GroupDelivery.AUTO && can(Capability.MULTICAST_PROBES);
    }

    /** Which probes of the coordinator have come. */
    public HeardProbes heardProbes() {
        return heardProbes;
    }

    /** A path probe has come; answers it if it asks for that. */
    public void onPathProbe(ChunkReader probe) {
        if (heardProbes.onPathProbe(probe, probe.lengthBytes() + outbox.overheadBytes())) {
            joinSession();
        }
    }

    /** Which node the coordinator is, as far as it has told. */
    public NodeIdentity coordinator() {
        return coordinator;
    }

    /** How many chunks of a broadcast the coordinator keeps, or 0 when that is not known. */
    public int coordinatorWindowChunks() {
        return coordinatorWindowChunks;
    }

    /** Whether both sides have a capability. */
    public boolean can(Capability capability) {
        return capability.isIn(agreedCapabilities);
    }

    /** Whether a GroupWelcome is of another incarnation of the coordinator than this node is in the session of. */
    boolean isOfAnotherCoordinator(ChunkReader welcome) {
        return can(Capability.HARDENED) && welcome.welcomingIncarnation() != coordinator.incarnation();
    }

    /** Whether the coordinator speaks protocol 0.1 only. */
    public boolean isLegacy() {
        return memberId == 0;
    }

    /** What the coordinator calls this member, or 0 when it is a legacy peer. */
    public int memberId() {
        return memberId;
    }

    public MemberSettings settings() {
        return settings;
    }

    public ProtocolCounters counters() {
        return counters;
    }

    /** Which incarnation of this node this is; never 0. */
    public long incarnation() {
        return offer.incarnation();
    }

    public RoundTripEstimator roundTrip() {
        return roundTrip;
    }

    public void tell(SessionEvent event) {
        outbox.tell(event);
    }

    public void heartbeat() {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.session(chunk, ChunkType.SESSION_HEARTBEAT);
        send(chunk);
    }

    public void joinSession() {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.session(chunk, ChunkType.SESSION_JOIN);
        heardProbes.addTo(offer).withToken(token).write(chunk);
        heardProbes.onTold();
        Extension.pad(chunk, JOIN_BYTES);
        send(chunk);
    }

    /** Joins by saying what the coordinator has sent to the address of this node, which proves that it is. */
    public void proveAddress(JoinToken given) {
        token = given;
        joinSession();
    }

    /** Only this incarnation of this member leaves by it, however late it arrives. */
    public void leaveSession() {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.session(chunk, ChunkType.SESSION_LEAVE);
        offer.withMemberId(memberId).write(chunk);
        send(chunk);
    }

    /** Says goodbye to a coordinator that takes this node for a member of its session, and would wait for it in vain. */
    public void declineSession(@Nullable Extension answer) {
        if (answer != null && answer.memberId() != 0) {
            onAgreement(answer);
            leaveSession();
        }
    }

    /** Offers again what this node can do, since the coordinator may have forgotten it meanwhile. */
    void join(int group, String name, GroupType type, int membership) {
        ByteBuffer chunk = outbox.control();
        if (group == GroupLabel.NO_ID) {
            ChunkWriter.groupJoinByName(chunk, type);
        } else {
            ChunkWriter.groupJoin(chunk, group, type);
        }
        heardProbes
                .addTo(offer)
                .withMembership(membership)
                .withGroupName(name)
                .withToken(token)
                .write(chunk);
        Extension.pad(chunk, JOIN_BYTES);
        send(chunk);
    }

    /** Answers the coordinator's doctor. An answer by multicast is for whichever doctor has asked. */
    public void onEcho(ChunkReader chunk, long nowNanos) {
        if (chunk.type() == ChunkType.ECHO_REQUEST) {
            echoAnswers.onRequest(settings.coordinatorAddress(), chunk, nowNanos);
        }
    }

    void leave(int group, int membership) {
        sendLeave(group, told(membership));
    }

    private void sendLeave(int group, int membership) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.groupLeave(chunk, group, membership);
        send(chunk);
    }

    void acknowledgeWelcome(int group, long sequence, int membership) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.welcomeAck(chunk, group, sequence, told(membership));
        send(chunk);
    }

    /** Answers a chunk for a membership that this node does not have any more, so that the coordinator does not count on it. */
    public void refuseMembership(ChunkReader chunk) {
        boolean mustKnow = chunk.type() == ChunkType.GROUP_WELCOME
                || chunk.type() == ChunkType.GROUP_DISCONNECTED && DisconnectReason.isToBeConfirmed(chunk.reason());
        if (mustKnow) {
            sendLeave(chunk.group(), chunk.membership());
        }
    }

    /** A legacy coordinator gets what a legacy member would send it. */
    private int told(int membership) {
        return isLegacy() ? 0 : membership;
    }

    /** Sends a chunk that is nothing but its group and sequence number. */
    public void send(ChunkType type, int group, long sequence) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.sequenced(chunk, type, group, sequence);
        send(chunk);
    }

    /** Acknowledges a chunk at once. */
    public void acknowledge(ChunkReader received, long sequence, int membership) {
        ByteBuffer chunk = outbox.control();
        if (isLegacy()) {
            ChunkWriter.sequenced(chunk, ChunkType.GROUP_ACK, received.group(), sequence);
        } else {
            ChunkWriter.ack(chunk, received.group(), sequence, received.type(), -1, membership);
        }
        send(chunk);
    }

    /** What a stream of this member is sent by. */
    public Outbox outbox() {
        return outbox;
    }

    /** A buffer for a chunk that is written elsewhere, to be given to {@link #send(ByteBuffer)}. */
    public ByteBuffer control() {
        return outbox.control();
    }

    /** Has a buffer that is about to be written anew keep what is still to be sent of it. */
    public void detach(ByteBuffer buffer) {
        outbox.detach(buffer, 0, buffer.capacity());
    }

    public void send(ByteBuffer written) {
        spoke = true;
        outbox.sendWritten(settings.coordinatorAddress(), written);
    }

    /** Whether anything was sent since the last call. */
    public boolean takeSpoke() {
        boolean result = spoke;
        spoke = false;
        return result;
    }
}
