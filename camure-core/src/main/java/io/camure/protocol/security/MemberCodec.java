package io.camure.protocol.security;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.HandshakeChunk;
import io.camure.wire.SealedHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Seals all that a member sends under the key of its link to the coordinator, and opens what that sends. The first join asks for
 * the link in place of being sealed, and so do those that follow one that was not answered, as the coordinator may have been
 * started anew; they are sealed and sent as soon as there is one.
 */
public final class MemberCodec implements DatagramCodec {

    private static final byte[] NO_JOIN = {};

    private final InetSocketAddress coordinatorAddress;
    private final MemberHandshake handshake;
    private final Sealer sealer = new Sealer();
    private final Opener opener = new Opener();
    private @Nullable MemberKeys keys;

    /** Those before, under which there may be something on its way. */
    private @Nullable MemberKeys earlierKeys;

    /** What is to be sealed and sent once there is a link. */
    private byte[] heldJoin = NO_JOIN;

    /** Whether the last join was not answered. */
    private boolean asking;

    /**
     * @param secret one that the coordinator accepts
     * @param random unpredictable in a real session
     */
    public MemberCodec(Secret secret, InetSocketAddress coordinatorAddress, RandomGenerator random) {
        this.coordinatorAddress = coordinatorAddress;
        handshake = new MemberHandshake(secret, random);
    }

    @Override
    public int overheadBytes() {
        return SealingKey.OVERHEAD_BYTES;
    }

    @Override
    public boolean takes(
            InetSocketAddress source, ByteBuffer datagram, Answers answers, ProtocolCounters counters, long nowNanos) {
        if (SealedHeader.isIn(datagram)) {
            return false;
        }
        DropReason reason = HandshakeChunk.isWelcome(datagram) ? onAnswer(datagram) : DropReason.UNSECURED;
        if (reason != null) {
            counters.onDropped(reason);
        } else if (heldJoin.length > 0) {
            answers.sendWritten(coordinatorAddress, answers.control().put(heldJoin));
            heldJoin = NO_JOIN;
        }
        return true;
    }

    private @Nullable DropReason onAnswer(ByteBuffer welcome) {
        byte[] message = HandshakeChunk.message(welcome);
        if (message == null) {
            return DropReason.BAD_FIELD;
        }
        if (!handshake.isPending()) {
            return DropReason.DUPLICATE;
        }
        MemberKeys agreed = handshake.onAnswer(message);
        if (agreed == null) {
            return DropReason.UNAUTHENTICATED;
        }
        earlierKeys = keys;
        if (earlierKeys != null) {
            agreed.takeOver(earlierKeys);
        }
        keys = agreed;
        asking = false;
        return null;
    }

    @Override
    public @Nullable DropReason open(InetSocketAddress source, ByteBuffer datagram, ChunkReader chunk) {
        DropReason unreadable = chunk.read(datagram);
        if (unreadable != null) {
            return unreadable;
        }
        MemberKeys current = keys;
        if (current == null || chunk.type() != ChunkType.SEALED) {
            return current == null ? DropReason.UNKNOWN_KEY : DropReason.UNSECURED;
        }
        SealedHeader.Scope scope = SealedHeader.scope(datagram);
        if (scope == SealedHeader.Scope.GROUP) {
            return openOfGroup(current, datagram, chunk);
        }
        OpeningKey key = current.find(scope, datagram);
        boolean agreed = key != null;
        if (key == null && earlierKeys != null) {
            key = earlierKeys.find(scope, datagram);
        }
        if (key == null) {
            return DropReason.UNKNOWN_KEY;
        }
        DropReason reason = opener.open(key, datagram, chunk);
        if (reason != null) {
            return reason;
        }
        if (scope == SealedHeader.Scope.SESSION) {
            return isForSession(chunk.type()) ? null : DropReason.UNAUTHENTICATED;
        }
        // By earlier keys the coordinator does not show that it has those that this node uses.
        asking &= !agreed;
        if (chunk.type() == ChunkType.GROUP_WELCOME) {
            return onGroupWelcome(current, chunk);
        }
        return null;
    }

    /** Whether this goes by multicast to all nodes, whichever groups they are in. */
    static boolean isForSession(ChunkType type) {
        return switch (type) {
            case MULTICAST_PROBE, PATH_PROBE, ECHO_REQUEST, ECHO_ANSWER -> true;
            default -> false;
        };
    }

    private @Nullable DropReason openOfGroup(MemberKeys current, ByteBuffer datagram, ChunkReader chunk) {
        int group = SealedHeader.place(datagram);
        if (!current.knowsGroup(group)) {
            // The other groups of the session share the multicast address.
            return DropReason.UNKNOWN_GROUP;
        }
        OpeningKey key = current.ofGroup(group, SealedHeader.generation(datagram));
        if (key == null) {
            return DropReason.UNKNOWN_KEY;
        }
        DropReason reason = opener.open(key, datagram, chunk);
        return reason == null && !isForAll(chunk, group) ? DropReason.UNAUTHENTICATED : reason;
    }

    /** Who is in a group has its key, and could speak of another group by it, or to one member in the coordinator's name. */
    private static boolean isForAll(ChunkReader chunk, int group) {
        ChunkType type = chunk.type();
        return chunk.group() == group
                && (type.isBroadcast()
                        || type == ChunkType.BROADCAST_QUERY
                        || type == ChunkType.BARRIER_RELEASED
                        || type == ChunkType.BARRIER_BROKEN);
    }

    private @Nullable DropReason onGroupWelcome(MemberKeys current, ChunkReader chunk) {
        if (chunk.payloadBytes() < SharedKey.BYTES) {
            return DropReason.TRUNCATED;
        }
        current.onGroupKey(chunk.group(), SharedKey.of(opener.takeAppended(SharedKey.BYTES, chunk), 0));
        return null;
    }

    @Override
    public void onTransmission() {
        sealer.reset();
    }

    @Override
    public void seal(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination, Transmitter transmitter) {
        MemberKeys current = keys;
        if (ChunkType.at(datagrams) == ChunkType.SESSION_JOIN) {
            if (current == null || asking) {
                heldJoin = new byte[datagrams.remaining()];
                datagrams.get(datagrams.position(), heldJoin);
                ByteBuffer join = handshake.join();
                transmitter.send(join, join.remaining(), destination);
            }
            asking = true;
        }
        if (current != null) {
            sealer.seal(current.sealing(), datagrams, datagramBytes, destination, transmitter);
        }
    }
}
