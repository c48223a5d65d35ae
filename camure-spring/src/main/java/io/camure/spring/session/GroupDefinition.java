package io.camure.spring.session;

import io.camure.GroupConfig;
import io.camure.MembershipConfig;
import io.camure.spring.kind.GroupKind;
import io.camure.spring.payload.MessageTypes;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A group that is to be created or joined.
 *
 * @param name as in {@code camure.groups}
 * @param origin its property, for errors; {@link #IN_CODE} when the application asks for it while it runs
 * @param payloadType what messages are, where that is configured
 * @param types what messages are by their headers, where that is configured
 * @param gate what has to wait for a barrier's first round
 */
public record GroupDefinition(
        String name,
        String origin,
        GroupKind kind,
        GroupConfig config,
        @Nullable Class<?> payloadType,
        MessageTypes types,
        Gate gate) {

    static final String IN_CODE = "the application's code";

    /** A group that the application asks for while it runs. */
    public static GroupDefinition inCode(String name, GroupKind kind, GroupConfig config) {
        return new GroupDefinition(
                name, IN_CODE, kind, config.toBuilder().name(name).build(), null, MessageTypes.NONE, Gate.NONE);
    }

    /** A group that the application is to be in from now on. */
    public static GroupDefinition inCode(String name, GroupKind kind, MembershipConfig config) {
        GroupConfig.Builder joined = GroupConfig.builder().timeout(config.timeout());
        config.id().ifPresent(joined::id);
        config.roundTracing().ifPresent(joined::roundTracing);
        return inCode(name, kind, joined.build());
    }

    public boolean isInCode() {
        return origin.equals(IN_CODE);
    }

    /** {@code null} at a coordinator that is to take a free one. */
    public @Nullable Integer id() {
        OptionalInt id = config.id();
        return id.isPresent() ? id.getAsInt() : null;
    }

    /** As logs and errors call it: {@code barrier 'start-line'}. */
    public String description() {
        return kind.name() + " '" + name + "'";
    }
}
