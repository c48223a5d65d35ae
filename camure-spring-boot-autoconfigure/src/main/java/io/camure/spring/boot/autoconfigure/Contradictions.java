package io.camure.spring.boot.autoconfigure;

import io.camure.MemberLoss;
import io.camure.SlowMember;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.group.GroupType;
import io.camure.spring.kind.GroupKind;
import io.camure.spring.kind.Role;
import io.camure.spring.session.Gate;
import io.camure.spring.session.SessionDefinition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Refuses settings of which each is allowed, but which nobody can mean together. */
final class Contradictions {

    private static final DataSize LONGEST_AUTO_CHUNK = DataSize.ofBytes(1472);

    private Contradictions() {}

    /** @throws CamureConfigurationException when there are such settings */
    static void refuse(CamureProperties properties, Environment environment) {
        if (!properties.enabled()) {
            return;
        }
        refuseEmptyRole(environment);
        CamureProperties.Session unnamed = properties.unnamed();
        if (unnamed.role() != null) {
            refuseInSession("camure.", unnamed);
        } else {
            refuseWithoutRole(properties, unnamed);
        }
        properties.sessions().forEach((name, session) -> refuseInSession(SessionDefinition.prefix(name), session));
        refuseSharedAddresses(properties);
    }

    private static void refuseEmptyRole(Environment environment) {
        String role = Binder.get(environment).bind("camure.role", String.class).orElse("none");
        if (role.isBlank()) {
            throw new CamureConfigurationException(
                    "camure.role is set, but empty.",
                    "Set it to coordinator, member or auto. For an application without a session leave it out, or set"
                            + " camure.enabled to false.");
        }
    }

    /** What is said of a session that there is not. */
    private static void refuseWithoutRole(CamureProperties properties, CamureProperties.Session unnamed) {
        List<String> changed = ChangedSettings.ofSides("camure.", unnamed);
        if (changed.isEmpty() && !properties.sessions().isEmpty()) {
            changed = ChangedSettings.ofNode("camure.", unnamed);
        }
        if (!changed.isEmpty()) {
            throw new CamureConfigurationException(
                    changed.get(0) + " is set, but camure.role is not, so that there is no session that it is of.",
                    "Set camure.role to coordinator, member or auto. What sessions of camure.sessions have is below their own names:"
                            + " camure.sessions.<session>." + changed.get(0).substring("camure.".length()) + ".");
        }
    }

    private static void refuseInSession(String prefix, CamureProperties.Session session) {
        session.groups().forEach((name, group) -> refuseInGroup(prefix + "groups." + name, group));
        if (session.role() != Role.MEMBER) {
            refuseAtCoordinator(prefix, session);
        }
        // One that is set coordinates for good.
        boolean elects = session.role() == Role.AUTO && session.election().coordinatorWhen() == null;
        if (elects && !session.member().rejoin().enabled()) {
            throw refused(
                    prefix + "role",
                    Role.AUTO,
                    prefix + "member.rejoin.enabled",
                    false,
                    "this instance would be in no session any more once another one is elected",
                    "Remove the latter.");
        }
    }

    private static void refuseInGroup(String path, CamureProperties.Group group) {
        GroupType configured = group.type();
        if (configured == null) {
            return;
        }
        GroupKind kind = configured.kind();
        String type = kind.name() + ", ";
        if (!kind.hasRounds() && group.onMemberLoss() != MemberLoss.CONTINUE) {
            throw ofOtherType(
                    path,
                    "on-member-loss",
                    group.onMemberLoss(),
                    type + "which has no rounds",
                    "barrier or collective");
        } else if (kind.hasRounds() && group.slowMember() != SlowMember.WAIT) {
            throw ofOtherType(path, "slow-member", group.slowMember(), type + "at which nobody is slow", "broadcast");
        } else if (kind.hasRounds() && !isDefaultPatience(group)) {
            throw ofOtherType(
                    path,
                    "slow-member-patience",
                    group.slowMemberPatience(),
                    type + "at which nobody is slow",
                    "broadcast");
        }
    }

    private static boolean isDefaultPatience(CamureProperties.Group group) {
        return group.slowMemberPatience().equals(Duration.ofSeconds(10));
    }

    private static CamureConfigurationException ofOtherType(
            String path, String setting, Object value, String type, String other) {
        return new CamureConfigurationException(
                path + "." + setting + " is " + text(value) + ", but " + path + ".type is " + type + ".",
                "Remove " + path + "." + setting + ", or set " + path + ".type to " + other + ".");
    }

    private static void refuseAtCoordinator(String prefix, CamureProperties.Session session) {
        CamureProperties.Coordinator coordinator = session.coordinator();
        String path = prefix + "coordinator.";
        session.groups().forEach((name, group) -> {
            String ofGroup = prefix + "groups." + name;
            if (group.expectedMembers() > coordinator.maximumMembers()) {
                throw refused(
                        ofGroup + ".expected-members",
                        group.expectedMembers(),
                        path + "maximum-members",
                        coordinator.maximumMembers(),
                        "so many can never be there",
                        "Raise the latter or lower the former.");
            } else if (group.gate() != Gate.NONE && group.expectedMembers() == 0) {
                throw refused(
                        ofGroup + ".gate",
                        group.gate(),
                        ofGroup + ".expected-members",
                        0,
                        "the gate would be passed before anybody is there",
                        "Set the latter to the number of members to wait for, or remove the gate.");
            }
        });
        DataSize given = Settings.bytesUnlessAuto(path + "chunk-size", coordinator.chunkSize());
        DataSize longest = given == null ? LONGEST_AUTO_CHUNK : given;
        String chunk = given == null ? "auto, which is up to " + longest : given.toString();
        refuseSmallBuffer(path + "send-buffer", coordinator.sendBuffer(), path, longest, chunk);
        refuseSmallBuffer(path + "receive-buffer", coordinator.receiveBuffer(), path, longest, chunk);
    }

    private static void refuseSmallBuffer(
            String property, DataSize buffer, String path, DataSize longest, String chunk) {
        if (buffer.toBytes() > 0 && buffer.compareTo(longest) < 0) {
            throw refused(
                    property,
                    buffer,
                    path + "chunk-size",
                    chunk,
                    "not one datagram fits into the buffer",
                    "Raise the former or lower the latter; 0B leaves the kernel's default.");
        }
    }

    /** Two sessions would get each other's datagrams, or the second one could not be started. */
    private static void refuseSharedAddresses(CamureProperties properties) {
        Map<String, String> known = new HashMap<>();
        refuseShared(known, "camure.", properties.unnamed());
        properties.sessions().forEach((name, session) -> refuseShared(known, SessionDefinition.prefix(name), session));
    }

    private static void refuseShared(Map<String, String> known, String prefix, CamureProperties.Session session) {
        if (session.role() != Role.MEMBER) {
            String path = prefix + "coordinator.";
            refuseShared(known, path + "bind-address", session.coordinator().bindAddress());
            refuseShared(
                    known, path + "multicast-address", session.coordinator().multicastAddress());
        }
    }

    private static void refuseShared(Map<String, String> known, String property, @Nullable String address) {
        if (address == null || address.isBlank() || address.endsWith(":0")) {
            return;
        }
        String other = known.putIfAbsent(address, property);
        if (other != null) {
            throw refused(
                    other,
                    address,
                    property,
                    address,
                    "two sessions can't have one address",
                    "Give each of them a port of its own.");
        }
    }

    private static CamureConfigurationException refused(
            String former, Object formerValue, String latter, Object latterValue, String problem, String action) {
        return new CamureConfigurationException(
                former + " is " + text(formerValue) + ", but " + latter + " is " + text(latterValue) + ": " + problem
                        + ".",
                action);
    }

    private static String text(Object value) {
        if (value instanceof Duration duration) {
            return Settings.text(duration);
        }
        return value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT) : value.toString();
    }
}
