package io.camure.spring.session;

import io.camure.spring.kind.Role;
import java.time.Duration;
import java.util.List;

/**
 * A session that this application is to join.
 *
 * @param startupTimeout how long {@link Startup#WAIT} goes on trying
 */
public record MemberDefinition(
        String session, String name, List<GroupDefinition> groups, Startup startup, Duration startupTimeout)
        implements SessionDefinition {

    @Override
    public Role role() {
        return Role.MEMBER;
    }
}
