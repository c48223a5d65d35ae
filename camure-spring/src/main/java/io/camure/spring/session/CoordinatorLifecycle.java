package io.camure.spring.session;

import io.camure.Coordinator;
import io.camure.CoordinatorGroup;
import io.camure.Member;
import io.camure.SessionStatistics;
import io.camure.spring.callback.Callbacks;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the session and its configured groups. */
public final class CoordinatorLifecycle extends SessionBinding {

    private final Supplier<Coordinator> starter;

    /** Written with this locked, so that no group is added while those that there are get created. */
    private volatile @Nullable Coordinator coordinator;

    /** @param starter starts the session, which is done anew each time; throws what is to keep the application from starting */
    public CoordinatorLifecycle(CoordinatorDefinition definition, Supplier<Coordinator> starter, Callbacks callbacks) {
        super(definition, callbacks);
        this.starter = starter;
    }

    @Override
    public synchronized void start() {
        if (coordinator != null) {
            return;
        }
        Coordinator started = starter.get();
        started.addListener(new ReachEvents(this));
        try {
            // Groups with an id come first, so that none of these ids is taken by a group that has a choice.
            List<GroupBinding> idsFirst = groups().stream()
                    .sorted(Comparator.comparing(group -> group.definition().id() == null))
                    .toList();
            for (GroupBinding group : idsFirst) {
                create(started, group);
            }
        } catch (RuntimeException e) {
            started.close();
            detach();
            throw e;
        }
        coordinator = started;
    }

    private void create(Coordinator running, GroupBinding group) {
        CoordinatorGroup created = group.create(running);
        created.addListener(new MembershipEvents(group));
        group.attach(created);
    }

    @Override
    public synchronized void open(GroupBinding group) {
        Coordinator running = coordinator;
        if (running != null) {
            create(running, group);
        }
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
    public Optional<Member> member() {
        return Optional.empty();
    }

    @Override
    @Nullable
    public Coordinator current() {
        return coordinator;
    }

    @Override
    @Nullable
    SessionStatistics currentStatistics() {
        Coordinator current = coordinator;
        return current == null ? null : current.statistics();
    }
}
