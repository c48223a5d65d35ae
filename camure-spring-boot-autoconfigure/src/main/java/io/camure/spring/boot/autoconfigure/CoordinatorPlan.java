package io.camure.spring.boot.autoconfigure;

import io.camure.CoordinatorConfig;
import io.camure.spring.boot.autoconfigure.CamureProperties.Role;
import java.util.List;

/** A session that this application is to run. */
record CoordinatorPlan(
        HostAndPort bindAddress, HostAndPort multicastAddress, CoordinatorConfig config, List<GroupPlan> groups)
        implements SessionPlan {

    private static final String PREFIX = "camure.coordinator.";

    static CoordinatorPlan of(String name, CamureProperties all, List<GroupPlan> groups) {
        CamureProperties.Coordinator properties = all.coordinator();
        return new CoordinatorPlan(
                Settings.requireAddress(
                        Role.COORDINATOR, PREFIX + "bind-address", properties.bindAddress(), "127.0.0.1:7400"),
                Settings.requireAddress(
                                Role.COORDINATOR,
                                PREFIX + "multicast-address",
                                properties.multicastAddress(),
                                "239.255.74.0:7401")
                        .requirePort(),
                config(name, all, properties),
                groups);
    }

    private static CoordinatorConfig config(
            String name, CamureProperties all, CamureProperties.Coordinator properties) {
        CoordinatorConfig.Builder builder = CoordinatorConfig.builder()
                .name(name)
                .transport(all.transport())
                .idleStrategy(all.idleStrategy());
        Settings.setBytes(PREFIX + "chunk-size", properties.chunkSize(), builder::chunkSize);
        Settings.set(PREFIX + "heartbeat-interval", properties.heartbeatInterval(), builder::heartbeatInterval);
        String networkInterface = properties.networkInterface();
        if (networkInterface != null) {
            Settings.set(PREFIX + "network-interface", networkInterface, builder::networkInterface);
        }
        Settings.set(PREFIX + "multicast-ttl", properties.multicastTtl(), builder::multicastTtl);
        Settings.set(PREFIX + "maximum-members", properties.maximumMembers(), builder::maximumMembers);
        Settings.set(PREFIX + "send-window", properties.sendWindow(), builder::sendWindow);
        Settings.setBytes(PREFIX + "send-buffer", properties.sendBuffer(), builder::sendBuffer);
        Settings.setBytes(PREFIX + "receive-buffer", properties.receiveBuffer(), builder::receiveBuffer);
        // Last, because building refuses a member timeout that does not fit the heartbeat interval.
        Settings.set(
                PREFIX + "member-timeout",
                properties.memberTimeout(),
                timeout -> builder.memberTimeout(timeout).build());
        return builder.build();
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public Role role() {
        return Role.COORDINATOR;
    }
}
