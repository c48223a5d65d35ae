package io.camure.spring.boot.autoconfigure;

import io.camure.GroupConfig;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.group.GroupType;
import io.camure.spring.kind.GroupKind;
import io.camure.spring.payload.MessageTypes;
import io.camure.spring.payload.WrappingTypes;
import io.camure.spring.session.Gate;
import io.camure.spring.session.GroupDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads from the properties of a session which groups it is to have. */
final class GroupDefinitions {

    /** That of the properties: {@code camure.groups.}. */
    private final String prefix;

    private final CamureProperties.Collective collective;

    private GroupDefinitions(String prefix, CamureProperties.Collective collective) {
        this.prefix = prefix;
        this.collective = collective;
    }

    /**
     * @param prefix that of the properties: {@code camure.groups.}
     * @param collective what collectives have that say nothing else
     * @throws CamureConfigurationException when something is missing or does not fit together
     */
    static List<GroupDefinition> of(
            String prefix, Map<String, CamureProperties.Group> groups, CamureProperties.Collective collective) {
        GroupDefinitions session = new GroupDefinitions(prefix, collective);
        List<GroupDefinition> definitions = new ArrayList<>();
        groups.forEach((name, group) -> definitions.add(session.read(name, group)));
        requireDistinctIds(definitions);
        requireDistinctNames(definitions);
        return List.copyOf(definitions);
    }

    private static void requireDistinctIds(List<GroupDefinition> groups) {
        Map<Integer, GroupDefinition> groupsById = new HashMap<>();
        for (GroupDefinition group : groups) {
            GroupDefinition other = group.id() == null ? null : groupsById.putIfAbsent(group.id(), group);
            if (other != null) {
                throw new CamureConfigurationException(
                        other.origin() + ".id and " + group.origin() + ".id are both " + group.id() + ".",
                        "Give each group an id of its own, the same on all nodes.");
            }
        }
    }

    private static void requireDistinctNames(List<GroupDefinition> groups) {
        Map<String, GroupDefinition> groupsByName = new HashMap<>();
        for (GroupDefinition group : groups) {
            String name = group.config().name();
            GroupDefinition other = groupsByName.putIfAbsent(name, group);
            if (other != null) {
                throw new CamureConfigurationException(
                        other.origin() + " and " + group.origin() + " are both called " + name + " at the other nodes.",
                        "Give each group of a session a name of its own: remove " + other.origin() + ".name or "
                                + group.origin() + ".name, or change it.");
            }
        }
    }

    private GroupDefinition read(String name, CamureProperties.Group group) {
        String origin = prefix + name;
        GroupType type = group.type();
        if (type == null) {
            throw new CamureConfigurationException(
                    origin + ".type is not set.", "Set " + origin + ".type to barrier, broadcast or collective.");
        }
        GroupKind kind = CollectiveKinds.of(origin, name, type, group, collective);
        if (group.payloadType() != null && !kind.takesPayloadType()) {
            throw new CamureConfigurationException(
                    origin + ".payload-type is set, but " + origin + " is a " + kind.name()
                            + ", which has no messages.",
                    "Remove it, or set " + origin + ".type to broadcast or collective.");
        }
        requireSent(origin + ".payload-type", group.payloadType());
        if (group.gate() != Gate.NONE && !kind.canBeGate()) {
            throw new CamureConfigurationException(
                    origin + ".gate is set, but " + origin + " is a " + kind.name()
                            + (kind.hasRounds()
                                    ? ", where nobody meets with nothing to give."
                                    : ", where nobody meets."),
                    "Remove it, or set " + origin + ".type to barrier.");
        }
        return new GroupDefinition(
                name,
                origin,
                kind,
                config(origin, name, group),
                group.payloadType(),
                types(origin, kind, group),
                group.gate());
    }

    private static MessageTypes types(String origin, GroupKind kind, CamureProperties.Group group) {
        if (!group.types().isEmpty() && kind.hasRounds()) {
            throw new CamureConfigurationException(
                    origin + ".types is set, but " + origin + " is a " + kind.name() + ", which has no messages.",
                    "Remove it, or set " + origin + ".type to broadcast.");
        }
        Map<Class<?>, String> ids = new HashMap<>();
        group.types().forEach((id, type) -> {
            String property = origin + ".types." + id;
            requireSent(property, type);
            String other = ids.putIfAbsent(type, id);
            if (other != null) {
                throw new CamureConfigurationException(
                        origin + ".types calls " + type.getName() + " both " + other + " and " + id
                                + ", so that a sender does not know what to call it.",
                        "Remove one of them.");
            }
            Class<?> payloadType = group.payloadType();
            if (payloadType != null && !payloadType.isAssignableFrom(type)) {
                throw new CamureConfigurationException(
                        property + " is " + type.getName() + ", which is no " + payloadType.getName() + ", as " + origin
                                + ".payload-type says that all messages are.",
                        "Correct one of the two.");
            }
        });
        return new MessageTypes(origin + ".types", group.types());
    }

    private static void requireSent(String property, @Nullable Class<?> payloadType) {
        if (payloadType == null) {
            return;
        }
        String meant = WrappingTypes.meantBy(payloadType);
        if (meant != null) {
            throw new CamureConfigurationException(
                    property + " is " + payloadType.getName() + ", which is not sent itself: what is in it is.",
                    "Set it to the type of " + meant + ".");
        }
    }

    private static GroupConfig config(String origin, String name, CamureProperties.Group group) {
        GroupConfig.Builder config = GroupConfig.builder();
        if (group.name() == null) {
            Settings.set(origin, name, config::name);
        } else {
            Settings.set(origin + ".name", group.name(), config::name);
        }
        @Nullable Integer id = group.id();
        if (id != null) {
            Settings.set(origin + ".id", id, config::id);
        }
        Settings.set(origin + ".expected-members", group.expectedMembers(), config::expectedMembers);
        Settings.set(origin + ".timeout", group.timeout(), config::timeout);
        Settings.set(origin + ".slow-member-patience", group.slowMemberPatience(), config::slowMemberPatience);
        return config.onMemberLoss(group.onMemberLoss())
                .slowMember(group.slowMember())
                .build();
    }
}
