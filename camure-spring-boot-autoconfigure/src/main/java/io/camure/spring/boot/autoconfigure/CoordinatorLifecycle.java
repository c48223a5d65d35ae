package io.camure.spring.boot.autoconfigure;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorGroup;
import io.camure.GroupConfig;
import io.camure.SessionStatistics;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the session and its configured groups. */
final class CoordinatorLifecycle extends SessionBinding {

    private static final String PREFIX = "coordinator.";

    private final HostAndPort bindAddress;
    private final HostAndPort multicastAddress;
    private final CoordinatorConfig config;

    /** Written with this locked, so that no group is added while those that there are get created. */
    private volatile @Nullable Coordinator coordinator;

    CoordinatorLifecycle(
            CoordinatorDefinition plan,
            CamureConnectionDetails details,
            List<CoordinatorConfigCustomizer> customizers) {
        super(plan);
        String session = plan.session();
        bindAddress = Settings.requireAddress(
                plan, PREFIX + "bind-address", details.getBindAddress(session), "127.0.0.1:7400");
        multicastAddress = Settings.requireAddress(
                        plan, PREFIX + "multicast-address", details.getMulticastAddress(session), "239.255.74.0:7401")
                .requirePort();
        CoordinatorConfig.Builder builder = plan.config();
        String networkInterface = details.getNetworkInterface(session);
        if (networkInterface != null) {
            builder.networkInterface(networkInterface);
        }
        customizers.forEach(customizer -> customizer.customize(session, builder));
        config = builder.name(plan.name()).build();
    }

    @Override
    public synchronized void start() {
        if (coordinator != null) {
            return;
        }
        Coordinator started = open();
        try {
            // Groups with an id come first, so that none of these ids is taken by a group that has a choice.
            List<GroupBinding> idsFirst = groups().stream()
                    .sorted(Comparator.comparing(group -> group.plan().id() == null))
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

    private Coordinator open() {
        InetSocketAddress unicast = bindAddress.resolveNow();
        InetSocketAddress multicast = multicastAddress.resolveNow();
        try {
            return Coordinator.start(unicast, multicast, config);
        } catch (IllegalArgumentException e) {
            throw multicastAddress.invalid(String.valueOf(e.getMessage()));
        }
    }

    private void create(Coordinator running, GroupBinding group) {
        GroupConfig groupConfig = group.plan().config();
        CoordinatorGroup created = switch (group.plan().type()) {
            case BARRIER -> running.createBarrier(groupConfig);
            case BROADCAST -> running.createBroadcast(groupConfig);
        };
        created.addListener(new MembershipEvents(this, group));
        group.attach(created);
    }

    @Override
    synchronized void open(GroupBinding group) {
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
    @Nullable
    Coordinator current() {
        return coordinator;
    }

    @Override
    @Nullable
    SessionStatistics currentStatistics() {
        Coordinator current = coordinator;
        return current == null ? null : current.statistics();
    }
}
