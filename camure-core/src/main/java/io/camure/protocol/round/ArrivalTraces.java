package io.camure.protocol.round;

import io.camure.protocol.group.Membership;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** In which traces participants of the current round wait, where somebody wants to know; nothing is kept or allocated otherwise. */
final class ArrivalTraces {

    /** As many contexts of participants are told for one round. */
    private static final int MOST_CONTEXTS = 64;

    private @Nullable RoundTracer tracer;
    private final List<Traced> traced = new ArrayList<>();

    /** In which trace the coordinator is about to wait. */
    private byte @Nullable [] ofCoordinator;

    /** Who arrived last; {@code null} is the coordinator. */
    private @Nullable Membership last;

    /** @param member {@code null} is the coordinator */
    private record Traced(@Nullable Membership member, byte[] context) {}

    void traceBy(RoundTracer wants) {
        tracer = wants;
    }

    boolean areWanted() {
        return tracer != null;
    }

    /** Whether somebody waits for the round in a trace, as far as that is known. */
    boolean areAny() {
        return !traced.isEmpty();
    }

    /** The coordinator is about to arrive in a trace. */
    void onCoordinatorWaits(byte[] context) {
        ofCoordinator = context;
    }

    /** It has not arrived: the round that it waits for was broken before. */
    void onCoordinatorWaitsNoMore() {
        ofCoordinator = null;
    }

    void onCoordinator(boolean again) {
        byte[] context = ofCoordinator;
        ofCoordinator = null;
        onArrival(null, again ? null : context);
    }

    /**
     * @param member {@code null} is the coordinator
     * @param context in which trace it waits; {@code null} in none
     */
    void onArrival(@Nullable Membership member, byte @Nullable [] context) {
        if (tracer != null) {
            last = member;
            if (context != null && traced.size() < MOST_CONTEXTS) {
                traced.add(new Traced(member, context));
            }
        }
    }

    /** Who has arrived at this round goes, and does not count for it any more. */
    void onGone(Membership member) {
        traced.removeIf(one -> one.member() == member);
    }

    /**
     * A round ends.
     *
     * @return what its participants are told that stands for it in traces; {@code null} for nothing
     */
    byte @Nullable [] onEnd(long round, int participants, boolean broken, long elapsedNanos) {
        RoundTracer wants = tracer;
        if (wants == null || traced.isEmpty()) {
            return null;
        }
        List<byte[]> contexts = traced.stream().map(Traced::context).toList();
        traced.clear();
        return broken
                ? null
                : wants.onComplete(round, participants, elapsedNanos, last == null ? null : last.identity(), contexts);
    }
}
