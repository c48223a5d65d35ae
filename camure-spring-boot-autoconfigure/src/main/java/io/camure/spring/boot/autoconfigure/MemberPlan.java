package io.camure.spring.boot.autoconfigure;

import io.camure.MemberConfig;
import io.camure.spring.boot.autoconfigure.CamureProperties.Role;
import io.camure.spring.boot.autoconfigure.CamureProperties.Startup;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/** A session that this application is to join. */
record MemberPlan(String name, HostAndPort coordinatorAddress, CamureProperties all, List<GroupPlan> groups)
        implements SessionPlan {

    private static final String PREFIX = "camure.member.";

    static MemberPlan of(String name, CamureProperties all, List<GroupPlan> groups) {
        CamureProperties.Member properties = all.member();
        MemberPlan plan = new MemberPlan(
                name,
                Settings.requireAddress(
                                Role.MEMBER,
                                PREFIX + "coordinator-address",
                                properties.coordinatorAddress(),
                                "127.0.0.1:7400")
                        .requirePort(),
                all,
                groups);
        Settings.requirePositive(PREFIX + "startup-timeout", properties.startupTimeout());
        CamureProperties.Rejoin rejoin = properties.rejoin();
        Settings.requirePositive(PREFIX + "rejoin.initial-interval", rejoin.initialInterval());
        if (rejoin.maxInterval().compareTo(rejoin.initialInterval()) < 0) {
            throw new InvalidConfigurationPropertyValueException(
                    PREFIX + "rejoin.max-interval",
                    rejoin.maxInterval(),
                    "it must not be less than rejoin.initial-interval, which is " + rejoin.initialInterval());
        }
        plan.config(properties.joinTimeout());
        return plan;
    }

    /** @param joinTimeout for one try, which may have less time than usual */
    MemberConfig config(Duration joinTimeout) {
        CamureProperties.Member properties = all.member();
        MemberConfig.Builder builder =
                MemberConfig.builder().name(name).transport(all.transport()).idleStrategy(all.idleStrategy());
        Settings.set(PREFIX + "join-timeout", joinTimeout, builder::joinTimeout);
        Settings.set(PREFIX + "coordinator-timeout", properties.coordinatorTimeout(), builder::coordinatorTimeout);
        Settings.set(PREFIX + "message-timeout", properties.messageTimeout(), builder::messageTimeout);
        String networkInterface = properties.networkInterface();
        if (networkInterface != null) {
            Settings.set(PREFIX + "network-interface", networkInterface, builder::networkInterface);
        }
        Settings.set(PREFIX + "receive-window", properties.receiveWindow(), builder::receiveWindow);
        Settings.setBytes(PREFIX + "send-buffer", properties.sendBuffer(), builder::sendBuffer);
        Settings.setBytes(PREFIX + "receive-buffer", properties.receiveBuffer(), builder::receiveBuffer);
        return builder.build();
    }

    /** With jitter, so that the members of a coordinator that comes back do not all ask it in the same moment. */
    BackOff rejoinBackOff() {
        CamureProperties.Rejoin rejoin = all.member().rejoin();
        ExponentialBackOff backOff =
                new ExponentialBackOff(rejoin.initialInterval().toMillis(), 2);
        backOff.setMaxInterval(rejoin.maxInterval().toMillis());
        backOff.setJitter(rejoin.initialInterval().toMillis() / 2);
        return backOff;
    }

    @Override
    public Role role() {
        return Role.MEMBER;
    }

    CamureProperties.Member member() {
        return all.member();
    }

    Startup startup() {
        return all.member().startup();
    }
}
