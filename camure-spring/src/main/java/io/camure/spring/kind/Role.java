package io.camure.spring.kind;

/** What this application is in a session. */
public enum Role {
    /** Runs the session, its barriers, and sends its broadcasts. One in each session. */
    COORDINATOR,
    /** Joins the session, waits at its barriers, and receives its broadcasts. */
    MEMBER,
    /**
     * As it is configured: a member that runs the session, too, while it is elected. What the application is in such a session is
     * a {@link #MEMBER}.
     */
    AUTO
}
