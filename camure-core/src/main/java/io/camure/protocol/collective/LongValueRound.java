package io.camure.protocol.collective;

import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Format;
import io.camure.protocol.base.Nonces;
import io.camure.protocol.group.GroupContext;
import io.camure.protocol.group.Membership;
import io.camure.protocol.round.RoundWork;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.DropReason;
import io.camure.wire.LongValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rounds whose values may be too long for arrivals, and whose results for releases. A member whose value comes by an {@linkplain Uplinks
 * uplink} has arrived once all of it is here.
 */
abstract class LongValueRound extends RoundWork {

    /** All values of a round together are no longer, nor is what becomes of them. */
    private static final int LONGEST_ROUND_BYTES = 1 << 30;

    final CollectiveSettings settings;
    final CollectiveEnd end;
    final Participants participants;
    private final Uplinks uplinks;
    private final ResultSending results;

    /** @param nonces those of long results */
    LongValueRound(GroupContext group, CollectiveSettings settings, CollectiveEnd end, Nonces nonces) {
        super(group, ChunkType.COLLECTIVE_REACHED, settings.lossPolicy(), end);
        this.settings = settings;
        this.end = end;
        participants = new Participants(group);
        uplinks = new Uplinks(group, settings.maximumValueBytes());
        results = new ResultSending(group, nonces);
    }

    @Override
    public void onChunk(Membership member, ChunkReader chunk, long nowNanos) {
        if (chunk.type() == ChunkType.BROADCAST_STATUS) {
            results.onStatus(member, chunk, nowNanos);
        } else if (chunk.type().isUplink()) {
            onValue(member, uplinks.onChunk(member, chunk, nowNanos), nowNanos);
        } else {
            super.onChunk(member, chunk, nowNanos);
        }
    }

    /** @param value {@code null} while it is not complete */
    private void onValue(Membership member, byte @Nullable [] value, long nowNanos) {
        if (value != null) {
            Contribution contribution = Contribution.of(member);
            contribution.give(value);
            onArrivalWhole(member, contribution.context(), nowNanos);
        }
    }

    @Override
    protected boolean takesArrival(Membership member, ChunkReader reached, long nowNanos) {
        Contribution contribution = Contribution.of(member);
        if (!contribution.bring(reached)) {
            group.link().counters().onDropped(DropReason.BAD_FIELD);
            return false;
        }
        participants.onArrived(contribution);
        uplinks.onArrived(member);
        if (LongValue.isIn(reached)) {
            long length = LongValue.length(reached);
            if (uplinks.takes(length)
                    && uplinks.onAnnounced(member, LongValue.firstSequence(reached), (int) length, nowNanos)) {
                contribution.waitsIn(contextOf(member, reached));
            } else {
                contribution.refuse(length);
            }
        }
        return true;
    }

    @Override
    protected boolean isArrivalWhole(Membership member) {
        return !uplinks.awaits(member);
    }

    /** Why nothing can be made of what all have given, or {@code null} when it can. */
    final @Nullable String obstacle(List<Contribution> ranked) {
        if (participants.areTooManyGone()) {
            return "more nodes have arrived at this round and gone than the session may have members, and not all that they have given is"
                    + " kept: call again";
        }
        long allBytes = 0;
        for (int i = 0; i < ranked.size(); i++) {
            Contribution each = ranked.get(i);
            if (each.refusedBytes() > 0) {
                return Format.node(each.participant().node()) + " has given " + each.refusedBytes() + " bytes, but "
                        + whyRefused(each.refusedBytes());
            }
            allBytes += each.end();
        }
        return allBytes <= LONGEST_ROUND_BYTES
                ? null
                : "all nodes together have given " + allBytes + " bytes, but may give " + LONGEST_ROUND_BYTES
                        + ": give less, or send it as messages of a broadcast";
    }

    private String whyRefused(long bytes) {
        return uplinks.takes(bytes)
                ? "so many nodes have come and gone in this round that the coordinator keeps as many long values as the"
                        + " session may have members: call again"
                : "the coordinator takes " + settings.maximumValueBytes()
                        + " of a member at most: give less, or raise maximumValueBytes at the coordinator";
    }

    /** The number of the first chunk of a result that is too long for a release. */
    final long resultSequence() {
        return results.nextSequence();
    }

    @Override
    protected void onNextRound(long nowNanos) {
        if (uplinks.clear()) {
            for (Membership membership : group.memberships()) {
                if (membership.isMember()) {
                    Contribution.of(membership).forget();
                }
            }
        }
        if (end.isLong()) {
            results.send(end.result().array(), end.result().length(), memberships(), nowNanos);
        }
    }

    @Override
    public void onRemoved(Membership removed, Departure departure) {
        super.onRemoved(removed, departure);
        uplinks.forget(removed);
        results.forget(removed);
    }

    @Override
    public void onMembershipsChanged(long nowNanos) {
        participants.onMembershipsChanged();
        results.onReachChanged(nowNanos);
        super.onMembershipsChanged(nowNanos);
    }

    @Override
    public void onReachChanged(long nowNanos) {
        results.onReachChanged(nowNanos);
    }

    @Override
    public void onStopped(long nowNanos) {
        results.onStopped(nowNanos);
    }

    @Override
    public boolean isDrained() {
        return super.isDrained() && results.isDrained();
    }

    @Override
    public void onDeadline(long nowNanos) {
        super.onDeadline(nowNanos);
        uplinks.onDeadline(nowNanos);
        results.onDeadline(nowNanos);
    }

    @Override
    public long nextDeadlineNanos() {
        long nextNanos = Math.min(uplinks.nextDeadlineNanos(), results.nextDeadlineNanos());
        return Math.min(super.nextDeadlineNanos(), nextNanos);
    }
}
