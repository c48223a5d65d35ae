package io.camure.protocol.session;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.SessionEvent;
import io.camure.wire.AddressList;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From where a member takes what the coordinator says. The coordinator may answer from another address than the one that was
 * asked, and group traffic may come from one more, where a host has several addresses or addresses are translated on the way.
 *
 * <p>Who answers what this node has asked is believed, wherever it answers from: it tells the incarnation of this node, 63
 * random bits that only the address that was asked is sent. So is the address that was asked, and for group traffic alone each
 * that one of them names. Anybody else is not.
 */
final class CoordinatorAddresses {

    /** A coordinator that answers from ever more addresses is believed at the latest. */
    static final int MAXIMUM_ANSWERING = 4;

    private final InetSocketAddress asked;
    private final long incarnation;
    private final DatagramCodec codec;
    private final Outbox outbox;

    /** Others than the one that was asked. */
    private final List<InetSocketAddress> answering = new ArrayList<>(MAXIMUM_ANSWERING);

    private List<InetSocketAddress> groupSources = List.of();
    private final CoordinatorProbes probes = new CoordinatorProbes();
    private boolean joined;
    private @Nullable InetSocketAddress stranger;

    /** Whose group traffic was told of. */
    private @Nullable InetSocketAddress unnamed;

    /** @param incarnation of this node */
    CoordinatorAddresses(InetSocketAddress asked, long incarnation, DatagramCodec codec, Outbox outbox) {
        this.asked = asked;
        this.incarnation = incarnation;
        this.codec = codec;
        this.outbox = outbox;
    }

    /** The coordinator has let this node in. */
    void onJoined(ChunkReader welcome) {
        joined = true;
        Extension answer = welcome.extension();
        if (answer != null) {
            groupSources = AddressList.of(welcome);
            probes.onJoined(welcome);
        }
    }

    /**
     * Opens what came.
     *
     * @return why it is dropped, or {@code null} when it is to be believed
     */
    @Nullable
    DropReason open(InetSocketAddress source, ByteBuffer datagram, ChunkReader chunk) {
        if (source.equals(asked) || answering.contains(source)) {
            return codec.open(source, datagram, chunk);
        }
        boolean readable = codec.open(source, datagram, chunk) == null;
        if (readable && groupSources.contains(source) && isForGroup(chunk.type())) {
            return null;
        }
        if (readable && isAnswer(chunk)) {
            onAnswerFrom(source);
            return null;
        }
        if (readable) {
            onStranger(source, chunk);
        }
        return DropReason.FOREIGN_SOURCE;
    }

    /** Whether this may come by multicast. */
    private static boolean isForGroup(ChunkType type) {
        return switch (type) {
            case BARRIER_RELEASED,
                    BARRIER_BROKEN,
                    COLLECTIVE_RELEASED,
                    COLLECTIVE_BROKEN,
                    COLLECTIVE_ROSTER,
                    BROADCAST_QUERY,
                    MULTICAST_PROBE,
                    PATH_PROBE,
                    ECHO_REQUEST,
                    ECHO_ANSWER -> true;
            default -> type.isBroadcast();
        };
    }

    private boolean isAnswer(ChunkReader chunk) {
        Extension answer = chunk.extension();
        return answer != null
                && answer.echo() == incarnation
                && (chunk.type() == ChunkType.SESSION_WELCOME || chunk.type() == ChunkType.SESSION_REFUSED);
    }

    private void onAnswerFrom(InetSocketAddress source) {
        if (answering.size() == MAXIMUM_ANSWERING) {
            answering.remove(0);
        }
        answering.add(source);
        outbox.tell(new SessionEvent.AnsweredElsewhere(source));
    }

    private void onStranger(InetSocketAddress source, ChunkReader chunk) {
        if (!joined) {
            if (chunk.type() == ChunkType.SESSION_WELCOME) {
                stranger = source;
            }
        } else if (isProbeOfSession(chunk) && !source.equals(unnamed)) {
            unnamed = source;
            outbox.tell(new SessionEvent.UnnamedGroupSource(source));
        }
    }

    private boolean isProbeOfSession(ChunkReader chunk) {
        return chunk.type() == ChunkType.MULTICAST_PROBE && probes.reveal(chunk);
    }

    /** Which probes are those of the coordinator. */
    CoordinatorProbes probes() {
        return probes;
    }

    /** Where a welcome that was not believed came from last, before this member was in; or {@code null}. */
    @Nullable
    InetSocketAddress stranger() {
        return stranger;
    }
}
