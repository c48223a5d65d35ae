package io.camure.node.rejoin;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.CamureException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a member has lost, and what to try when. The session comes first, and without it no group can; then each group for
 * itself, so that one that can't be joined keeps no other waiting.
 *
 * <p>A pure state machine, as those of the protocol are: it is told what has happened and when, and says what to do next.
 */
final class Rejoining {

    /** How long the coordinator is asked for a group before that is worth a warning. */
    static final long GROUP_PATIENCE_NANOS = SECONDS.toNanos(10);

    /** How long nobody may have taken over from a coordinator that has said goodbye before that is worth a warning. */
    static final long HANDOVER_PATIENCE_NANOS = SECONDS.toNanos(2);

    /** In place of the id of a group. */
    static final int SESSION = -1;

    static final Step NOTHING = new Step(Action.NOTHING, SESSION, Long.MAX_VALUE);

    private final Supplier<BackOff> backOffs;
    private final Map<Integer, Outage> groups = new LinkedHashMap<>();
    private @Nullable Outage session;

    /** What to do next. */
    enum Action {
        TRY_SESSION,
        ASK_FOR_GROUP,
        /** A group was asked for in vain for long. */
        WARN_OF_GROUP,
        /** Something will be due. */
        WAIT,
        /** Nothing is lost. */
        NOTHING
    }

    /**
     * @param group the one that the action is about
     * @param untilNanos how long to wait, or how long a try for the session may take
     */
    record Step(Action action, int group, long untilNanos) {}

    /** @param backOffs gives the pauses of each outage */
    Rejoining(Supplier<BackOff> backOffs) {
        this.backOffs = backOffs;
    }

    void onSessionLost(CamureException why, long nowNanos) {
        session = new Outage(why, backOffs.get(), nowNanos);
    }

    /** The session was ended by its coordinator, and another one is about to take over: it is tried at once. */
    void onSessionHandedOver(CamureException why, long nowNanos) {
        Outage outage = new Outage(why, backOffs.get().promptly(), nowNanos);
        outage.warnNotBefore(nowNanos + HANDOVER_PATIENCE_NANOS);
        session = outage;
    }

    /** Why there is no session, or {@code null} while there is. */
    @Nullable
    CamureException sessionLoss() {
        return session == null ? null : session.cause();
    }

    /** @return whether to tell that it goes on */
    boolean onSessionTryFailed(CamureException why, long nowNanos) {
        Outage outage = outageOfSession();
        outage.onTryFailed(why, nowNanos);
        return outage.takeWarning(nowNanos);
    }

    /** Has the groups that were lost asked for at once.
     *
     * @return how long there was no session
     */
    Duration onSessionJoined(long nowNanos) {
        Outage over = outageOfSession();
        session = null;
        groups.values().forEach(group -> group.beginAnew(backOffs.get(), nowNanos));
        return Duration.ofNanos(over.ageNanos(nowNanos));
    }

    private Outage outageOfSession() {
        if (session == null) {
            throw new IllegalStateException("the session is not lost");
        }
        return session;
    }

    void onGroupLost(int id, CamureException why, long nowNanos) {
        groups.put(id, new Outage(why, backOffs.get(), nowNanos));
    }

    boolean isGroupLost(int id) {
        return groups.containsKey(id);
    }

    /** Why this node is out of the groups that it is to be in, by their ids. */
    Map<Integer, CamureException> groupLosses() {
        Map<Integer, CamureException> losses = new LinkedHashMap<>();
        groups.forEach((id, outage) -> losses.put(id, outage.cause()));
        return losses;
    }

    /** @return whether to tell that it goes on */
    boolean onGroupTryFailed(int id, CamureException why, long nowNanos) {
        Outage outage = groups.get(id);
        if (outage == null) {
            return false;
        }
        outage.onTryFailed(why, nowNanos);
        return outage.takeWarning(nowNanos);
    }

    /** @return how long this node was not in it */
    Duration onGroupJoined(int id, long nowNanos) {
        Outage over = groups.remove(id);
        return over == null ? Duration.ZERO : Duration.ofNanos(over.ageNanos(nowNanos));
    }

    /** How long this node has not been in a group that it has lost. */
    Duration ageOfGroup(int id, long nowNanos) {
        Outage outage = groups.get(id);
        return outage == null ? Duration.ZERO : Duration.ofNanos(outage.ageNanos(nowNanos));
    }

    /**
     * Why this node is out of a group that it is to be in, and what is tried next: for the session first.
     *
     * @param id that of a group, or {@link #SESSION}
     */
    @Nullable
    Outage outage(int id) {
        return session != null ? session : groups.get(id);
    }

    /** It is not wanted any more. */
    void onGroupLeft(int id) {
        groups.remove(id);
    }

    /** What to do now; what it says is taken for done. */
    Step next(long nowNanos) {
        Outage lost = session;
        if (lost != null) {
            return lost.dueNanos() - nowNanos <= 0
                    ? new Step(Action.TRY_SESSION, SESSION, nowNanos + lost.tryNanos())
                    : new Step(Action.WAIT, SESSION, lost.dueNanos());
        }
        long untilNanos = Long.MAX_VALUE;
        for (Map.Entry<Integer, Outage> each : groups.entrySet()) {
            Outage outage = each.getValue();
            long dueNanos = outage.isAsked() ? outage.nextWarningNanos() : outage.dueNanos();
            if (dueNanos <= nowNanos) {
                return act(each.getKey(), outage, nowNanos);
            }
            untilNanos = Math.min(untilNanos, dueNanos);
        }
        return groups.isEmpty() ? NOTHING : new Step(Action.WAIT, SESSION, untilNanos);
    }

    private static Step act(int id, Outage outage, long nowNanos) {
        if (outage.isAsked()) {
            outage.takeWarning(nowNanos);
            return new Step(Action.WARN_OF_GROUP, id, nowNanos);
        }
        outage.onAsked();
        outage.warnNotBefore(nowNanos + GROUP_PATIENCE_NANOS);
        return new Step(Action.ASK_FOR_GROUP, id, nowNanos);
    }
}
