package io.camure.protocol.security;

import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.IdTable;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.wire.KeyChunk;
import io.camure.wire.SealedHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The keys of what a coordinator says to all: one of the session, and one of each group, a new one for each that had its id. */
final class SharedKeys {

    private final SealingCipher cipher;
    private final KeyLimits limits;
    private final RandomGenerator random;
    private final KeyRing session;
    private final IdTable<KeyRing> groups = new IdTable<>();

    SharedKeys(SealingCipher cipher, KeyLimits limits, RandomGenerator random) {
        this.cipher = cipher;
        this.limits = limits;
        this.random = random;
        session = new KeyRing(cipher, SealedHeader.Scope.SESSION, 0, 0, limits, random, 0);
    }

    KeyRing session() {
        return session;
    }

    /**
     * The key of a group.
     *
     * @param epoch negative for the last one
     * @return {@code null} when nobody has it
     */
    @Nullable
    KeyRing group(int group, long epoch) {
        KeyRing ring = groups.find(group);
        return ring == null || epoch >= 0 && ring.epoch() != (int) epoch ? null : ring;
    }

    /** A node is in a group, maybe again. */
    void onWelcomed(Link link, int group, int epoch, long nowNanos) {
        KeyRing ring = group(group, Integer.toUnsignedLong(epoch));
        if (ring == null) {
            ring = new KeyRing(cipher, SealedHeader.Scope.GROUP, group, epoch, limits, random, nowNanos);
            groups.put(group, ring);
        }
        ring.hold(link, nowNanos);
    }

    /** A node has shown that it has the keys of a link, and with them that of the session. */
    void onConfirmed(Link link, @Nullable Link earlier, long nowNanos) {
        if (earlier != null) {
            session.drop(earlier);
        }
        session.hold(link, nowNanos);
        if (!link.wasTold(session.latest())) {
            session.tell(link, nowNanos);
        }
    }

    /** A node is in the session, maybe again. */
    void onWelcomed(Link link, long nowNanos) {
        if (!session.isHeldBy(link)) {
            session.hold(link, nowNanos);
            session.tell(link, nowNanos);
        }
        groups.all().forEach(ring -> ring.move(link, nowNanos));
    }

    /** A node was told nothing for long, as it has said nothing. */
    void onForgotten(Link link, long nowNanos) {
        session.onLeft(link, nowNanos);
        for (KeyRing ring : List.copyOf(groups.all())) {
            ring.onLeft(link, nowNanos);
            forgetUnused(ring);
        }
    }

    void onLeft(InetSocketAddress address, long nowNanos) {
        session.onLeft(address, nowNanos);
    }

    void onLeft(InetSocketAddress address, int group, long nowNanos) {
        KeyRing ring = groups.find(group);
        if (ring != null) {
            ring.onLeft(address, nowNanos);
            forgetUnused(ring);
        }
    }

    /** Who comes next gets another one. */
    private void forgetUnused(KeyRing ring) {
        if (ring.holders().isEmpty()) {
            groups.remove(ring.place());
        }
    }

    void onAcknowledged(Link link, ByteBuffer chunk, ProtocolCounters counters, long nowNanos) {
        KeyRing ring = KeyChunk.isOfSession(chunk) ? session : groups.find(KeyChunk.place(chunk));
        if (ring != null && ring.epoch() == KeyChunk.epoch(chunk)) {
            ring.onAcknowledged(link, KeyChunk.generation(chunk));
            settle(ring, counters, nowNanos);
        }
    }

    /** Does what is due, and has those told of it by {@code links} that have to know. */
    void onDeadline(Links links, DatagramCodec.Answers answers, ProtocolCounters counters, long nowNanos) {
        onDeadline(session, links, answers, counters, nowNanos);
        List<KeyRing> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            onDeadline(all.get(i), links, answers, counters, nowNanos);
        }
    }

    private void onDeadline(
            KeyRing ring, Links links, DatagramCodec.Answers answers, ProtocolCounters counters, long nowNanos) {
        ring.onDeadline(nowNanos);
        settle(ring, counters, nowNanos);
        for (Link link : ring.due(nowNanos)) {
            // Another link to the address may be that of another node.
            if (links.at(link.address()) == link) {
                ByteBuffer change = answers.control();
                ToldKey told = ring.latestTold(link);
                KeyChunk.change(
                        change, ring.scope(), told.shared().generation(), ring.place(), ring.epoch(), told.bytes());
                answers.sendWritten(link.address(), change);
            }
        }
    }

    private void settle(KeyRing ring, ProtocolCounters counters, long nowNanos) {
        if (ring.settle(nowNanos)) {
            counters.onKeyChange();
            if (ring == session) {
                counters.onKeySince(nowNanos);
            }
        }
    }

    /** Has keys that were used up followed by others. */
    void onUsedUp(long nowNanos) {
        session.onDeadline(nowNanos);
        groups.all().forEach(ring -> ring.onDeadline(nowNanos));
    }

    long nextDeadlineNanos() {
        long next = session.nextDeadlineNanos();
        List<KeyRing> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            next = Math.min(next, all.get(i).nextDeadlineNanos());
        }
        return next;
    }
}
