package io.camure.protocol.security;

import io.camure.wire.SealedHeader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By what a member opens what is for all in a group, or in the session: a key, and for a while the ones before it. */
final class HeldKeys {

    private final SealingCipher cipher;
    private final SealedHeader.Scope scope;
    private final int epoch;
    private HeldKey latest;

    /** The order of the datagram by which it was told. */
    private long latestOrder;

    /** Where this member finds its code. */
    private int slot;

    private final List<HeldKey> earlier = new ArrayList<>();

    /** A key, and until when it is kept once another one follows. */
    static final class HeldKey {

        private final SharedKey shared;
        private final OpeningKey opening;
        private long endNanos;

        private HeldKey(SharedKey shared, OpeningKey opening) {
            this.shared = shared;
            this.opening = opening;
        }

        OpeningKey opening() {
            return opening;
        }

        byte[] seed() {
            return shared.seed();
        }
    }

    /**
     * @param epoch of the group; 0 for the session
     * @param order of the datagram by which the key was told
     */
    HeldKeys(SealingCipher cipher, SealedHeader.Scope scope, int epoch, ToldKey told, long order) {
        this.cipher = cipher;
        this.scope = scope;
        this.epoch = epoch;
        latest = held(told);
        latestOrder = order;
        slot = told.slot();
    }

    private HeldKey held(ToldKey told) {
        return new HeldKey(told.shared(), told.shared().opening(cipher, scope, told.next()));
    }

    int epoch() {
        return epoch;
    }

    SharedKey latest() {
        return latest.shared;
    }

    int slot() {
        return slot;
    }

    /** What is told from now on comes in another order. */
    void onNewLink() {
        latestOrder = -1;
    }

    /** Whether the latest key was told by a datagram that was sealed after one of this order. */
    boolean wasToldAfter(long order) {
        return order < latestOrder;
    }

    boolean knows(SharedKey key) {
        return latest.shared.isSameAs(key) || earlier.stream().anyMatch(held -> held.shared.isSameAs(key));
    }

    /**
     * The coordinator has told a key, maybe not for the first time.
     *
     * @param order of the datagram by which it has
     * @return whether this is another key than the one before
     */
    boolean onTold(ToldKey told, long order, long nowNanos) {
        if (wasToldAfter(order)) {
            return false;
        }
        latestOrder = order;
        slot = told.slot();
        if (latest.shared.isSameAs(told.shared())) {
            return false;
        }
        HeldKey next = null;
        for (Iterator<HeldKey> each = earlier.iterator(); each.hasNext(); ) {
            HeldKey held = each.next();
            if (held.shared.isSameAs(told.shared())) {
                next = held;
            }
            if (held.shared.generation() == told.shared().generation() || held.endNanos <= nowNanos) {
                each.remove();
            }
        }
        latest.endNanos = nowNanos + LinkOpening.EARLIER_NANOS;
        earlier.add(latest);
        latest = next != null ? next : held(told);
        return true;
    }

    /** @return {@code null} when there is none of this generation, or none any more */
    @Nullable
    HeldKey find(int generation, long nowNanos) {
        forgetEarlier(nowNanos);
        HeldKey found = latest.shared.generation() == generation ? latest : null;
        for (int i = earlier.size() - 1; i >= 0 && found == null; i--) {
            HeldKey held = earlier.get(i);
            found = held.shared.generation() == generation ? held : null;
        }
        return found;
    }

    /** Keys whose time is over are not to be found in memory any more, either. */
    void forgetEarlier(long nowNanos) {
        for (int i = earlier.size() - 1; i >= 0; i--) {
            if (nowNanos >= earlier.get(i).endNanos) {
                earlier.remove(i);
            }
        }
    }
}
