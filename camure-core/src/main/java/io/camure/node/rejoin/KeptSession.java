package io.camure.node.rejoin;

import io.camure.CamureException;
import io.camure.DisconnectedException;
import io.camure.Group;
import io.camure.GroupInUseException;
import io.camure.Loss;
import io.camure.MemberConfig;
import io.camure.MemberListener;
import io.camure.SessionStatistics;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.GroupLosses;
import io.camure.node.group.MemberKind;
import io.camure.node.group.ResumedGroup;
import io.camure.node.group.SessionEnd;
import io.camure.node.session.MemberListeners;
import io.camure.node.session.MemberNode;
import io.camure.protocol.base.Format;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.MemberWork;
import io.camure.runtime.EventDispatcher;
import io.camure.transport.Execution;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The session and the groups that a member is to stay in, while one membership follows another: notices and tells what is
 * lost and regained, and knows what to try next. Thread-safe.
 */
final class KeptSession implements GroupLosses {

    private static final Logger log = LoggerFactory.getLogger(KeptSession.class);

    private final String name;

    /** Has somebody take the next step. */
    private final Runnable tries;

    private final EventDispatcher dispatcher;
    private final MemberListeners listeners;
    private final Execution execution;
    private final long originNanos;

    /** Guards all that follows. Taken before the lock of a session, never after it. */
    private final Guard guard = new Guard();

    private final Rejoining lost;
    private final Map<Integer, ResumedGroup<?>> groups = new LinkedHashMap<>();

    /** The session that was joined last, also when it is over. */
    private volatile MemberNode node;

    /** Of the sessions before. */
    private SessionStatistics past = SessionStatistics.none();

    private boolean closed;

    /**
     * @param first the session that this node is in already
     * @param tries has somebody take the next step, without waiting for it
     */
    KeptSession(MemberNode first, MemberConfig config, Runnable tries) {
        this.tries = tries;
        name = config.name();
        node = first;
        execution = first.execution();
        originNanos = execution.nanoTime();
        RandomGenerator random = execution.newRandom();
        lost = new Rejoining(() -> new BackOff(config.rejoin(), random));
        dispatcher = new EventDispatcher("camure-" + name + "-events", execution);
        listeners = new MemberListeners(dispatcher);
    }

    /** Begins to notice losses. */
    void start() {
        listenTo(node);
    }

    private void listenTo(MemberNode joined) {
        joined.addListener(new MemberListener() {
            @Override
            public void coordinatorLost(CamureException why) {
                onSessionLost(joined, why);
            }

            @Override
            public void groupLost(int group, CamureException why) {
                onGroupLost(joined, group, why);
            }
        });
    }

    MemberNode node() {
        return node;
    }

    SessionStatistics statistics() {
        return guard.get(() -> past.plus(node.statistics()));
    }

    Optional<Loss> loss() {
        return lossOf(Rejoining.SESSION);
    }

    @Override
    public Optional<Loss> lossOf(int group) {
        return guard.get(
                () -> Optional.ofNullable(closed ? null : lost.outage(group)).map(outage -> outage.loss(nowNanos())));
    }

    @Override
    public DisconnectedException outageOf(int group, String what, CamureException loss) {
        return guard.get(() -> outage(what, loss, group));
    }

    private DisconnectedException outage(String what, CamureException loss, int id) {
        Outage outage = lost.outage(id);
        return outage == null
                ? SessionEnd.outage(what, loss, "that was done just now")
                : SessionEnd.outage(what, outage.cause(), outage.history(nowNanos()));
    }

    void addListener(MemberListener listener) {
        guard.run(() -> listeners.add(listener, lost.sessionLoss(), lost.groupLosses()));
    }

    void removeListener(MemberListener listener) {
        listeners.remove(listener);
    }

    List<Group> groups() {
        return guard.get(
                () -> groups.values().stream().map(ResumedGroup::handle).toList());
    }

    private void onSessionLost(MemberNode in, CamureException why) {
        guard.run(() -> {
            if (!closed && in == node && lost.sessionLoss() == null) {
                lost.onSessionLost(why, nowNanos());
                listeners.tellCoordinatorLost(why);
                groups.values().forEach(group -> {
                    group.forgetAsked();
                    lose(group, why);
                });
                tries.run();
            }
        });
    }

    private void onGroupLost(MemberNode in, int id, CamureException why) {
        guard.run(() -> {
            ResumedGroup<?> group = groups.get(id);
            // What is told late may be of one that was joined again since.
            if (!closed && in == node && group != null && !group.current().isOpen()) {
                lose(group, why);
                tries.run();
            }
        });
    }

    private void lose(ResumedGroup<?> group, CamureException why) {
        int id = group.id();
        if (!lost.isGroupLost(id)) {
            lost.onGroupLost(id, why, nowNanos());
            group.onLost(why);
            listeners.tellGroupLost(id, why);
        }
    }

    <W extends MemberWork, G extends GroupAtMember, U extends Group> U join(
            GroupLabel label, Duration timeout, MemberKind<W, G, U> kind) throws InterruptedException {
        G joined = nodeToJoin(label.id()).groups().join(label, timeout, kind);
        ResumedGroup<G> group = new ResumedGroup<>(kind, this::leave, this, joined);
        // Before the membership can be replaced by the next one.
        U resumed = kind.resumed(group);
        group.handOut(resumed);
        keep(group);
        return resumed;
    }

    /**
     * The session in which a group can be joined.
     *
     * @throws DisconnectedException when there is none now
     * @throws GroupInUseException when this node is in the group already, or joins it again by itself
     */
    private MemberNode nodeToJoin(int group) {
        return guard.get(() -> {
            CamureException loss = lost.sessionLoss();
            if (closed) {
                throw SessionEnd.closed(name);
            } else if (loss != null) {
                throw outage(name, loss, Rejoining.SESSION);
            } else if (groups.containsKey(group)) {
                throw new GroupInUseException(name + " is in group " + group
                        + " already, or was and joins it again by itself: close that one first");
            }
            return node;
        });
    }

    /** Keeps this node in a group from now on. */
    private void keep(ResumedGroup<?> group) {
        boolean late = guard.get(() -> {
            if (!closed) {
                groups.put(group.id(), group);
                CamureException end = group.current().failure();
                if (end != null) {
                    // While its joining was told to whoever asked for it.
                    lose(group, end);
                    tries.run();
                }
            }
            return closed;
        });
        if (late) {
            group.close();
            throw SessionEnd.closed(name);
        }
    }

    private void leave(ResumedGroup<?> group) {
        List<GroupAtMember> leaving = guard.get(() -> {
            if (groups.remove(group.id(), group)) {
                lost.onGroupLeft(group.id());
            }
            return group.closeForGood();
        });
        leaving.forEach(GroupAtMember::close);
    }

    /** What to try next. */
    Rejoining.Step nextStep() {
        return guard.get(() -> {
            groups.values().forEach(this::settle);
            return closed ? Rejoining.NOTHING : lost.next(nowNanos());
        });
    }

    void onSessionTryFailed(CamureException why) {
        guard.run(() -> complain(lost.onSessionTryFailed(why, nowNanos()), why, Rejoining.SESSION));
    }

    private void complain(boolean loudly, CamureException why, int id) {
        Outage outage = lost.outage(id);
        log.atLevel(loudly ? Level.WARN : Level.DEBUG)
                .log("{} Trying again{}.", why.getMessage(), outage == null ? "" : ": " + outage.next(nowNanos()));
    }

    void onSessionJoined(MemberNode joined) {
        boolean late = guard.get(() -> {
            if (!closed) {
                past = past.plus(node.statistics());
                node = joined;
                Duration outage = lost.onSessionJoined(nowNanos());
                log.info("{}: in a session again after {}", name, Format.duration(outage));
                listeners.tellCoordinatorRegained(outage);
            }
            return closed;
        });
        if (late) {
            joined.close();
        } else {
            listenTo(joined);
        }
    }

    void ask(int id, Runnable signal) {
        guard.run(() -> {
            try {
                ResumedGroup<?> group = groups.get(id);
                if (group != null) {
                    group.ask(node.groups(), signal);
                }
            } catch (CamureException e) {
                complain(lost.onGroupTryFailed(id, e, nowNanos()), e, id);
            }
        });
    }

    void warn(int id) {
        guard.run(() -> {
            ResumedGroup<?> group = groups.get(id);
            if (group != null) {
                log.warn(
                        "{}: the coordinator {} has not admitted this node for {}. Is there a group {}, does it accept"
                                + " members, and is no message being written that long? This node goes on asking.",
                        group,
                        node.coordinator(),
                        Format.duration(lost.ageOfGroup(id, nowNanos())),
                        group.label());
            }
        });
    }

    /** Looks whether a group that was asked for has been joined. */
    private <G extends GroupAtMember> void settle(ResumedGroup<G> group) {
        group.takeDecided().ifPresent(decided -> {
            int id = group.id();
            CamureException failure = decided.failure();
            if (failure != null) {
                complain(lost.onGroupTryFailed(id, failure, nowNanos()), failure, id);
                return;
            }
            Duration outage = lost.onGroupJoined(id, nowNanos());
            group.resume(decided);
            log.info("{}: joined again after {}", group, Format.duration(outage));
            listeners.tellGroupRegained(id, outage);
            CamureException end = decided.failure();
            if (end != null) {
                // That was told while the group was still taken for lost.
                lose(group, end);
            }
        });
    }

    long nowNanos() {
        return execution.nanoTime() - originNanos;
    }

    /** Leaves all groups and the session, and joins none any more. Idempotent. */
    void close() {
        guard.run(() -> {
            closed = true;
            groups.values().forEach(ResumedGroup::closeForGood);
            groups.clear();
        });
        node.close();
        dispatcher.close();
    }
}
