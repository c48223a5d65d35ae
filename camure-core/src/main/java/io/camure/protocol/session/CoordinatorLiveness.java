package io.camure.protocol.session;

import io.camure.protocol.base.Format;
import io.camure.protocol.base.RetryTimer;
import io.camure.protocol.group.MemberLink;
import io.camure.protocol.group.MemberSettings;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import org.jspecify.annotations.Nullable;

/**
 * Whether the coordinator lives and hears this member, and when the member is to show that it lives itself.
 *
 * <p>A legacy coordinator gives no sign of life by itself, but answers every SessionJoin. So a member that has heard nothing
 * for a heartbeat interval sends SessionJoin in place of SessionHeartbeat: it proves that the member lives, and the answer
 * that the coordinator does.
 */
final class CoordinatorLiveness {

    /** The coordinator timeouts for which it may be heard without an answer: more than chance loses on a bad link. */
    private static final int UNANSWERED_TIMEOUTS = 2;

    /** The heartbeat intervals after which a member tells which probe it heard, even if that is an old one. */
    private static final int TELLING_INTERVALS = 3;

    /** The heartbeat intervals without a probe after which something is wrong with group traffic. */
    private static final int MISSING_INTERVALS = 5 * Probes.HEARTBEATS;

    private final MemberSettings settings;
    private final MemberLink link;
    private final Recognition recognition;
    private long heartbeatIntervalNanos;
    private long lastHeardNanos;

    /** When something came that only an answer to this member can be. */
    private long lastAnsweredNanos;

    private long lastSpokeNanos;
    private long lastProbedNanos;

    /** When the coordinator is to be told of a probe. */
    private long tellNanos = RetryTimer.NEVER;

    /** When a probe came by multicast, or was missed. */
    private long groupTrafficNanos;

    private long groupTrafficTimeoutNanos;

    CoordinatorLiveness(MemberSettings settings, MemberLink link, Recognition recognition) {
        this.settings = settings;
        this.recognition = recognition;
        this.link = link;
    }

    /** The coordinator is asked for the first time. */
    void onJoining(long nowNanos) {
        lastHeardNanos = nowNanos;
    }

    /** The coordinator has answered for the first time. */
    void onJoined(long wantedIntervalNanos, long nowNanos) {
        // A coordinator that wants few heartbeats must still be asked before it is taken for lost.
        heartbeatIntervalNanos = Math.max(
                SessionTerms.MINIMUM_HEARTBEAT_NANOS,
                Math.min(wantedIntervalNanos, settings.coordinatorTimeoutNanos() / 3));
        lastSpokeNanos = nowNanos;
        lastProbedNanos = nowNanos;
        groupTrafficNanos = nowNanos;
        groupTrafficTimeoutNanos = MISSING_INTERVALS * wantedIntervalNanos;
    }

    /** Takes a probe or an echo, and says whether it did: those that tell something only to a member do if this node is one. */
    boolean takes(ChunkReader chunk, boolean joined, long nowNanos) {
        if (chunk.type() == ChunkType.MULTICAST_PROBE && joined) {
            onProbe(chunk.number(), nowNanos);
        } else if (chunk.type() == ChunkType.PATH_PROBE && joined) {
            link.onPathProbe(chunk);
        } else if (chunk.type().isEcho()) {
            link.onEcho(chunk, nowNanos);
        } else {
            return false;
        }
        return true;
    }

    /** A probe has come by multicast. The first one is answered at once, since this node is served by unicast before. */
    private void onProbe(int number, long nowNanos) {
        groupTrafficNanos = nowNanos;
        if (link.heardProbes().onProbe(number)) {
            lastProbedNanos = nowNanos;
            link.joinSession();
        } else if (link.heardProbes().areOwed()) {
            tellNanos = Math.min(tellNanos, nowNanos + heartbeatIntervalNanos);
        }
    }

    /** Whether probes have been missing for long; said once in a while. */
    boolean missesGroupTraffic(long nowNanos) {
        boolean missing = nowNanos >= groupTrafficEndNanos();
        if (missing) {
            groupTrafficNanos = nowNanos;
        }
        return missing;
    }

    private long groupTrafficEndNanos() {
        return link.isProbed() ? groupTrafficNanos + groupTrafficTimeoutNanos : RetryTimer.NEVER;
    }

    void onHeard(ChunkReader chunk, long nowNanos) {
        if (!recognition.provesLife(chunk)) {
            return;
        }
        lastHeardNanos = nowNanos;
        switch (chunk.type()) {
            case SESSION_WELCOME, GROUP_WELCOME, GROUP_ACK, GROUP_PENDING -> lastAnsweredNanos = nowNanos;
            default -> {}
        }
    }

    void noteSpeech(long nowNanos) {
        if (link.takeSpoke()) {
            lastSpokeNanos = nowNanos;
        }
    }

    /**
     * Excuses the coordinator for the time in which this process did not look.
     *
     * @return why the coordinator is taken for lost, or {@code null}
     */
    @Nullable
    String findLoss(long nowNanos) {
        // Not by what groups have to do, which may be due for long by the time it is asked for.
        long lateNanos = nowNanos - nextDeadlineNanos();
        if (lateNanos > heartbeatIntervalNanos) {
            // This process was stopped, or its machine was. That it heard nothing says nothing of the coordinator.
            lastHeardNanos = Math.min(nowNanos, lastHeardNanos + lateNanos);
            lastAnsweredNanos = Math.min(nowNanos, lastAnsweredNanos + lateNanos);
            groupTrafficNanos = Math.min(nowNanos, groupTrafficNanos + lateNanos);
        }
        if (nowNanos - lastHeardNanos >= settings.coordinatorTimeoutNanos()) {
            return "nothing was heard from the coordinator " + Format.node(link.coordinator()) + " for "
                    + Format.duration(nowNanos - lastHeardNanos);
        }
        if (nowNanos >= unansweredEndNanos()) {
            return "the coordinator " + Format.node(link.coordinator())
                    + " is heard, but has answered nothing for "
                    + Format.duration(nowNanos - lastAnsweredNanos) + ": it does not hear this node";
        }
        return null;
    }

    /** Shows that this member lives, and asks the coordinator for the same, as far as that is due. */
    void showLife(long nowNanos) {
        if (nowNanos >= probeNanos()) {
            lastProbedNanos = nowNanos;
            tellNanos = RetryTimer.NEVER;
            link.joinSession();
        } else if (nowNanos - lastSpokeNanos >= heartbeatIntervalNanos) {
            if (link.isLegacy()) {
                link.heartbeat();
            } else {
                // The answer tells whether the coordinator still knows this member, and is the same one.
                link.joinSession();
            }
        }
    }

    /**
     * When to ask for a sign of life, whatever else was said meanwhile: not everything is answered. That a negotiated
     * coordinator is heard by others does not do, as it has to hear this member, too.
     */
    private long probeNanos() {
        long lastNanos = link.isLegacy() ? lastHeardNanos : lastAnsweredNanos;
        long askNanos = Math.max(lastNanos, lastProbedNanos) + heartbeatIntervalNanos;
        return link.isProbed()
                ? Math.min(askNanos, Math.min(tellNanos, lastProbedNanos + TELLING_INTERVALS * heartbeatIntervalNanos))
                : askNanos;
    }

    /** When a negotiated coordinator that is heard is taken not to hear this member. */
    private long unansweredEndNanos() {
        return link.isLegacy()
                ? RetryTimer.NEVER
                : lastAnsweredNanos + UNANSWERED_TIMEOUTS * settings.coordinatorTimeoutNanos();
    }

    /** When the next sign of life is to be given or missed. */
    long nextDeadlineNanos() {
        return Math.min(
                Math.min(lastHeardNanos + settings.coordinatorTimeoutNanos(), unansweredEndNanos()),
                Math.min(Math.min(probeNanos(), groupTrafficEndNanos()), lastSpokeNanos + heartbeatIntervalNanos));
    }

    long lastHeardNanos() {
        return lastHeardNanos;
    }
}
