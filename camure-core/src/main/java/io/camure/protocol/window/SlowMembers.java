package io.camure.protocol.window;

import io.camure.protocol.base.Outbox;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.base.RoundTripEstimator;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.DisconnectReason;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.Membership;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The members that have held a broadcast up for longer than they may, though they live: they lack a chunk, or have no room
 * for one that waits, and have not got any further.
 *
 * <p>One of them is slow until it has all that was sent when it was called so, and room for what waits.
 */
public final class SlowMembers {

    /** Whoever holds the broadcast up is asked more often than this; if not, this process was stopped meanwhile. */
    private static final long STOPPED_NANOS = RoundTripEstimator.MAXIMUM_NANOS + RoundTripEstimator.INITIAL_NANOS;

    private final ManagedGroup group;
    private final SlowMemberPolicy policy;
    private final ChunkRing ring;
    private final UnsentChunks unsent;
    private final Outbox outbox;

    /** Nobody can get slow before; set anew when it comes. */
    private long checkNanos = RetryTimer.NEVER;

    private long lastLookNanos;

    /** Nobody is blamed for what was before, when nobody was asked. */
    private long resumedNanos;

    public SlowMembers(
            ManagedGroup group, SlowMemberPolicy policy, ChunkRing ring, UnsentChunks unsent, Outbox outbox) {
        this.group = group;
        this.policy = policy;
        this.ring = ring;
        this.unsent = unsent;
        this.outbox = outbox;
    }

    /** Something was sent, or waits for room. */
    public void onOutstanding(long nowNanos) {
        look(nowNanos);
        if (checkNanos == RetryTimer.NEVER) {
            checkNanos = nowNanos + policy.patienceNanos();
        }
    }

    private void look(long nowNanos) {
        if (nowNanos - lastLookNanos > STOPPED_NANOS) {
            resumedNanos = nowNanos;
        }
        lastLookNanos = nowNanos;
    }

    /** A member has got further. */
    public void onProgress(Membership member, long nowNanos) {
        DeliveryProgress progress = member.progress();
        progress.onMoved(nowNanos);
        if (progress.isSlow() && hasCaughtUp(progress)) {
            progress.endSlowness();
            outbox.tell(new SessionEvent.MemberCaughtUp(group.id(), member.address()));
            onOutstanding(nowNanos);
        }
    }

    private boolean hasCaughtUp(DeliveryProgress progress) {
        return progress.firstMissing() >= progress.slowUntil()
                && (unsent.isEmpty() || progress.limit() > progress.slowUntil());
    }

    public void onDeadline(long nowNanos) {
        look(nowNanos);
        if (nowNanos < checkNanos) {
            return;
        }
        checkNanos = RetryTimer.NEVER;
        List<Membership> slow = new ArrayList<>();
        for (Membership participant : group.participants()) {
            if (participant.isMember() && !participant.progress().isSlow() && holdsUp(participant)) {
                long slowNanos = sinceNanos(participant) + policy.patienceNanos();
                if (slowNanos <= nowNanos) {
                    slow.add(participant);
                } else {
                    checkNanos = Math.min(checkNanos, slowNanos);
                }
            }
        }
        slow.forEach(member -> onSlow(member, nowNanos));
    }

    private boolean holdsUp(Membership member) {
        DeliveryProgress progress = member.progress();
        return progress.firstMissing() < unsent.first() || !unsent.isEmpty() && progress.limit() <= unsent.first();
    }

    private long sinceNanos(Membership member) {
        DeliveryProgress progress = member.progress();
        long chunkNanos = progress.firstMissing() < unsent.first()
                ? ring.firstSentNanos(progress.firstMissing())
                : unsent.sinceNanos();
        return Math.max(Math.max(chunkNanos, progress.movedNanos()), Math.max(member.sinceNanos(), resumedNanos));
    }

    private void onSlow(Membership member, long nowNanos) {
        member.progress().beginSlowness(unsent.first());
        outbox.tell(new SessionEvent.MemberSlow(group.id(), member.address()));
        if (policy.evicts()) {
            group.evict(member, DisconnectReason.TOO_SLOW, nowNanos);
        }
    }

    public long nextDeadlineNanos() {
        return checkNanos;
    }

    public List<InetSocketAddress> addresses() {
        return group.participants().stream()
                .filter(participant ->
                        participant.isMember() && participant.progress().isSlow())
                .map(Membership::address)
                .toList();
    }
}
