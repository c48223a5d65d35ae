package io.camure.spring.boot.autoconfigure;

import io.camure.CoordinatorConfig;
import io.camure.spring.boot.autoconfigure.CamureProperties.Role;
import java.util.List;

/** A session that this application is to run. Where, its {@link CamureConnectionDetails} say. */
record CoordinatorDefinition(
        String session, String name, CamureProperties.Session properties, List<GroupDefinition> groups)
        implements SessionDefinition {

    static CoordinatorDefinition of(
            String session, String name, CamureProperties.Session properties, List<GroupDefinition> groups) {
        CoordinatorDefinition plan = new CoordinatorDefinition(session, name, properties, groups);
        plan.config();
        return plan;
    }

    /** With all settings of the properties but the addresses and the network interface. */
    CoordinatorConfig.Builder config() {
        CamureProperties.Coordinator coordinator = properties.coordinator();
        String prefix = prefix() + "coordinator.";
        CoordinatorConfig.Builder builder = CoordinatorConfig.builder()
                .name(name)
                .transport(properties.transport())
                .idleStrategy(properties.idleStrategy());
        Settings.setBytes(prefix + "chunk-size", coordinator.chunkSize(), builder::chunkSize);
        Settings.set(prefix + "heartbeat-interval", coordinator.heartbeatInterval(), builder::heartbeatInterval);
        Settings.set(prefix + "multicast-ttl", coordinator.multicastTtl(), builder::multicastTtl);
        Settings.set(prefix + "maximum-members", coordinator.maximumMembers(), builder::maximumMembers);
        Settings.set(prefix + "send-window", coordinator.sendWindow(), builder::sendWindow);
        Settings.setBytes(prefix + "send-buffer", coordinator.sendBuffer(), builder::sendBuffer);
        Settings.setBytes(prefix + "receive-buffer", coordinator.receiveBuffer(), builder::receiveBuffer);
        // Last, because building refuses a member timeout that does not fit the heartbeat interval.
        Settings.set(
                prefix + "member-timeout",
                coordinator.memberTimeout(),
                timeout -> builder.memberTimeout(timeout).build());
        return builder;
    }

    @Override
    public Role role() {
        return Role.COORDINATOR;
    }
}
