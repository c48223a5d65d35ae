package io.camure.spring.collective;

import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.CoordinatorCollective;
import io.camure.spring.kind.CoordinatorAdapter;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.GroupKind;
import io.camure.spring.kind.MemberAdapter;
import io.camure.spring.kind.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * Collectives: rounds in which each node gives a value, and gets what all of them make together. A group needs a kind of its own, {@link
 * #of}, which knows what its values are.
 */
public final class CollectiveKind implements GroupKind {

    static final String NAME = "collective";

    private final @Nullable CollectiveValues values;

    /** The kind in general, which makes no groups. */
    public CollectiveKind() {
        this(null);
    }

    private CollectiveKind(@Nullable CollectiveValues values) {
        this.values = values;
    }

    /** That of a configured group. */
    public static CollectiveKind of(CollectiveSettings settings) {
        return new CollectiveKind(new CollectiveValues(settings));
    }

    /** That of a group that the application adds while it runs. */
    public static CollectiveKind of(CollectiveConfig<?> config) {
        return new CollectiveKind(new CollectiveValues(config));
    }

    /** Says where the beans are that a group's configuration names; means nothing to groups of other kinds. */
    public static void lookIn(CollectiveBeans beans, GroupKind kind) {
        if (kind instanceof CollectiveKind collective && collective.values != null) {
            collective.values.lookIn(beans);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<CoordinatorCollective> coordinatorType() {
        return CoordinatorCollective.class;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<Collective> memberType() {
        return Collective.class;
    }

    @Override
    public ResolvableType genericBeanType(Role role) {
        Class<?> payloadType = values == null ? null : values.payloadType();
        return payloadType == null
                ? ResolvableType.forClass(beanType(role))
                : ResolvableType.forClassWithGenerics(beanType(role), payloadType);
    }

    @Override
    public boolean takesPayloadType() {
        return true;
    }

    @Override
    public boolean hasRounds() {
        return true;
    }

    @Override
    public boolean canBeGate() {
        return false;
    }

    @Override
    public CoordinatorAdapter<?> atCoordinator(GroupContext group) {
        return new CollectiveCoordinatorAdapter(group, values());
    }

    @Override
    public MemberAdapter<?> atMember(GroupContext group) {
        return new CollectiveMemberAdapter(group, values());
    }

    private CollectiveValues values() {
        if (values == null) {
            throw new IllegalStateException("this is the kind in general, and not that of a group");
        }
        return values;
    }
}
