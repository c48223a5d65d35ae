package io.camure.protocol.security;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.HandshakeOutcome;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.KeyChunk;
import io.camure.wire.SealedHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
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
    private final Handshake.AtMember handshake;
    private final Sealer sealer = new Sealer();
    private final Opener opener = new Opener();
    private @Nullable MemberKeys keys;

    /** What is to be sealed and sent once there is a link. */
    private byte[] heldJoin = NO_JOIN;

    /** Whether the last join was not answered. */
    private boolean asking;

    /** The chunk in the datagram that was opened last. */
    private final ChunkReader sealed = new ChunkReader();

    /** Whether the datagram that is looked at was opened, and with what result. */
    private boolean tried;

    private @Nullable DropReason failure;

    /** Whether the datagram that was opened last is by the keys that were agreed on last, and for this node alone. */
    private boolean byAgreed;

    private long nowNanos;

    /**
     * @param secret one that the coordinator accepts
     * @param random unpredictable in a real session
     */
    public MemberCodec(Secret secret, InetSocketAddress coordinatorAddress, RandomGenerator random) {
        this(secret, coordinatorAddress, KeyLimits.DEFAULT, random);
    }

    /** @param limits for how long a key is used */
    public MemberCodec(Secret secret, InetSocketAddress coordinatorAddress, KeyLimits limits, RandomGenerator random) {
        this(Requirements.of(List.of(secret)), (work, then) -> false, coordinatorAddress, limits, random);
    }

    /**
     * One that may show certificates.
     *
     * @param requirements what it has: of secrets the first one is used
     * @param beside does what handshakes by certificates take
     */
    public MemberCodec(
            Requirements requirements,
            Beside beside,
            InetSocketAddress coordinatorAddress,
            KeyLimits limits,
            RandomGenerator random) {
        this.coordinatorAddress = coordinatorAddress;
        handshake = requirements.credentials() == null
                ? new MemberHandshake(requirements.secrets().get(0), coordinatorAddress, limits, random, this::onAgreed)
                : new CertificateMemberHandshake(
                        requirements, beside, coordinatorAddress, limits, random, this::onAgreed);
    }

    @Override
    public @Nullable String cipher() {
        return keys == null ? null : keys.cipher().name();
    }

    @Override
    public int overheadBytes() {
        return SealingKey.OVERHEAD_BYTES;
    }

    @Override
    public boolean takes(
            InetSocketAddress source, ByteBuffer datagram, Answers answers, ProtocolCounters counters, long now) {
        nowNanos = now;
        if (SealedHeader.isIn(datagram)) {
            failure = unseal(datagram);
            tried = true;
            return failure == null && takesOpened(datagram, answers, counters);
        }
        DropReason reason = handshake.isIn(datagram)
                ? handshake.onDatagram(datagram, answers, counters, now)
                : DropReason.UNSECURED;
        if (reason != null) {
            counters.onDropped(reason);
        }
        return true;
    }

    private void onAgreed(MemberKeys agreed, Answers answers, ProtocolCounters counters, long now) {
        nowNanos = now;
        MemberKeys before = keys;
        boolean sameKey = before != null && agreed.takeOver(before, nowNanos);
        keys = agreed;
        asking = false;
        counters.onHandshake(HandshakeOutcome.COMPLETED);
        if (!sameKey) {
            counters.onKeySince(nowNanos);
        }
        if (heldJoin.length > 0) {
            answers.sendWritten(coordinatorAddress, answers.control().put(heldJoin));
            heldJoin = NO_JOIN;
        }
    }

    @Override
    public @Nullable String failure() {
        return handshake.failure();
    }

    @Override
    public @Nullable DropReason open(InetSocketAddress source, ByteBuffer datagram, ChunkReader chunk) {
        DropReason failed = tried ? failure : unseal(datagram);
        tried = false;
        return failed == null ? chunk.read(opener.opened()) : failed;
    }

    private @Nullable DropReason unseal(ByteBuffer datagram) {
        DropReason unreadable = SealedHeader.check(datagram);
        if (unreadable != null) {
            return unreadable;
        }
        byAgreed = false;
        MemberKeys current = keys;
        if (current == null) {
            return DropReason.UNKNOWN_KEY;
        }
        SealedHeader.Scope scope = SealedHeader.scope(datagram);
        if (scope == SealedHeader.Scope.GROUP) {
            return openOfGroup(current, datagram);
        }
        if (scope == SealedHeader.Scope.SESSION) {
            return openOfSession(current, datagram);
        }
        MemberKeys agreed = scope == SealedHeader.Scope.LINK ? current : null;
        OpeningKey key = agreed == null ? null : agreed.ofLink(datagram, nowNanos);
        if (key == null && agreed != null) {
            agreed = current.earlier(nowNanos);
            key = agreed == null ? null : agreed.ofLink(datagram, nowNanos);
        }
        if (agreed == null || key == null) {
            return DropReason.UNKNOWN_KEY;
        }
        DropReason reason = read(key, datagram);
        if (reason != null) {
            return reason;
        }
        agreed.onOpened(datagram, nowNanos);
        // By earlier keys the coordinator does not show that it has those that this node uses.
        byAgreed = agreed == current;
        if (asking && byAgreed) {
            asking = false;
            handshake.onLinkInUse();
        }
        return sealed.type() == ChunkType.GROUP_WELCOME ? onGroupWelcome(current, datagram) : null;
    }

    private @Nullable DropReason openOfSession(MemberKeys current, ByteBuffer datagram) {
        int generation = SealedHeader.generation(datagram);
        HeldKeys.HeldKey key =
                SealedHeader.place(datagram) != 0 ? null : current.ofSession().find(generation, nowNanos);
        if (key == null) {
            return DropReason.UNKNOWN_KEY;
        }
        DropReason reason = read(key.opening(), datagram);
        return reason == null && !isForSession(sealed.type()) ? DropReason.UNAUTHENTICATED : reason;
    }

    private @Nullable DropReason read(OpeningKey key, ByteBuffer datagram) {
        DropReason reason = opener.open(key, datagram);
        return reason == null ? sealed.read(opener.opened()) : reason;
    }

    /** Whether this goes by multicast to all nodes, whichever groups they are in. */
    static boolean isForSession(ChunkType type) {
        return switch (type) {
            case MULTICAST_PROBE, PATH_PROBE, ECHO_REQUEST, ECHO_ANSWER -> true;
            default -> false;
        };
    }

    private @Nullable DropReason openOfGroup(MemberKeys current, ByteBuffer datagram) {
        int group = SealedHeader.place(datagram);
        HeldKeys keysOfGroup = current.ofGroup(group);
        if (keysOfGroup == null) {
            // The other groups of the session share the multicast address.
            return DropReason.UNKNOWN_GROUP;
        }
        HeldKeys.HeldKey key = keysOfGroup.find(SealedHeader.generation(datagram), nowNanos);
        if (key == null) {
            return DropReason.UNKNOWN_KEY;
        }
        DropReason unopened = opener.openOnly(key.opening(), datagram);
        DropReason reason = unopened == null ? sealed.read(opener.opened()) : unopened;
        if (reason != null) {
            return reason;
        }
        // Who is in a group has its key, and could speak of another group by it, or in the coordinator's name.
        boolean coded = hasCode(sealed.type());
        boolean ofGroup = coded
                ? takeCode(current, key.seed(), keysOfGroup.slot())
                : sealed.type().isBroadcast();
        return ofGroup && sealed.group() == group
                ? key.opening().take(SealedHeader.number(datagram), coded)
                : DropReason.UNAUTHENTICATED;
    }

    /** Whether each member has to see that a chunk which is for all in a group is from the coordinator. */
    static boolean hasCode(ChunkType type) {
        return switch (type) {
            case BARRIER_RELEASED,
                    BARRIER_BROKEN,
                    BROADCAST_QUERY,
                    COLLECTIVE_RELEASED,
                    COLLECTIVE_BROKEN,
                    COLLECTIVE_ROSTER -> true;
            default -> false;
        };
    }

    /** Takes the codes off what was opened; whether the one of this member is right. */
    private boolean takeCode(MemberKeys current, byte[] seed, int slot) {
        ByteBuffer opened = opener.opened();
        int end = opened.limit() - 1;
        int codes = opened.get(end) & 0xFF;
        int bytes = end - codes * MemberCode.BYTES;
        if (slot >= codes || bytes < sealed.type().minimumBytes()) {
            return false;
        }
        int offset = bytes + slot * MemberCode.BYTES;
        byte[] array = opened.array();
        opened.limit(bytes);
        // The coordinator may not know yet that this node has another link.
        MemberKeys before = current.earlier(nowNanos);
        return current.code().isRight(seed, opener.sealed(), array, bytes, offset)
                || before != null && before.code().isRight(seed, opener.sealed(), array, bytes, offset);
    }

    private @Nullable DropReason onGroupWelcome(MemberKeys current, ByteBuffer datagram) {
        if (sealed.payloadBytes() < ToldKey.BYTES) {
            return DropReason.TRUNCATED;
        }
        byte[] told = opener.takeAppended(ToldKey.BYTES);
        DropReason reason = sealed.read(opener.opened());
        if (byAgreed && reason == null) {
            current.onGroupKey(
                    sealed.group(), (int) sealed.epoch(), ToldKey.of(told, 0), current.order(datagram), nowNanos);
        }
        return reason;
    }

    /** Takes what was opened if it is for the codec. */
    private boolean takesOpened(ByteBuffer datagram, Answers answers, ProtocolCounters counters) {
        MemberKeys current = keys;
        if (sealed.type() != ChunkType.KEY_CHANGE || current == null) {
            return false;
        }
        tried = false;
        counters.onReceived(ChunkType.KEY_CHANGE);
        if (byAgreed) {
            onKeyChange(current, datagram, answers, counters);
        } else {
            counters.onDropped(DropReason.UNKNOWN_KEY);
        }
        return true;
    }

    private void onKeyChange(MemberKeys current, ByteBuffer datagram, Answers answers, ProtocolCounters counters) {
        ByteBuffer change = opener.opened();
        SealedHeader.Scope scope = SealedHeader.scope(change);
        int group = KeyChunk.place(change);
        int epoch = KeyChunk.epoch(change);
        ToldKey told = ToldKey.of(KeyChunk.told(change), 0);
        long order = current.order(datagram);
        boolean another;
        boolean has;
        if (scope == SealedHeader.Scope.SESSION) {
            another = current.ofSession().onTold(told, order, nowNanos);
            has = current.ofSession().knows(told.shared());
            if (another) {
                counters.onKeySince(nowNanos);
            }
        } else if (scope == SealedHeader.Scope.GROUP) {
            another = current.onGroupKey(group, epoch, told, order, nowNanos);
            has = current.hasGroupKey(group, epoch, told.shared());
        } else {
            counters.onDropped(DropReason.BAD_FIELD);
            return;
        }
        if (another) {
            counters.onKeyChange();
        }
        if (!has) {
            // It was overtaken by what came later: the coordinator is to tell it again.
            counters.onDropped(DropReason.DUPLICATE);
            return;
        }
        ByteBuffer answer = answers.control();
        KeyChunk.acknowledgement(answer, scope, told.shared().generation(), group, epoch);
        answers.sendWritten(coordinatorAddress, answer);
    }

    @Override
    public void onTransmission() {
        sealer.reset();
    }

    @Override
    public void onPause() {
        sealer.onPause();
        opener.onPause();
    }

    @Override
    public void seal(ByteBuffer datagrams, int datagramBytes, InetSocketAddress destination, Transmitter transmitter) {
        MemberKeys current = keys;
        if (ChunkType.at(datagrams) == ChunkType.SESSION_JOIN) {
            if (current == null || asking) {
                heldJoin = new byte[datagrams.remaining()];
                datagrams.get(datagrams.position(), heldJoin);
                handshake.ask(transmitter, nowNanos);
            }
            asking = true;
        }
        if (current != null) {
            sealer.seal(current.sealing(nowNanos), datagrams, datagramBytes, destination, transmitter);
        }
    }
}
