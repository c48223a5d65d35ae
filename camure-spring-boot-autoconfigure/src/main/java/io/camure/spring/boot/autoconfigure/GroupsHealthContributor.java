package io.camure.spring.boot.autoconfigure;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;

/** The health of all groups that there are now. */
final class GroupsHealthContributor implements CompositeHealthContributor {

    private final CamureSessions sessions;

    GroupsHealthContributor(CamureSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public @Nullable HealthContributor getContributor(String name) {
        return sessions.group(name).map(GroupHealthIndicator::new).orElse(null);
    }

    @Override
    public Stream<Entry> stream() {
        return sessions.groups().stream().map(group -> new Entry(group.name(), new GroupHealthIndicator(group)));
    }
}
