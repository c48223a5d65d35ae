package io.camure.spring.kind;

import io.camure.GroupConfig;
import io.camure.MembershipConfig;
import org.jspecify.annotations.Nullable;

/** What an adapter knows of its group; {@code toString()} is what logs and errors call that. Thread-safe. */
public interface GroupContext {

    /** As in {@code camure.groups}. */
    String name();

    GroupConfig config();

    /** What of the configuration counts at a member. */
    default MembershipConfig membership() {
        GroupConfig config = config();
        MembershipConfig.Builder membership = MembershipConfig.builder().timeout(config.timeout());
        if (!config.name().isEmpty()) {
            membership.name(config.name());
        }
        config.id().ifPresent(membership::id);
        config.roundTracing().ifPresent(membership::roundTracing);
        return membership.build();
    }

    SessionContext session();

    /** What is done around sending a message in it, whoever coordinates it here; {@code null} for nothing. */
    @Nullable
    SendAround aroundSending();
}
