package io.camure.spring.session;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.CoordinatorBarrier;
import io.camure.Group;
import io.camure.GroupConfig;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A group that is to be created or joined.
 *
 * @param name as in {@code camure.groups}
 * @param origin its property, for errors; {@link #IN_CODE} when the application asks for it while it runs
 * @param payloadType what messages are, where that is configured
 * @param gate what has to wait for a barrier's first round
 */
public record GroupDefinition(
        String name,
        String origin,
        GroupType type,
        GroupConfig config,
        @Nullable Class<?> payloadType,
        Gate gate) {

    static final String IN_CODE = "the application's code";

    /** A group that the application asks for while it runs. */
    static GroupDefinition inCode(String name, GroupType type, GroupConfig config) {
        return new GroupDefinition(name, IN_CODE, type, config, null, Gate.NONE);
    }

    boolean isInCode() {
        return origin.equals(IN_CODE);
    }

    /** {@code null} at a coordinator that is to take a free one. */
    @Nullable
    public Integer id() {
        OptionalInt id = config.id();
        return id.isPresent() ? id.getAsInt() : null;
    }

    /** What the group's bean is. */
    public Class<? extends Group> beanType(Role role) {
        boolean coordinator = role == Role.COORDINATOR;
        return switch (type) {
            case BARRIER -> coordinator ? CoordinatorBarrier.class : Barrier.class;
            case BROADCAST -> coordinator ? BroadcastGroup.class : BroadcastReceiver.class;
        };
    }

    /** As logs and errors call it: {@code barrier 'start-line'}. */
    public String description() {
        return type.name().toLowerCase(Locale.ROOT) + " '" + name + "'";
    }
}
