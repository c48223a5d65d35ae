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
import java.util.concurrent.atomic.AtomicInteger;
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

    /** Of the next group that is joined by its name, and may come back with another id: behind all ids. */
    private final AtomicInteger nextKey = new AtomicInteger(1 << 16);

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
                ? SessionEnd.outage(what, name, loss, "that was done just now")
                : SessionEnd.outage(what, name, outage.cause(), outage.history(what, name, nowNanos()));
    }

    void addListener(MemberListener listener) {
        guard.run(() -> {
            Map<Integer, CamureException> losses = new LinkedHashMap<>();
            lost.groupLosses().forEach((key, why) -> find(key).ifPresent(group -> losses.put(group.id(), why)));
            listeners.add(listener, lost.sessionLoss(), losses);
        });
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
                if (in.wasHandedOver()) {
                    lost.onSessionHandedOver(why, nowNanos());
                } else {
                    lost.onSessionLost(why, nowNanos());
                }
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
            // What is told late may be of one that was joined again since.
            for (ResumedGroup<?> group : groups.values()) {
                if (!closed
                        && in == node
                        && group.id() == id
                        && !group.current().isOpen()) {
                    lose(group, why);
                    tries.run();
                }
            }
        });
    }

    private void lose(ResumedGroup<?> group, CamureException why) {
        if (!lost.isGroupLost(group.key())) {
            lost.onGroupLost(group.key(), why, nowNanos());
            group.onLost(why);
            listeners.tellGroupLost(group.id(), why);
        }
    }

    <W extends MemberWork, G extends GroupAtMember, U extends Group> U join(
            GroupLabel label, Duration timeout, MemberKind<W, G, U> kind) throws InterruptedException {
        G joined = nodeToJoin(label).groups().join(label, timeout, kind);
        int key = label.hasId() ? label.id() : nextKey.getAndIncrement();
        ResumedGroup<G> group = new ResumedGroup<>(kind, this::leave, this, joined, key);
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
    private MemberNode nodeToJoin(GroupLabel group) {
        return guard.get(() -> {
            CamureException loss = lost.sessionLoss();
            if (closed) {
                throw SessionEnd.closed(name);
            } else if (loss != null) {
                throw outage(name, loss, Rejoining.SESSION);
            } else if (groups.values().stream().anyMatch(kept -> kept.isMeantBy(group))) {
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
                groups.put(group.key(), group);
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
            if (groups.remove(group.key(), group)) {
                lost.onGroupLeft(group.key());
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
                .log(
                        "{} Trying again{}.",
                        Format.sentence(String.valueOf(why.getMessage())),
                        outage == null ? "" : ": " + outage.next(nowNanos()));
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

    void ask(int key, Runnable signal) {
        guard.run(() -> {
            try {
                find(key).ifPresent(group -> group.ask(node.groups(), signal));
            } catch (CamureException e) {
                complain(lost.onGroupTryFailed(key, e, nowNanos()), e, key);
            }
        });
    }

    void warn(int key) {
        guard.run(() -> {
            Duration age = lost.ageOfGroup(key, nowNanos());
            find(key).ifPresent(group -> group.warnOfWaiting(node.coordinator(), age));
        });
    }

    private Optional<ResumedGroup<?>> find(int key) {
        return Optional.ofNullable(groups.get(key));
    }

    /** Looks whether a group that was asked for has been joined. */
    private <G extends GroupAtMember> void settle(ResumedGroup<G> group) {
        group.takeDecided().ifPresent(decided -> {
            int key = group.key();
            CamureException failure = decided.failure();
            if (failure != null) {
                complain(lost.onGroupTryFailed(key, failure, nowNanos()), failure, key);
                return;
            }
            Duration outage = lost.onGroupJoined(key, nowNanos());
            group.resume(decided);
            log.info("{}: joined again after {}", group, Format.duration(outage));
            listeners.tellGroupRegained(group.id(), outage);
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
