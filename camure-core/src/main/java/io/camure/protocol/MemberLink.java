package io.camure.protocol;

import io.camure.wire.Capability;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.GroupType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** How a member's state machines speak to the coordinator. Remembers when, as each chunk is a sign of life. */
final class MemberLink {

    private final InetSocketAddress coordinator;
    private final long coordinatorTimeoutNanos;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private final RoundTripEstimator roundTrip = new RoundTripEstimator();
    private final Extension offer;
    private int agreedCapabilities;
    private int memberId;
    private boolean spoke;

    MemberLink(MemberSettings settings, long incarnation, Outbox outbox, ProtocolCounters counters) {
        coordinator = settings.coordinatorAddress();
        coordinatorTimeoutNanos = settings.coordinatorTimeoutNanos();
        this.outbox = outbox;
        this.counters = counters;
        offer = Extension.offer(Capability.ALL, settings.windowChunks(), settings.receiveBufferBytes(), incarnation);
    }

    /** The coordinator has answered our offer. */
    void onAgreement(Extension answer) {
        agreedCapabilities = answer.capabilities() & offer.capabilities();
        memberId = answer.memberId();
    }

    /** Whether both sides have a capability. */
    boolean can(Capability capability) {
        return capability.isIn(agreedCapabilities);
    }

    /** What the coordinator calls this member, or 0 when it is a 0.1 node. */
    int memberId() {
        return memberId;
    }

    ProtocolCounters counters() {
        return counters;
    }

    long coordinatorTimeoutNanos() {
        return coordinatorTimeoutNanos;
    }

    RoundTripEstimator roundTrip() {
        return roundTrip;
    }

    void tell(SessionEvent event) {
        outbox.tell(event);
    }

    void heartbeat() {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.session(chunk, ChunkType.SESSION_HEARTBEAT);
        send(chunk);
    }

    void joinSession() {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.session(chunk, ChunkType.SESSION_JOIN);
        offer.write(chunk);
        send(chunk);
    }

    /** Only this run of this member leaves by it, however late it arrives. */
    void leaveSession() {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.session(chunk, ChunkType.SESSION_LEAVE);
        offer.withMemberId(memberId).write(chunk);
        send(chunk);
    }

    /** Offers again what we can do, since the coordinator may have forgotten this member meanwhile. */
    void join(int group, GroupType type) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.groupJoin(chunk, group, type);
        offer.write(chunk);
        send(chunk);
    }

    void leave(int group) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.groupLeave(chunk, group);
        send(chunk);
    }

    void acknowledgeWelcome(int group, long sequence) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.welcomeAck(chunk, group, sequence);
        send(chunk);
    }

    void send(ChunkType type, int group, long sequence) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.sequenced(chunk, type, group, sequence);
        send(chunk);
    }

    void reached(int group, long round, long delayMicros) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.barrierReached(chunk, group, round, delayMicros);
        send(chunk);
    }

    void acknowledgeRelease(int group, long round, long delayMicros) {
        ByteBuffer chunk = outbox.control();
        ChunkWriter.roundAck(chunk, group, round, ChunkType.BARRIER_RELEASED, delayMicros);
        send(chunk);
    }

    /** A buffer for a chunk that is written elsewhere, to be given to {@link #send(ByteBuffer)}. */
    ByteBuffer control() {
        return outbox.control();
    }

    void send(ByteBuffer written) {
        spoke = true;
        outbox.sendWritten(coordinator, written);
    }

    /** Whether anything was sent since the last call. */
    boolean takeSpoke() {
        boolean result = spoke;
        spoke = false;
        return result;
    }
}
