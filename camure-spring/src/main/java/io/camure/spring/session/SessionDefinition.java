package io.camure.spring.session;

import io.camure.spring.kind.Role;
import java.util.List;

/** A session of this application, checked before anything is started. Where its nodes are, it does not say. */
public sealed interface SessionDefinition permits CoordinatorDefinition, MemberDefinition {

    /** The session that is configured without a name. */
    String DEFAULT_SESSION = "default";

    /** As in {@code camure.sessions}, or {@link #DEFAULT_SESSION}. */
    String session();

    /** What threads, logs, errors and health call this node. */
    String name();

    Role role();

    List<GroupDefinition> groups();

    /** Where the session's properties are: {@code camure.} or {@code camure.sessions.<session>.}. */
    default String prefix() {
        return prefix(session());
    }

    static String prefix(String session) {
        return session.equals(DEFAULT_SESSION) ? "camure." : "camure.sessions." + session + ".";
    }
}
