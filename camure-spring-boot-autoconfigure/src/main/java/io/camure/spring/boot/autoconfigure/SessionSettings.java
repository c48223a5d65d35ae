package io.camure.spring.boot.autoconfigure;

import io.camure.CoordinatorConfig;
import io.camure.MemberConfig;
import io.camure.Rejoin;
import io.camure.spring.CamureConfigurationException;
import java.util.function.Consumer;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/** Makes of a session's properties what the core takes, but for addresses and the network interface. */
final class SessionSettings {

    private SessionSettings() {}

    static CoordinatorConfig.Builder ofCoordinator(String prefix, String name, CamureProperties.Session properties) {
        CamureProperties.Coordinator coordinator = properties.coordinator();
        String path = prefix + "coordinator.";
        CoordinatorConfig.Builder builder = CoordinatorConfig.builder()
                .name(name)
                .transport(properties.transport())
                .idleStrategy(properties.idleStrategy());
        setSessionName(prefix, properties, builder::sessionName);
        Settings.setBytesUnlessAuto(path + "chunk-size", coordinator.chunkSize(), builder::chunkSize);
        Settings.set(path + "heartbeat-interval", coordinator.heartbeatInterval(), builder::heartbeatInterval);
        builder.delivery(coordinator.delivery());
        setAnnounced(prefix, properties, builder);
        Settings.set(path + "legacy-linger", coordinator.legacyLinger(), builder::legacyLinger);
        builder.acceptLegacy(coordinator.acceptLegacy());
        Settings.set(path + "multicast-ttl", coordinator.multicastTtl(), builder::multicastTtl);
        Settings.set(path + "maximum-members", coordinator.maximumMembers(), builder::maximumMembers);
        Settings.set(path + "send-window", coordinator.sendWindow(), builder::sendWindow);
        Settings.setBytes(path + "send-buffer", coordinator.sendBuffer(), builder::sendBuffer);
        Settings.setBytes(path + "receive-buffer", coordinator.receiveBuffer(), builder::receiveBuffer);
        Settings.set(path + "member-timeout", coordinator.memberTimeout(), builder::memberTimeout);
        if (coordinator.memberTimeout().compareTo(coordinator.heartbeatInterval()) <= 0) {
            throw new InvalidConfigurationPropertyValueException(
                    path + "member-timeout",
                    Settings.text(coordinator.memberTimeout()),
                    "it must be greater than " + path + "heartbeat-interval, which is "
                            + Settings.text(coordinator.heartbeatInterval())
                            + ", best several times as great: members that are well would be taken for lost");
        }
        return builder;
    }

    static MemberConfig.Builder ofMember(String prefix, String name, CamureProperties.Session properties) {
        CamureProperties.Member member = properties.member();
        String path = prefix + "member.";
        MemberConfig.Builder builder = MemberConfig.builder()
                .name(name)
                .transport(properties.transport())
                .idleStrategy(properties.idleStrategy());
        setSessionName(prefix, properties, builder::sessionName);
        Settings.set(path + "join-timeout", member.joinTimeout(), builder::joinTimeout);
        Settings.set(path + "coordinator-timeout", member.coordinatorTimeout(), builder::coordinatorTimeout);
        Settings.set(path + "message-timeout", member.messageTimeout(), builder::messageTimeout);
        Settings.setBytes(path + "maximum-message-size", member.maximumMessageSize(), builder::maximumMessageSize);
        Settings.set(path + "receive-window", member.receiveWindow(), builder::receiveWindow);
        Settings.setBytes(path + "send-buffer", member.sendBuffer(), builder::sendBuffer);
        Settings.setBytes(path + "receive-buffer", member.receiveBuffer(), builder::receiveBuffer);
        return builder.rejoin(rejoin(path + "rejoin.", member.rejoin()));
    }

    /** One that is empty, as a placeholder may be, is none. */
    private static void setSessionName(String prefix, CamureProperties.Session properties, Consumer<String> setter) {
        String name = properties.sessionName();
        if (StringUtils.hasText(name)) {
            Settings.set(prefix + "session-name", name, setter);
        }
    }

    private static void setAnnounced(
            String prefix, CamureProperties.Session properties, CoordinatorConfig.Builder builder) {
        Boolean announced = properties.coordinator().announced();
        if (announced == null) {
            return;
        }
        if (announced && !StringUtils.hasText(properties.sessionName())) {
            throw new CamureConfigurationException(
                    prefix + "coordinator.announced is true, but " + prefix + "session-name is not set.",
                    "Set " + prefix + "session-name, by which members find the session.");
        }
        builder.announced(announced);
    }

    private static Rejoin rejoin(String path, CamureProperties.Rejoin rejoin) {
        Settings.requirePositive(path + "initial-interval", rejoin.initialInterval());
        if (rejoin.maxInterval().compareTo(rejoin.initialInterval()) < 0) {
            throw new InvalidConfigurationPropertyValueException(
                    path + "max-interval",
                    Settings.text(rejoin.maxInterval()),
                    "it must not be less than " + path + "initial-interval, which is "
                            + Settings.text(rejoin.initialInterval()));
        }
        return rejoin.enabled() ? Rejoin.backOff(rejoin.initialInterval(), rejoin.maxInterval()) : Rejoin.never();
    }
}
