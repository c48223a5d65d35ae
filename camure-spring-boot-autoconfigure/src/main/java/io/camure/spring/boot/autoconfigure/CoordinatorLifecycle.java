package io.camure.spring.boot.autoconfigure;

import io.camure.CoordinatedGroup;
import io.camure.Coordinator;
import io.camure.SessionStatistics;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs the session and its configured groups. */
final class CoordinatorLifecycle extends CamureSession {

    private final CoordinatorPlan plan;
    private volatile @Nullable Coordinator coordinator;

    CoordinatorLifecycle(CoordinatorPlan plan) {
        super(plan);
        this.plan = plan;
    }

    @Override
    public void start() {
        if (coordinator != null) {
            return;
        }
        Coordinator started = open();
        try {
            // Groups with an id come first, so that none of these ids is taken by a group that has a choice.
            List<CamureGroup> idsFirst = groups().stream()
                    .sorted(Comparator.comparing(group -> group.plan().id() == null))
                    .toList();
            for (CamureGroup group : idsFirst) {
                CoordinatedGroup created = create(started, group.plan());
                created.addListener(new MembershipEvents(this, group));
                group.attach(created);
            }
        } catch (RuntimeException e) {
            started.close();
            detach();
            throw e;
        }
        coordinator = started;
    }

    private Coordinator open() {
        InetSocketAddress bindAddress = plan.bindAddress().resolveNow();
        InetSocketAddress multicastAddress = plan.multicastAddress().resolveNow();
        try {
            return Coordinator.start(bindAddress, multicastAddress, plan.config());
        } catch (IllegalArgumentException e) {
            throw plan.multicastAddress().invalid(String.valueOf(e.getMessage()));
        }
    }

    private static CoordinatedGroup create(Coordinator coordinator, GroupPlan group) {
        return switch (group.type()) {
            case BARRIER -> coordinator.createBarrier(group.config());
            case BROADCAST -> coordinator.createBroadcast(group.config());
        };
    }

    @Override
    public void stop() {
        Coordinator stopping = coordinator;
        if (stopping != null) {
            stopping.close();
            synchronized (this) {
                detach();
                coordinator = null;
            }
            onStopped();
        }
    }

    @Override
    public boolean isRunning() {
        return coordinator != null;
    }

    @Override
    @Nullable
    Coordinator current() {
        return coordinator;
    }

    @Override
    Optional<String> transport() {
        return Optional.ofNullable(coordinator).map(Coordinator::transport);
    }

    @Override
    Optional<Instant> coordinatorLastHeard() {
        return Optional.empty();
    }

    @Override
    @Nullable
    SessionStatistics currentStatistics() {
        Coordinator current = coordinator;
        return current == null ? null : current.statistics();
    }
}
