package io.camure.node.group;

import io.camure.CamureException;
import io.camure.CamureTimeoutException;
import io.camure.CoordinatorGroup;
import io.camure.DisconnectedException;
import io.camure.GroupConfig;
import io.camure.GroupListener;
import io.camure.GroupMember;
import io.camure.Node;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Departure;
import io.camure.protocol.base.Format;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.MemberView;
import io.camure.runtime.SessionDriver;
import io.camure.wire.NodeIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A group at the coordinator of its session: who is in it, and who gets in. Thread-safe. */
public abstract class GroupAtCoordinator implements CoordinatorGroup {

    private static final Logger log = LoggerFactory.getLogger(GroupAtCoordinator.class);

    protected final NodeContext coordinator;
    private final Consumer<GroupAtCoordinator> closing;
    protected final ManagedGroup<?> group;
    protected final GroupConfig config;
    protected final LongWaits waits;
    private final List<GroupListener> listeners = new CopyOnWriteArrayList<>();
    private final Counter roundTripNanos = new Counter(-1);
    private volatile boolean formed;
    private volatile boolean stopped;

    protected GroupAtCoordinator(
            NodeContext coordinator, Consumer<GroupAtCoordinator> closing, ManagedGroup<?> group, GroupConfig config) {
        this.coordinator = coordinator;
        this.closing = closing;
        this.group = group;
        this.config = config;
        waits = new LongWaits(coordinator.driver());
    }

    protected final SessionDriver driver() {
        return coordinator.driver();
    }

    @Override
    public final int id() {
        return group.id();
    }

    @Override
    public final boolean isOpen() {
        driver().refresh();
        return !stopped && coordinator.isOpen();
    }

    /** Called under the driver's lock. */
    protected void publish() {
        roundTripNanos.set(group.roundTripNanos());
        if (formed != group.isFormed()) {
            formed = group.isFormed();
        }
        if (stopped != group.isStopped()) {
            stopped = group.isStopped();
        }
    }

    @Override
    public final List<GroupMember> members() {
        return driver().read(nowNanos -> {
            Instant now = Instant.now();
            return group.members().stream()
                    .map(view -> describe(view, now, nowNanos))
                    .toList();
        });
    }

    private static GroupMember describe(MemberView view, Instant now, long nowNanos) {
        return new GroupMember(
                Nodes.of(view.node()),
                now.minusNanos(nowNanos - view.sinceNanos()),
                now.minusNanos(nowNanos - view.lastHeardNanos()));
    }

    @Override
    public final int expectedMembers() {
        return config.expectedMembers();
    }

    @Override
    public final boolean isFormed() {
        driver().refresh();
        return formed;
    }

    @Override
    public final Optional<Duration> roundTrip() {
        driver().refresh();
        long nanos = roundTripNanos.get();
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    @Override
    public final void awaitMembers(int count, Duration timeout) throws InterruptedException {
        long deadlineNanos = driver().nowNanos() + Checks.waitNanos(timeout);
        waits.await(
                () -> group.memberCount() >= count || end() != null,
                deadlineNanos,
                () -> LongWaits.Notice.info(this, "members: " + missing("members", count)));
        driver().read(nowNanos -> {
            if (group.memberCount() >= count) {
                return null;
            }
            CamureException end = end();
            throw end != null
                    ? end
                    : new CamureTimeoutException(this + ": not " + count + " members after " + Format.duration(timeout)
                            + ": " + missing("members", count));
        });
    }

    /** How many of a number of members are missing, and who is there. Called under the driver's lock. */
    private String missing(String what, int count) {
        List<NodeIdentity> present =
                group.members().stream().map(MemberView::node).toList();
        return Math.max(0, count - present.size()) + " of " + count + " " + what + " are missing; "
                + (present.isEmpty() ? "nobody is there" : "there: " + Nodes.listed(present));
    }

    /** Who is missing while the group has yet to be formed. Called under the driver's lock. */
    protected final String missingExpected() {
        return missing("expected members", config.expectedMembers());
    }

    @Override
    public final Node accept(Duration timeout) throws InterruptedException {
        return accept(timeout, false).orElseThrow();
    }

    @Override
    public final Optional<Node> tryAccept(Duration timeout) throws InterruptedException {
        return accept(timeout, true);
    }

    /** @param onlyIfWaiting whether to give back nothing at once when nobody asks now */
    private Optional<Node> accept(Duration timeout, boolean onlyIfWaiting) throws InterruptedException {
        if (!config.isManualAdmission()) {
            throw new IllegalStateException(this + " lets in whoever asks: accept needs manual admission");
        }
        long deadlineNanos = driver().nowNanos() + Checks.waitNanos(timeout);
        boolean begun = driver().execute(nowNanos -> {
            if (onlyIfWaiting && !group.hasWaiting()) {
                return false;
            }
            group.beginAccept(nowNanos);
            return true;
        });
        if (!begun) {
            return Optional.empty();
        }
        @Nullable NodeIdentity[] accepted = new NodeIdentity[1];
        try {
            waits.await(
                    () -> tookAccepted(accepted) || end() != null,
                    deadlineNanos,
                    () -> LongWaits.Notice.info(this, "a node to accept: nobody has joined"));
        } finally {
            driver().execute(nowNanos -> {
                group.endAccept();
                return null;
            });
        }
        NodeIdentity member = accepted[0];
        if (member != null) {
            return Optional.of(Nodes.of(member));
        }
        CamureException end = driver().read(nowNanos -> end());
        throw end != null
                ? end
                : new CamureTimeoutException(this + ": nobody joined within " + Format.duration(timeout));
    }

    /** May be asked again after it has succeeded. */
    private boolean tookAccepted(@Nullable NodeIdentity[] accepted) {
        if (accepted[0] == null) {
            accepted[0] = group.pollAccepted();
        }
        return accepted[0] != null;
    }

    @Override
    public final void addListener(GroupListener listener) {
        listeners.add(listener);
    }

    @Override
    public final void removeListener(GroupListener listener) {
        listeners.remove(listener);
    }

    final void onJoined(Node member) {
        log.info("{}: member {} joined", this, member);
        notifyListeners(listener -> listener.memberJoined(member));
    }

    final void onLeft(Node member, Departure departure) {
        switch (departure) {
            case LEFT -> {
                log.info("{}: member {} left", this, member);
                notifyListeners(listener -> listener.memberLeft(member));
            }
            case LOST -> {
                log.warn("{}: member {} was lost: nothing heard of it for the member timeout", this, member);
                notifyListeners(listener -> listener.memberLost(member));
            }
            case EVICTED -> {
                log.warn("{}: member {} was evicted", this, member);
                notifyListeners(listener -> listener.memberEvicted(member));
            }
        }
    }

    final void onSlow(Node member) {
        log.warn(
                "{}: member {} is slow: for {} it has held the broadcast up",
                this,
                member,
                Format.duration(config.slowMemberPatience()));
        notifyListeners(listener -> listener.memberSlow(member));
    }

    final void onStillSlow(Node member, long slowNanos) {
        log.warn(
                "{}: member {} is still slow: for {} it has held the broadcast up. Does its application read? With"
                        + " slow-member: evict it would be evicted",
                this,
                member,
                Format.duration(config.slowMemberPatience().toNanos() + slowNanos));
    }

    final void onRefused(Node node, String why) {
        log.warn("{}: {} was refused: {}", this, node, why);
    }

    final void onCaughtUp(Node member) {
        log.info("{}: member {} has caught up", this, member);
        notifyListeners(listener -> listener.memberCaughtUp(member));
    }

    private void notifyListeners(Consumer<GroupListener> notification) {
        listeners.forEach(listener -> coordinator.dispatcher().execute(() -> notification.accept(listener)));
    }

    /** Why nothing can happen in the group any more, or {@code null}. Called under the driver's lock. */
    protected final @Nullable CamureException end() {
        CamureException sessionEnd = coordinator.end();
        if (sessionEnd != null) {
            return sessionEnd;
        }
        return group.isStopped()
                ? new DisconnectedException(
                        DisconnectedException.Reason.CLOSED, this + " was closed by this node", null)
                : null;
    }

    @Override
    public final String toString() {
        return coordinator.name() + ": " + group.describe();
    }

    @Override
    public void close() {
        closing.accept(this);
    }

    /** Waits until members have acknowledged what was sent; {@code deadlineNanos} is when that has to be over. */
    final void drain(long deadlineNanos) throws InterruptedException {
        if (driver().await(() -> group.isDrained() || coordinator.end() != null, deadlineNanos)
                == SessionDriver.Outcome.TIMED_OUT) {
            log.warn("{}: closed although not everything was acknowledged by its members", this);
        }
    }
}
