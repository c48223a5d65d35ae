package io.camure.spring;

/** The headers of a message that a {@link CamureListener} is given. */
public final class CamureHeaders {

    /** What the names of all of them begin with. */
    public static final String PREFIX = "camure_";

    /** The name of the group, a {@link String}. */
    public static final String GROUP = "camure_group";

    /** The session as in {@code camure.sessions}, a {@link String}; {@code default} is the one without a name. */
    public static final String SESSION = "camure_session";

    /** The coordinator that has sent it, a {@link io.camure.Node}. */
    public static final String COORDINATOR = "camure_coordinator";

    /**
     * Which message it is since this member has joined the group, a {@link Long}: 1 is the first one. Goes on when the group
     * was lost and is joined again.
     */
    public static final String SEQUENCE = "camure_sequence";

    private CamureHeaders() {}
}
