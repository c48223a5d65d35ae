package io.camure.spring.session;

import io.camure.spring.kind.Role;
import java.util.List;

/** A session that this application is to run. */
public record CoordinatorDefinition(String session, String name, List<GroupDefinition> groups)
        implements SessionDefinition {

    @Override
    public Role role() {
        return Role.COORDINATOR;
    }
}
