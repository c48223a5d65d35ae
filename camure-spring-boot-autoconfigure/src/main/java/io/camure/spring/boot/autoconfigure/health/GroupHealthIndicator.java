package io.camure.spring.boot.autoconfigure.health;

import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.GroupDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.LastRoundDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.MemberDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.RoundsDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.Descriptions;
import io.camure.spring.session.GroupBinding;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether rounds and messages can pass in a group. */
public final class GroupHealthIndicator extends AbstractHealthIndicator {

    /** More are not named. */
    private static final int NAMED_MEMBERS = 20;

    private final GroupBinding group;

    GroupHealthIndicator(GroupBinding group) {
        this.group = group;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        GroupDescriptor now = Descriptions.of(group);
        builder.status(SessionsHealthContributor.status(group.state()))
                .withDetail("session", now.session())
                .withDetail("node", group.session().name())
                .withDetail("role", now.role())
                .withDetail("type", now.type())
                .withDetail("state", now.state());
        if (now.id() != null) {
            builder.withDetail("id", now.id());
        }
        List<MemberDescriptor> members = now.members();
        if (members != null) {
            describeMembers(builder, now, members);
        }
        if (now.rounds() != null) {
            describeRounds(builder, now.rounds());
        }
    }

    private static void describeMembers(Health.Builder builder, GroupDescriptor now, List<MemberDescriptor> members) {
        builder.withDetail("membersPresent", members.size())
                .withDetail("membersExpected", Objects.requireNonNullElse(now.expectedMembers(), 0));
        members.stream()
                .max(Comparator.comparing(MemberDescriptor::lastHeardMillis))
                .ifPresent(quietest -> builder.withDetail("quietestMember", quietest.address())
                        .withDetail("quietestMemberLastHeard", ago(quietest.lastHeardMillis())));
        if (now.broadcast() != null) {
            builder.withDetail("slowMembers", lastHeard(members, member -> Boolean.TRUE.equals(member.slow())));
        }
        if (now.round() != null && now.round().waitingMillis() != null) {
            builder.withDetail("roundWaiting", now.round().waitingMillis() + "ms")
                    .withDetail("missingMembers", lastHeard(members, member -> Boolean.FALSE.equals(member.arrived())));
        }
    }

    /** The address of each, and when it was last heard. */
    private static Map<String, String> lastHeard(List<MemberDescriptor> members, Predicate<MemberDescriptor> which) {
        Map<String, String> named = new LinkedHashMap<>();
        members.stream()
                .filter(which)
                .limit(NAMED_MEMBERS)
                .forEach(member -> named.put(member.address(), ago(member.lastHeardMillis())));
        return named;
    }

    private static void describeRounds(Health.Builder builder, RoundsDescriptor rounds) {
        LastRoundDescriptor last = rounds.last();
        if (last != null) {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("number", last.number());
            details.put("participants", last.participants());
            details.put("duration", last.durationMicros() + "us");
            details.put("ended", ago(last.endedMillis()));
            builder.withDetail("lastRound", details);
        }
    }

    static String ago(long millis) {
        return millis + "ms ago";
    }
}
