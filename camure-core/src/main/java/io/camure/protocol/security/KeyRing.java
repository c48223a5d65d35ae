package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.RetryTimer;
import io.camure.wire.SealedHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The key of what a coordinator says to all in a group, or in the session, and who has it. When somebody leaves, the others are
 * told another one, which is used as soon as all of them have it, and at the latest after {@value #SWITCH_MILLIS} ms; who does not
 * have it by then is told on. A key that was used for long is followed by another one alike.
 */
final class KeyRing {

    /** Those who leave within this time cause one change. */
    private static final long GATHER_NANOS = MILLISECONDS.toNanos(30);

    private static final long SWITCH_MILLIS = 200;
    private static final long REPEAT_NANOS = MILLISECONDS.toNanos(20);
    private static final long MOST_REPEAT_NANOS = SECONDS.toNanos(1);

    private final SealingCipher cipher;
    private final SealedHeader.Scope scope;
    private final int place;
    private final int epoch;
    private final KeyLimits limits;
    private final RandomGenerator random;
    private SharedKey current;
    private SealingKey sealing;
    private long sinceNanos;

    /** The key that members are told and that is not used yet. */
    private @Nullable SharedKey following;

    /** When a change that was asked for begins, and when its key is used at the latest. */
    private long beginNanos = RetryTimer.NEVER;

    private long beginSwitchNanos = RetryTimer.NEVER;

    /** When {@link #following} is used at the latest. */
    private long switchNanos = RetryTimer.NEVER;

    private final Set<Link> holders = new LinkedHashSet<>();
    private final Slots slots = new Slots();

    /** Whether some are told other slots with {@link #following}. */
    private boolean slotsMoved;

    /** Those of the holders that have not acknowledged the latest key. */
    private final Set<Link> lacking = new LinkedHashSet<>();

    /** When those are told it again, and how much later once more. */
    private long repeatNanos;

    private long repeatDelayNanos;

    /** @param epoch of the group; 0 for the session */
    KeyRing(
            SealingCipher cipher,
            SealedHeader.Scope scope,
            int place,
            int epoch,
            KeyLimits limits,
            RandomGenerator random,
            long nowNanos) {
        this.cipher = cipher;
        this.scope = scope;
        this.place = place;
        this.epoch = epoch;
        this.limits = limits;
        this.random = random;
        current = SharedKey.random(random);
        sealing = current.sealing(cipher, scope, place);
        sinceNanos = nowNanos;
    }

    /** The time is known from now on. */
    void onStarted(long nowNanos) {
        sinceNanos = nowNanos;
    }

    SealedHeader.Scope scope() {
        return scope;
    }

    int place() {
        return place;
    }

    int epoch() {
        return epoch;
    }

    /** What seals now. */
    SealingKey sealing() {
        return sealing;
    }

    /** The key that seals now, as a node is told it that comes. */
    ToldKey told(Link link) {
        return new ToldKey(current, sealing.next(), slots.of(link));
    }

    /** What a node is told in its handshake. */
    HandshakeTerms terms(int link) {
        return new HandshakeTerms(cipher, link, new ToldKey(current, sealing.next(), Slots.NONE));
    }

    /** The key that was told last. */
    SharedKey latest() {
        return following != null ? following : current;
    }

    /** The same, as a holder is told it. */
    ToldKey latestTold(Link link) {
        return new ToldKey(latest(), following != null ? 0 : sealing.next(), slots.of(link));
    }

    /** Those that have the key. */
    Set<Link> holders() {
        return holders;
    }

    /** How many bytes {@link #codes} are, or -1 when not all can have one, or don't know yet where. */
    int codeBytes() {
        return slotsMoved ? -1 : slots.bytes();
    }

    /** What shows each holder that a chunk which is sealed next is from this coordinator. */
    byte[] codes(ByteBuffer chunk) {
        return slots.codes(sealing, current.seed(), chunk);
    }

    boolean isHeldBy(Link link) {
        return holders.contains(link);
    }

    /** A node is told the key that seals now, and which one follows. It may have had another link before. */
    void hold(Link link, long nowNanos) {
        displace(link);
        add(link);
        if (following != null) {
            tell(link, nowNanos);
        }
    }

    /** A node that has the key may not know the latest one. */
    void tell(Link link, long nowNanos) {
        lacking.add(link);
        tellNext(nowNanos);
    }

    private void tellNext(long nowNanos) {
        repeatNanos = nowNanos;
        repeatDelayNanos = REPEAT_NANOS;
    }

    /** A node speaks by another link from now on, and may have forgotten what it was told. */
    void move(Link link, long nowNanos) {
        if (displace(link)) {
            add(link);
            tell(link, nowNanos);
        }
    }

    /** Puts a link in the place of the one that its node had before; whether there was one. */
    private boolean displace(Link link) {
        if (holders.contains(link)) {
            return false;
        }
        List<Link> displaced = heldAt(link.address());
        displaced.forEach(earlier -> {
            slots.move(earlier, link);
            drop(earlier);
        });
        return !displaced.isEmpty();
    }

    /** A node uses another link, by which it was told everything. */
    void drop(Link link) {
        holders.remove(link);
        lacking.remove(link);
        slots.remove(link);
    }

    private void add(Link link) {
        holders.add(link);
        if (scope == SealedHeader.Scope.GROUP) {
            slots.add(link);
        }
    }

    /** Who was here is not to read what follows. */
    void onLeft(InetSocketAddress address, long nowNanos) {
        heldAt(address).forEach(link -> onLeft(link, nowNanos));
    }

    void onLeft(Link link, long nowNanos) {
        if (holders.contains(link)) {
            drop(link);
            askForChange(nowNanos);
        }
    }

    private List<Link> heldAt(InetSocketAddress address) {
        List<Link> at = new ArrayList<>(1);
        for (Link link : holders) {
            if (link.address().equals(address)) {
                at.add(link);
            }
        }
        return at;
    }

    private void askForChange(long nowNanos) {
        if (beginNanos == RetryTimer.NEVER) {
            beginNanos = nowNanos + GATHER_NANOS;
            beginSwitchNanos = beginNanos + MILLISECONDS.toNanos(SWITCH_MILLIS);
        }
    }

    /** Whether so much was sealed under the key that another one has to follow. */
    boolean isUsedUp() {
        return sealing.next() >= limits.datagrams();
    }

    private long ageEndNanos() {
        return holders.isEmpty() || following != null || beginNanos != RetryTimer.NEVER
                ? RetryTimer.NEVER
                : sinceNanos + limits.ageNanos();
    }

    void onAcknowledged(Link link, int generation) {
        if (latest().generation() == generation) {
            lacking.remove(link);
        }
    }

    /** Asks for another key when this one was used for long, and begins a change that was asked for. */
    void onDeadline(long nowNanos) {
        if (following == null && (isUsedUp() || nowNanos >= ageEndNanos())) {
            askForChange(nowNanos);
        }
        if (nowNanos >= beginNanos) {
            following = latest().following(random);
            switchNanos = Math.min(switchNanos, beginSwitchNanos);
            beginNanos = RetryTimer.NEVER;
            lacking.addAll(holders);
            slotsMoved |= slots.compact();
            tellNext(nowNanos);
        }
    }

    /**
     * Uses the key that was told last once all have it, or it is time.
     *
     * @return whether another key is used from now on
     */
    boolean settle(long nowNanos) {
        SharedKey next = following;
        if (next == null || !lacking.isEmpty() && nowNanos < switchNanos) {
            return false;
        }
        current = next;
        sealing = next.sealing(cipher, scope, place);
        sinceNanos = nowNanos;
        following = null;
        slotsMoved = false;
        switchNanos = RetryTimer.NEVER;
        return true;
    }

    /** Those that are to be told the latest key now. */
    Set<Link> due(long nowNanos) {
        if (lacking.isEmpty() || nowNanos < repeatNanos) {
            return Set.of();
        }
        repeatNanos = nowNanos + repeatDelayNanos;
        repeatDelayNanos = Math.min(2 * repeatDelayNanos, MOST_REPEAT_NANOS);
        return lacking;
    }

    long nextDeadlineNanos() {
        long next = Math.min(Math.min(beginNanos, switchNanos), ageEndNanos());
        return lacking.isEmpty() ? next : Math.min(next, repeatNanos);
    }
}
