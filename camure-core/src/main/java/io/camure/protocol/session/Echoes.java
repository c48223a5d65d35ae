package io.camure.protocol.session;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.group.EchoAnswers;
import io.camure.protocol.group.Peer;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What doctors ask a coordinator, and what its own doctor asks the members, and which of them answer. Keeps the answers to the last
 * request only.
 */
public final class Echoes {

    /** No member has answered yet, or not this one. */
    public static final long UNANSWERED = -1;

    private final SessionSettings settings;
    private final PeerTable peers;
    private final Outbox outbox;
    private final ProtocolCounters counters;
    private EchoAnswers echoAnswers;
    private final Map<InetSocketAddress, Long> answers = new HashMap<>();
    private int number;
    private long askedNanos;

    Echoes(SessionSettings settings, PeerTable peers, Outbox outbox, ProtocolCounters counters) {
        this.settings = settings;
        this.peers = peers;
        this.outbox = outbox;
        this.counters = counters;
        echoAnswers = answers(false);
    }

    private EchoAnswers answers(boolean listens) {
        boolean multicast = settings.delivery() != GroupDelivery.UNICAST;
        return new EchoAnswers(multicast ? settings.multicastAddress() : null, listens, outbox, counters);
    }

    /** This node also takes what is sent to the multicast address from now on, and its answers say so. */
    public void listen() {
        echoAnswers = answers(settings.delivery() != GroupDelivery.UNICAST);
    }

    /** The members that answer requests. */
    public List<NodeIdentity> members() {
        return peers.those(peer -> peer.can(Capability.ECHOES) && !isVisitor(peer));
    }

    /** The doctors that look around in the session: no members, as they can take part in nothing. */
    public List<NodeIdentity> visitors() {
        return peers.those(Echoes::isVisitor);
    }

    private static boolean isVisitor(Peer peer) {
        return peer.can(Capability.ECHOES) && !peer.can(Capability.STATUS_REPORTS);
    }

    /** Whether the session finds out by probes how long datagrams to a member may be, and sends it nothing longer. */
    public boolean isProbed(InetSocketAddress member) {
        Peer peer = peers.find(member);
        return peer != null && peer.can(Capability.PATH_PROBES);
    }

    /**
     * Asks for a short answer.
     *
     * @param member whom; {@code null} for all by multicast
     * @param bytes how long the request is: from 6 on
     */
    public void ask(@Nullable InetSocketAddress member, int bytes, long nowNanos) {
        answers.clear();
        number++;
        askedNanos = nowNanos;
        int chunkBytes = bytes - outbox.overheadBytes();
        ByteBuffer request = ByteBuffer.allocateDirect(chunkBytes);
        ChunkWriter.echo(request, ChunkType.ECHO_REQUEST, number);
        outbox.send(member == null ? settings.multicastAddress() : member, request, 0, chunkBytes);
    }

    /** How long a member took to answer the last request, in nanoseconds, or {@link #UNANSWERED}. */
    public long answer(InetSocketAddress member) {
        return answers.getOrDefault(member, UNANSWERED);
    }

    /** Whether all members have answered that can. */
    public boolean isAnsweredByAll() {
        return members().stream().map(NodeIdentity::address).allMatch(answers::containsKey);
    }

    /** Takes a request, or an answer, of a node in the session. */
    void onChunk(InetSocketAddress source, ChunkReader chunk, long nowNanos) {
        if (peers.find(source) == null) {
            counters.onDropped(DropReason.NOT_IN_SESSION);
        } else if (chunk.type() == ChunkType.ECHO_REQUEST) {
            echoAnswers.onRequest(source, chunk, nowNanos);
        } else if (chunk.number() != number || answers.putIfAbsent(source, nowNanos - askedNanos) != null) {
            counters.onDropped(DropReason.DUPLICATE);
        }
    }
}
