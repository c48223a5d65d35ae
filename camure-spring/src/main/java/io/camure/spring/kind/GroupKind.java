package io.camure.spring.kind;

import io.camure.CoordinatorGroup;
import io.camure.Group;
import org.springframework.core.ResolvableType;

/** A kind of group. */
public interface GroupKind {

    /** As properties, logs and errors call it: {@code barrier}. */
    String name();

    /** What the beans of its groups are at the coordinator. */
    Class<? extends CoordinatorGroup> coordinatorType();

    /** What the beans of its groups are at a member. */
    Class<? extends Group> memberType();

    /** What the beans of its groups are. */
    default Class<? extends Group> beanType(Role role) {
        return role == Role.COORDINATOR ? coordinatorType() : memberType();
    }

    /** What the beans of its groups are, with their type arguments. */
    default ResolvableType genericBeanType(Role role) {
        return ResolvableType.forClass(beanType(role));
    }

    /** Whether something of a type that can be configured passes in its groups. */
    boolean takesPayloadType();

    /** Whether all wait for all in its groups; in others, messages are sent. */
    boolean hasRounds();

    /** Whether all meet in its groups with nothing to give, so that one of them can be a gate. */
    boolean canBeGate();

    /** Makes what runs a group of this kind at the coordinator. */
    CoordinatorAdapter<?> atCoordinator(GroupContext group);

    /** Makes what runs a group of this kind at a member. */
    MemberAdapter<?> atMember(GroupContext group);
}
