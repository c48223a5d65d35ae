package io.camure.spring.boot.autoconfigure;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.CoordinatorBarrier;
import io.camure.Group;
import io.camure.GroupConfig;
import io.camure.spring.boot.autoconfigure.CamureProperties.Group.Gate;
import io.camure.spring.boot.autoconfigure.CamureProperties.Group.Type;
import io.camure.spring.boot.autoconfigure.CamureProperties.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A group that is to be created or joined.
 *
 * @param name as in {@code camure.groups}
 * @param origin its property, for errors; {@link #IN_CODE} when the application asks for it while it runs
 * @param id {@code null} at a coordinator that is to take a free one
 * @param payloadType what messages are, where that is configured
 * @param gate what has to wait for a barrier's first round
 */
record GroupDefinition(
        String name,
        String origin,
        Type type,
        @Nullable Integer id,
        GroupConfig config,
        @Nullable Class<?> payloadType,
        Gate gate) {

    static final String IN_CODE = "the application's code";

    /** @param prefix that of the properties: {@code camure.groups.} */
    static List<GroupDefinition> of(String prefix, Map<String, CamureProperties.Group> groups, Role role) {
        List<GroupDefinition> plans = new ArrayList<>();
        Map<Integer, String> namesById = new HashMap<>();
        groups.forEach((name, group) -> {
            GroupDefinition plan = of(prefix, name, group, role);
            String other = plan.id == null ? null : namesById.putIfAbsent(plan.id, name);
            if (other != null) {
                throw new CamureConfigurationException(
                        prefix + other + ".id and " + prefix + name + ".id are both " + plan.id + ".",
                        "Give each group an id of its own, the same on all nodes.");
            }
            plans.add(plan);
        });
        return List.copyOf(plans);
    }

    private static GroupDefinition of(String groups, String name, CamureProperties.Group group, Role role) {
        String prefix = groups + name + ".";
        Type type = group.type();
        if (type == null) {
            throw new CamureConfigurationException(
                    prefix + "type is not set.", "Set " + prefix + "type to barrier or broadcast.");
        }
        if (type == Type.BARRIER && group.payloadType() != null) {
            throw new CamureConfigurationException(
                    prefix + "payload-type is set, but " + groups + name + " is a barrier, which has no messages.",
                    "Remove it, or set " + prefix + "type to broadcast.");
        }
        if (type == Type.BROADCAST && group.gate() != Gate.NONE) {
            throw new CamureConfigurationException(
                    prefix + "gate is set, but " + groups + name + " is a broadcast, where nobody meets.",
                    "Remove it, or set " + prefix + "type to barrier.");
        }
        Integer id = group.id();
        if (id == null && role == Role.MEMBER) {
            throw new CamureConfigurationException(
                    prefix + "id is not set, but a member can't know which group to join without.",
                    "Set " + prefix + "id to the id that the group has at the coordinator.");
        }
        GroupConfig[] config = {GroupConfig.defaults()};
        if (id != null) {
            Settings.set(prefix + "id", id, value -> config[0] = config[0].id(value));
        }
        Settings.set(
                prefix + "expected-members",
                group.expectedMembers(),
                value -> config[0] = config[0].expectedMembers(value));
        Settings.set(prefix + "timeout", group.timeout(), value -> config[0] = config[0].timeout(value));
        Settings.set(
                prefix + "slow-member-patience",
                group.slowMemberPatience(),
                value -> config[0] = config[0].slowMemberPatience(value));
        GroupConfig whole = config[0].onMemberLoss(group.onMemberLoss()).slowMember(group.slowMember());
        return new GroupDefinition(name, groups + name, type, id, whole, group.payloadType(), group.gate());
    }

    /** A group that the application asks for while it runs. */
    static GroupDefinition inCode(String name, Type type, GroupConfig config) {
        OptionalInt id = config.id();
        return new GroupDefinition(name, IN_CODE, type, id.isPresent() ? id.getAsInt() : null, config, null, Gate.NONE);
    }

    boolean isInCode() {
        return origin.equals(IN_CODE);
    }

    /** What the group's bean is. */
    Class<? extends Group> beanType(Role role) {
        boolean coordinator = role == Role.COORDINATOR;
        return switch (type) {
            case BARRIER -> coordinator ? CoordinatorBarrier.class : Barrier.class;
            case BROADCAST -> coordinator ? BroadcastGroup.class : BroadcastReceiver.class;
        };
    }

    /** As logs and errors call it: {@code barrier 'start-line'}. */
    String description() {
        return type.name().toLowerCase(Locale.ROOT) + " '" + name + "'";
    }
}
