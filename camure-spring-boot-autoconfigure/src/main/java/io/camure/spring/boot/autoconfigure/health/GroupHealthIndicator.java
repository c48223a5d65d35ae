package io.camure.spring.boot.autoconfigure.health;

import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.GroupDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.MemberDescriptor;
import io.camure.spring.boot.autoconfigure.endpoint.Descriptions;
import io.camure.spring.kind.Written;
import io.camure.spring.session.GroupBinding;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether rounds and messages can pass in a group. */
final class GroupHealthIndicator extends AbstractHealthIndicator {

    private final GroupBinding group;

    GroupHealthIndicator(GroupBinding group) {
        this.group = group;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        GroupDescriptor now = Descriptions.of(group);
        builder.status(StateStatus.of(group.state()))
                .withDetail("session", now.session())
                .withDetail("node", group.session().name())
                .withDetail("role", now.role())
                .withDetail("type", now.type())
                .withDetail("state", now.state());
        LossDetails.add(builder, now.loss());
        if (now.id() != null) {
            builder.withDetail("id", now.id());
        }
        List<MemberDescriptor> members = now.members();
        if (members != null) {
            describeMembers(builder, now, members);
        }
        group.adapter().health().forEach(builder::withDetail);
    }

    private static void describeMembers(Health.Builder builder, GroupDescriptor now, List<MemberDescriptor> members) {
        builder.withDetail("membersPresent", members.size())
                .withDetail("membersExpected", Objects.requireNonNullElse(now.expectedMembers(), 0));
        members.stream()
                .max(Comparator.comparing(MemberDescriptor::lastHeardMillis))
                .ifPresent(quietest -> builder.withDetail(
                                "quietestMember", SessionHealthIndicator.named(quietest.name(), quietest.address()))
                        .withDetail("quietestMemberLastHeard", Written.ago(quietest.lastHeardMillis())));
    }
}
