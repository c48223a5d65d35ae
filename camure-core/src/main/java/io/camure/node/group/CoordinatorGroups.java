package io.camure.node.group;

import io.camure.CamureException;
import io.camure.CoordinatorGroup;
import io.camure.GroupConfig;
import io.camure.GroupIdsExhaustedException;
import io.camure.GroupInUseException;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.GroupLabel;
import io.camure.protocol.group.GroupWork;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.runtime.SessionDriver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/** The groups of a coordinator: creates them, tells them what happens to their members, and closes them. Thread-safe. */
public final class CoordinatorGroups {

    /** How long closing waits for members to acknowledge what was sent, and then to confirm the end. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long CLOSE_CONFIRMATION_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final NodeContext node;
    private final CoordinatorSession session;
    private final int maximumMembers;
    private final SessionDriver driver;
    private final Map<Integer, GroupAtCoordinator> groups = new ConcurrentHashMap<>();

    /** The same groups, to go through without an iterator in each turn. Guarded by the driver's lock. */
    private final List<GroupAtCoordinator> published = new ArrayList<>();

    /** There are no more groups from now on. Guarded by the driver's lock. */
    private boolean closing;

    /** @param maximumMembers how many the session may have */
    public CoordinatorGroups(NodeContext node, CoordinatorSession session, int maximumMembers) {
        this.node = node;
        this.session = session;
        this.maximumMembers = maximumMembers;
        driver = node.driver();
    }

    public <S, W extends GroupWork, G extends GroupAtCoordinator> G create(
            CoordinatorKind<S, W, G> kind, GroupConfig groupConfig) {
        Checks.given("groupConfig", groupConfig);
        if (groupConfig.expectedMembers() > maximumMembers) {
            throw new IllegalArgumentException(node.name() + ": expectedMembers is " + groupConfig.expectedMembers()
                    + ", but maximumMembers of the session is " + maximumMembers
                    + ": so many can never be there. Raise the latter or lower the former");
        }
        S settings = kind.settings(groupConfig);
        return driver.execute(nowNanos -> {
            CamureException end = node.end();
            if (end != null) {
                throw end;
            }
            if (closing) {
                throw SessionEnd.closed(node.name());
            }
            int id = groupConfig.id().orElseGet(session::firstFreeGroupId);
            if (id < 0) {
                throw new GroupIdsExhaustedException();
            }
            requireFree(id, groupConfig.name());
            Admission admission = new Admission(!groupConfig.isManualAdmission(), groupConfig.expectedMembers());
            ManagedGroup<W> managed =
                    session.create(kind.kind(), new GroupLabel(id, groupConfig.name()), admission, settings);
            G group = kind.atCoordinator(node, this::close, managed, groupConfig);
            groups.put(id, group);
            published.add(group);
            return group;
        });
    }

    private void requireFree(int id, String name) {
        ManagedGroup<?> other = session.group(id);
        if (other != null) {
            throw new GroupInUseException(node.name() + ": the id " + id + " is that of " + other.describe()
                    + ": give each group an id of its own");
        }
        if (!name.isEmpty() && session.group(name) != null) {
            throw new GroupInUseException(
                    node.name() + ": there is a group " + name + " already: give each group a name of its own");
        }
    }

    public List<CoordinatorGroup> all() {
        return List.copyOf(groups.values());
    }

    /** Called under the driver's lock. */
    public void onEvent(SessionEvent event) {
        if (event instanceof SessionEvent.MemberJoined joined) {
            withGroup(joined.group(), group -> group.onJoined(Nodes.of(joined.member())));
        } else if (event instanceof SessionEvent.MemberLeft left) {
            withGroup(left.group(), group -> group.onLeft(Nodes.of(left.member()), left.departure()));
        } else if (event instanceof SessionEvent.MemberSlow slow) {
            withGroup(slow.group(), group -> group.onSlow(Nodes.of(slow.member())));
        } else if (event instanceof SessionEvent.MemberStillSlow slow) {
            withGroup(slow.group(), group -> group.onStillSlow(Nodes.of(slow.member()), slow.slowNanos()));
        } else if (event instanceof SessionEvent.GroupJoinRefused refused) {
            withGroup(refused.group(), group -> group.onRefused(Nodes.of(refused.node()), refused.why()));
        } else if (event instanceof SessionEvent.MemberCaughtUp caughtUp) {
            withGroup(caughtUp.group(), group -> group.onCaughtUp(Nodes.of(caughtUp.member())));
        }
    }

    private void withGroup(int id, Consumer<GroupAtCoordinator> action) {
        GroupAtCoordinator group = groups.get(id);
        if (group != null) {
            action.accept(group);
        }
    }

    /** Called under the driver's lock. */
    public void publish() {
        for (int i = 0; i < published.size(); i++) {
            published.get(i).publish();
        }
    }

    private void close(GroupAtCoordinator group) {
        close(List.of(group));
    }

    /** Closes all groups; from now on none can be created. */
    public void closeAll() {
        List<GroupAtCoordinator> open = driver.execute(nowNanos -> {
            closing = true;
            return List.copyOf(groups.values());
        });
        close(open);
    }

    /** Closes groups together, so that their members are waited for once. Waiting callers fail at once. */
    private void close(Collection<? extends GroupAtCoordinator> closing) {
        try {
            forEach(closing, (group, nowNanos) -> group.stop());
            // Who has joined just now may not have said so yet; for who does not, nothing may be held back.
            driver.await(
                    () -> isOver() || closing.stream().noneMatch(group -> group.group.hasOpenAdmission()),
                    driver.nowNanos() + CLOSE_CONFIRMATION_NANOS);
            forEach(closing, ManagedGroup::endAdmissions);
            long lingerNanos = driver.nowNanos() + LINGER_NANOS;
            for (GroupAtCoordinator group : closing) {
                group.drain(lingerNanos);
            }
            forEach(closing, ManagedGroup::close);
            // The groups themselves know for how long.
            driver.await(
                    () -> isOver() || closing.stream().noneMatch(group -> group.group.isLingering()),
                    driver.nowNanos() + Checks.LONGEST.toNanos());
            driver.await(
                    () -> isOver() || closing.stream().allMatch(group -> group.group.isCloseConfirmed()),
                    driver.nowNanos() + CLOSE_CONFIRMATION_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            forEach(closing, (group, nowNanos) -> {
                group.close(nowNanos);
                session.removeGroup(group);
            });
            driver.execute(nowNanos -> published.removeAll(closing));
            closing.forEach(group -> groups.remove(group.id(), group));
        }
    }

    /** Nobody says anything any more that could be waited for. */
    private boolean isOver() {
        return node.end() != null;
    }

    private void forEach(Collection<? extends GroupAtCoordinator> closing, ObjLongConsumer<ManagedGroup<?>> command) {
        driver.execute(nowNanos -> {
            closing.forEach(group -> command.accept(group.group, nowNanos));
            return null;
        });
    }
}
