package io.camure.spring.boot.autoconfigure;

import io.camure.MemberConfig;
import io.camure.spring.boot.autoconfigure.CamureProperties.Role;
import io.camure.spring.boot.autoconfigure.CamureProperties.Startup;
import java.util.List;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/** A session that this application is to join. Where, its {@link CamureConnectionDetails} say. */
record MemberDefinition(String session, String name, CamureProperties.Session properties, List<GroupDefinition> groups)
        implements SessionDefinition {

    static MemberDefinition of(
            String session, String name, CamureProperties.Session properties, List<GroupDefinition> groups) {
        MemberDefinition plan = new MemberDefinition(session, name, properties, groups);
        String prefix = plan.prefix() + "member.";
        Settings.requirePositive(prefix + "startup-timeout", plan.member().startupTimeout());
        CamureProperties.Rejoin rejoin = plan.member().rejoin();
        Settings.requirePositive(prefix + "rejoin.initial-interval", rejoin.initialInterval());
        if (rejoin.maxInterval().compareTo(rejoin.initialInterval()) < 0) {
            throw new InvalidConfigurationPropertyValueException(
                    prefix + "rejoin.max-interval",
                    rejoin.maxInterval(),
                    "it must not be less than rejoin.initial-interval, which is " + rejoin.initialInterval());
        }
        plan.config();
        return plan;
    }

    /** With all settings of the properties but the address and the network interface. */
    MemberConfig.Builder config() {
        String prefix = prefix() + "member.";
        MemberConfig.Builder builder = MemberConfig.builder()
                .name(name)
                .transport(properties.transport())
                .idleStrategy(properties.idleStrategy());
        Settings.set(prefix + "join-timeout", member().joinTimeout(), builder::joinTimeout);
        Settings.set(prefix + "coordinator-timeout", member().coordinatorTimeout(), builder::coordinatorTimeout);
        Settings.set(prefix + "message-timeout", member().messageTimeout(), builder::messageTimeout);
        Settings.set(prefix + "receive-window", member().receiveWindow(), builder::receiveWindow);
        Settings.setBytes(prefix + "send-buffer", member().sendBuffer(), builder::sendBuffer);
        Settings.setBytes(prefix + "receive-buffer", member().receiveBuffer(), builder::receiveBuffer);
        return builder;
    }

    /** With jitter, so that the members of a coordinator that comes back do not all ask it in the same moment. */
    BackOff rejoinBackOff() {
        CamureProperties.Rejoin rejoin = member().rejoin();
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
        return properties.member();
    }

    Startup startup() {
        return member().startup();
    }
}
