package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.IdTable;
import io.camure.protocol.base.RetryTimer;
import io.camure.wire.SealedHeader;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a member and the coordinator have agreed on, at the member. */
final class MemberKeys {

    private static final long CHECK_NANOS = SECONDS.toNanos(1);

    private final SealingCipher cipher;
    private final int link;
    private final LinkSealing sealing;
    private final LinkOpening ofLink;
    private final MemberCode code;
    private HeldKeys ofSession;
    private IdTable<HeldKeys> groups = new IdTable<>();

    /** Those before, under which there may be something on its way. */
    private @Nullable MemberKeys earlier;

    private long earlierEndNanos = RetryTimer.NEVER;

    /** When it is looked next for keys whose time is over. */
    private long checkNanos;

    /** @param split what both sides have agreed on */
    MemberKeys(HandshakeTerms terms, byte[][] split, KeyLimits limits, long nowNanos) {
        cipher = terms.cipher();
        link = terms.link();
        sealing = new LinkSealing(LinkDirection.toCoordinator(cipher), link, split[0], limits, nowNanos);
        ofLink = new LinkOpening(LinkDirection.toMember(cipher), split[1]);
        code = new MemberCode(split[1]);
        ofSession = new HeldKeys(cipher, SealedHeader.Scope.SESSION, 0, terms.session(), -1);
    }

    /**
     * Comes in the place of others. In the same session, what is the same as before keeps what it knows of what was taken.
     *
     * @return whether the key of the session is the same
     */
    boolean takeOver(MemberKeys before, long nowNanos) {
        earlier = before;
        before.earlier = null;
        SharedKey told = ofSession.latest();
        if (!before.ofSession.knows(told)) {
            return false;
        }
        ofSession = before.ofSession;
        groups = before.groups;
        ofSession.onNewLink();
        groups.all().forEach(HeldKeys::onNewLink);
        // It has that already, with what was taken by it.
        return !ofSession.onTold(new ToldKey(told, 0, Slots.NONE), -1, nowNanos);
    }

    /** Those before, for a while behind the first datagram by these; {@code null} when there are none, or not any more. */
    @Nullable
    MemberKeys earlier(long nowNanos) {
        if (nowNanos >= earlierEndNanos) {
            earlier = null;
        }
        return earlier;
    }

    SealingCipher cipher() {
        return cipher;
    }

    SealingKey sealing(long nowNanos) {
        return sealing.key(nowNanos);
    }

    /** The key for a datagram that is for this member alone. */
    @Nullable
    OpeningKey ofLink(ByteBuffer datagram, long nowNanos) {
        return SealedHeader.place(datagram) == link ? ofLink.find(SealedHeader.generation(datagram), nowNanos) : null;
    }

    /** A datagram that is for this member alone was opened, as it is while the coordinator lives. */
    void onOpened(ByteBuffer datagram, long nowNanos) {
        if (nowNanos >= checkNanos) {
            checkNanos = nowNanos + CHECK_NANOS;
            forgetEarlier(nowNanos);
        }
        ofLink.onOpened(SealedHeader.generation(datagram), nowNanos);
        if (earlierEndNanos == RetryTimer.NEVER) {
            // The coordinator speaks by these from now on.
            earlierEndNanos = nowNanos + LinkOpening.EARLIER_NANOS;
        }
    }

    /** What comes under no key any more would be kept for as long as nothing comes at all. */
    private void forgetEarlier(long nowNanos) {
        earlier(nowNanos);
        ofSession.forgetEarlier(nowNanos);
        List<HeldKeys> all = groups.all();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).forgetEarlier(nowNanos);
        }
    }

    /** Which of two datagrams that were for this member alone was sealed later: the one with the higher order. */
    long order(ByteBuffer datagram) {
        return ofLink.order(SealedHeader.generation(datagram), SealedHeader.number(datagram));
    }

    /** What shows this member that something is from the coordinator and not from another member. */
    MemberCode code() {
        return code;
    }

    HeldKeys ofSession() {
        return ofSession;
    }

    /** {@code null} for a group whose key this member was not told. */
    @Nullable
    HeldKeys ofGroup(int group) {
        return groups.find(group);
    }

    /**
     * The coordinator has told the key of a group, maybe once more.
     *
     * @param order of the datagram by which it has
     * @return whether it follows another one
     */
    boolean onGroupKey(int group, int epoch, ToldKey told, long order, long nowNanos) {
        HeldKeys known = groups.find(group);
        if (known != null && known.epoch() == epoch) {
            return known.onTold(told, order, nowNanos);
        }
        if (known != null && known.wasToldAfter(order)) {
            // Late, of an earlier group with this id. Epochs are random, so that they don't tell.
            return false;
        }
        groups.put(group, new HeldKeys(cipher, SealedHeader.Scope.GROUP, epoch, told, order));
        return false;
    }

    /** Whether this member has a key that the coordinator has told. */
    boolean hasGroupKey(int group, int epoch, SharedKey shared) {
        HeldKeys known = groups.find(group);
        return known != null && known.epoch() == epoch && known.knows(shared);
    }
}
