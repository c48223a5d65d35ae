package io.camure.node.group;

import io.camure.CamureException;
import io.camure.Group;
import io.camure.GroupIdRequiredException;
import io.camure.GroupInUseException;
import io.camure.JoinTimeoutException;
import io.camure.UnsupportedGroupException;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Disconnection;
import io.camure.protocol.base.Format;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.MemberWork;
import io.camure.protocol.session.MemberSession;
import io.camure.runtime.SessionDriver;
import io.camure.wire.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The groups of a member: joins them, tells them when this node is out of them, and leaves them. Thread-safe. */
public final class MemberGroups {

    private static final long LEAVE_CONFIRMATION_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Logger log = LoggerFactory.getLogger(MemberGroups.class);

    private final NodeContext node;
    private final MemberSession session;
    private final BiConsumer<Integer, CamureException> lossSink;
    private final SessionDriver driver;
    private final Map<JoinedGroup<?>, GroupAtMember> groups = new ConcurrentHashMap<>();

    /** The same groups, to go through without an iterator in each turn. Guarded by the driver's lock. */
    private final List<GroupAtMember> published = new ArrayList<>();

    /** @param lossSink is told of each group that is lost against this node's will, and why */
    public MemberGroups(NodeContext node, MemberSession session, BiConsumer<Integer, CamureException> lossSink) {
        this.node = node;
        this.session = session;
        this.lossSink = lossSink;
        driver = node.driver();
    }

    /** Joins a group, and waits for that. */
    public <W extends MemberWork, G extends GroupAtMember> G join(
            GroupLabel label, Duration timeout, GroupJoin<W, G> how) throws InterruptedException {
        long deadlineNanos = driver.nowNanos() + Checks.waitNanos(timeout);
        // One that was closed may still be saying goodbye.
        driver.await(() -> !isSayingGoodbye(label) || node.end() != null, deadlineNanos);
        G joined = ask(label, how);
        try {
            awaitJoined(joined, deadlineNanos, timeout);
        } catch (InterruptedException | RuntimeException e) {
            joined.close();
            throw e;
        }
        return joined;
    }

    /** Asks to be admitted to a group, without waiting for the answer. */
    <W extends MemberWork, G extends GroupAtMember> G ask(GroupLabel label, GroupJoin<W, G> how) {
        return driver.execute(nowNanos -> {
            CamureException end = node.end();
            if (end != null) {
                throw end;
            }
            if (session.group(label) != null) {
                throw new GroupInUseException(
                        node.name() + " is in group " + label + " already, or has not left it yet");
            }
            if (!label.hasId() && !session.can(Capability.JOIN_ANSWERS)) {
                throw new GroupIdRequiredException(node.name() + ": the coordinator "
                        + Format.node(session.coordinator())
                        + " knows groups only by their ids, not by names: tell the id of "
                        + label.describe(how.kind().type()));
            }
            Capability needed = how.kind().needed();
            if (needed != null && !session.can(needed)) {
                throw new UnsupportedGroupException(node.name() + ": the coordinator "
                        + Format.node(session.coordinator()) + " does not know groups of the type of "
                        + label.describe(how.kind().type())
                        + ": it runs an earlier build, or speaks only protocol 0.1. Update it first");
            }
            groups.keySet().removeIf(group -> isFormer(group, label));
            published.removeIf(group -> isFormer(group.group, label));
            G wrapped = how.atMember(node, this::leave, session.join(how.kind(), label, nowNanos));
            groups.put(wrapped.group, wrapped);
            published.add(wrapped);
            return wrapped;
        });
    }

    private static boolean isFormer(JoinedGroup<?> group, GroupLabel label) {
        boolean same =
                label.hasId() ? group.id() == label.id() : group.label().name().equals(label.name());
        return same && group.state() == JoinedGroup.State.OUT;
    }

    private boolean isSayingGoodbye(GroupLabel label) {
        JoinedGroup<?> group = session.group(label);
        return group != null && group.state() != JoinedGroup.State.JOINED;
    }

    private void awaitJoined(GroupAtMember joined, long deadlineNanos, Duration timeout) throws InterruptedException {
        JoinedGroup<?> group = joined.group;
        new LongWaits(driver)
                .await(
                        () -> group.state() != JoinedGroup.State.JOINING || joined.end() != null,
                        deadlineNanos,
                        () -> LongWaits.Notice.info(
                                joined,
                                "the coordinator " + Format.node(session.coordinator()) + " to admit this node"
                                        + joined.whyPending()));
        driver.read(nowNanos -> {
            if (group.state() == JoinedGroup.State.JOINED) {
                return null;
            }
            CamureException end = joined.end();
            if (end != null) {
                throw end;
            }
            throw new JoinTimeoutException(
                    joined + ": the coordinator " + Format.node(session.coordinator())
                            + " has not admitted this node within " + Format.duration(timeout) + joined.whyPending(),
                    group.pending());
        });
        log.info("{}: joined", joined);
    }

    /** This node is out of a group. Called under the driver's lock. */
    public void onDisconnected(int id, Disconnection disconnection) {
        groups.values().stream()
                .filter(group -> group.hasEnded(id, disconnection))
                .findAny()
                .ifPresent(group -> {
                    log.info("{}: out: {}", group, disconnection.detail());
                    CamureException why = group.end();
                    if (group.isClosedHere()) {
                        // Its goodbye has taken longer than the caller of close has waited.
                        forget(group.group);
                    }
                    boolean lost = group.group.wasJoined() && !group.isClosedHere();
                    if (why != null && lost && disconnection.cause() != Disconnection.Cause.LEFT) {
                        lossSink.accept(id, why);
                    }
                });
    }

    /** Called under the driver's lock. */
    public void publish() {
        for (int i = 0; i < published.size(); i++) {
            published.get(i).publish();
        }
    }

    public void leaveAll() {
        List<GroupAtMember> all = driver.read(nowNanos -> List.copyOf(published));
        leave(all);
    }

    /** There is nothing left that they could be left by. */
    public void forgetAll() {
        driver.read(nowNanos -> {
            published.forEach(group -> group.leave(nowNanos));
            return null;
        });
    }

    /** Those that were joined and not left. */
    public List<Group> joined() {
        return driver.read(nowNanos -> published.stream()
                .filter(group -> group.group.wasJoined() && !group.isClosedHere())
                .<Group>map(group -> group)
                .toList());
    }

    private void leave(GroupAtMember group) {
        leave(List.of(group));
    }

    /** Leaves groups together, so that the coordinator is waited for once. */
    private void leave(Collection<GroupAtMember> leaving) {
        driver.execute(nowNanos -> {
            leaving.forEach(group -> group.leave(nowNanos));
            return null;
        });
        try {
            driver.await(
                    () -> leaving.stream().allMatch(group -> group.group.state() == JoinedGroup.State.OUT),
                    driver.nowNanos() + LEAVE_CONFIRMATION_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.execute(nowNanos -> {
                leaving.forEach(group -> forget(group.group));
                return null;
            });
        }
    }

    /** Unless it is still saying goodbye. */
    private void forget(JoinedGroup<?> group) {
        if (group.state() == JoinedGroup.State.OUT) {
            session.removeGroup(group);
            GroupAtMember forgotten = groups.remove(group);
            published.remove(forgotten);
        }
    }
}
