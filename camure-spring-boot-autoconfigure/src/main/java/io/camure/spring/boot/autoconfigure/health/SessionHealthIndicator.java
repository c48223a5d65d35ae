package io.camure.spring.boot.autoconfigure.health;

import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.CoordinatorDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.PathDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SecurityDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.SessionDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.Descriptions;
import io.camure.spring.kind.Written;
import io.camure.spring.session.SessionBinding;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether this node is in its session. */
final class SessionHealthIndicator extends AbstractHealthIndicator {

    private final SessionBinding session;

    SessionHealthIndicator(SessionBinding session) {
        this.session = session;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        SessionDescriptor now = Descriptions.of(session);
        builder.status(StateStatus.of(session.state()))
                .withDetail("session", now.name())
                .withDetail("node", now.node())
                .withDetail("role", now.role())
                .withDetail("state", now.state());
        LossDetails.add(builder, now.loss());
        add(builder, "transport", now.transport());
        describe(builder, now.security());
        add(builder, "address", now.address());
        add(builder, "incarnation", now.incarnation());
        add(builder, "members", now.members());
        add(builder, "multicast", multicast(now));
        add(builder, "smallestPath", smallestPath(now));
        CoordinatorDescriptor coordinator = now.coordinator();
        if (coordinator != null) {
            builder.withDetail("coordinator", named(coordinator.name(), coordinator.address()))
                    .withDetail("coordinatorLastHeard", Written.ago(coordinator.lastHeardMillis()));
            add(builder, "coordinatorIncarnation", coordinator.incarnation());
            add(builder, "coordinatorTerm", coordinator.term());
            add(builder, "coordinatesHere", coordinator.here());
            add(
                    builder,
                    "roundTrip",
                    coordinator.roundTripMicros() == null ? null : coordinator.roundTripMicros() + "us");
        }
    }

    private static void describe(Health.Builder builder, @Nullable SecurityDescriptor security) {
        if (security == null) {
            return;
        }
        builder.withDetail("sealed", security.sealed());
        add(builder, "cipher", security.cipher());
        add(builder, "secrets", security.secrets());
        add(builder, "certificates", security.certificates());
        add(builder, "keyAge", security.keyAgeMillis() == null ? null : security.keyAgeMillis() / 1000 + "s");
    }

    /** How many members hear group traffic, at the coordinator. */
    private static @Nullable String multicast(SessionDescriptor now) {
        Integer members = now.members();
        Integer byUnicast = now.unicastMembers();
        if (members == null || byUnicast == null) {
            return null;
        }
        // Both are read one after the other, and members come and go.
        return "unicast".equals(now.delivery())
                ? "not used"
                : "heard by " + Math.max(0, members - byUnicast) + " of " + members;
    }

    /** Of a member to which less gets than networks usually take, at the coordinator. */
    private static @Nullable String smallestPath(SessionDescriptor now) {
        List<PathDescriptor> paths = now.paths();
        return paths == null
                ? null
                : paths.stream()
                        .filter(PathDescriptor::lowered)
                        .min(Comparator.comparingInt(PathDescriptor::bytes))
                        .map(path -> path.bytes() + " bytes to " + named(path.name(), path.address()))
                        .orElse(null);
    }

    static String named(@Nullable String name, String address) {
        return name == null ? address : name + " (" + address + ")";
    }

    private static void add(Health.Builder builder, String key, @Nullable Object value) {
        if (value != null) {
            builder.withDetail(key, value);
        }
    }
}
