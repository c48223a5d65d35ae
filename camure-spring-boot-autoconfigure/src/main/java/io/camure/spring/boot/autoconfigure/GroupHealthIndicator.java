package io.camure.spring.boot.autoconfigure;

import io.camure.BroadcastGroup;
import io.camure.CoordinatedGroup;
import io.camure.Group;
import io.camure.GroupMember;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** Whether rounds and messages can pass in a group, from what is in memory: nobody is asked. */
final class GroupHealthIndicator extends AbstractHealthIndicator {

    private final CamureGroup group;

    GroupHealthIndicator(CamureGroup group) {
        this.group = group;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        CamureSession session = group.session();
        GroupState state = group.state();
        builder.status(status(state))
                .withDetail("session", session.name())
                .withDetail("role", lowerCase(session.role()))
                .withDetail("type", lowerCase(group.plan().type()))
                .withDetail("state", lowerCase(state));
        session.transport().ifPresent(transport -> builder.withDetail("transport", transport));
        Group current = group.current();
        if (current != null) {
            builder.withDetail("id", current.id());
        }
        if (current instanceof CoordinatedGroup coordinated) {
            describeMembers(builder, coordinated);
            if (coordinated instanceof BroadcastGroup broadcast) {
                builder.withDetail(
                        "slowMembers",
                        broadcast.slowMembers().stream().map(Object::toString).toList());
            }
        } else {
            session.coordinatorLastHeard().ifPresent(at -> builder.withDetail("coordinatorLastHeard", age(at)));
        }
        group.rounds().last().ifPresent(last -> builder.withDetail("lastRound", describe(last)));
    }

    private static Status status(GroupState state) {
        return switch (state) {
            case STOPPED -> Status.UNKNOWN;
            case JOINING -> Status.OUT_OF_SERVICE;
            case FORMING, OPEN -> Status.UP;
            case LOST -> Status.DOWN;
        };
    }

    private static void describeMembers(Health.Builder builder, CoordinatedGroup group) {
        List<GroupMember> members = group.members();
        builder.withDetail("membersPresent", members.size()).withDetail("membersExpected", group.expectedMembers());
        members.stream()
                .min(Comparator.comparing(GroupMember::lastHeard))
                .ifPresent(quietest -> builder.withDetail(
                                "quietestMember", quietest.address().toString())
                        .withDetail("quietestMemberLastHeard", age(quietest.lastHeard())));
    }

    private static Map<String, Object> describe(RoundRecord.Ended last) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("number", last.round().number());
        details.put("participants", last.round().participants());
        details.put("duration", DurationStyle.SIMPLE.print(last.round().duration(), ChronoUnit.MICROS));
        details.put("ended", age(last.at()));
        return details;
    }

    private static String age(Instant at) {
        return DurationStyle.SIMPLE.print(Duration.between(at, Instant.now()), ChronoUnit.MILLIS) + " ago";
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
