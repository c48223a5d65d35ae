package io.camure.spring.boot.autoconfigure;

import java.util.List;

/** A session that this application is to run. */
record CoordinatorDefinition(String session, String name, List<GroupDefinition> groups) implements SessionDefinition {

    @Override
    public Role role() {
        return Role.COORDINATOR;
    }
}
