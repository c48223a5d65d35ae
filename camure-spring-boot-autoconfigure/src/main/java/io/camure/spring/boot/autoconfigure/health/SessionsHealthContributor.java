package io.camure.spring.boot.autoconfigure.health;

import io.camure.spring.session.SessionBinding;
import io.camure.spring.session.SessionBindings;
import io.camure.spring.session.SessionDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;

/**
 * The health of all sessions and groups that there are now: {@code session} or {@code session-orders} is that of a session, and
 * the others have the names of groups. A group that is called like a session hides it.
 */
final class SessionsHealthContributor implements CompositeHealthContributor {

    private final SessionBindings sessions;

    SessionsHealthContributor(SessionBindings sessions) {
        this.sessions = sessions;
    }

    @Override
    public @Nullable HealthContributor getContributor(String name) {
        return contributors().get(name);
    }

    @Override
    public Stream<Entry> stream() {
        return contributors().entrySet().stream().map(each -> new Entry(each.getKey(), each.getValue()));
    }

    private Map<String, HealthContributor> contributors() {
        Map<String, HealthContributor> contributors = new LinkedHashMap<>();
        for (SessionBinding session : sessions) {
            contributors.put(name(session), new SessionHealthIndicator(session));
        }
        sessions.groups().forEach(group -> contributors.put(group.name(), new GroupHealthIndicator(group)));
        return contributors;
    }

    private static String name(SessionBinding session) {
        return session.sessionName().equals(SessionDefinition.DEFAULT_SESSION)
                ? "session"
                : "session-" + session.sessionName();
    }
}
