package io.camure;

/** All 65536 group ids of a session are in use. */
public final class GroupIdsExhaustedException extends CamureException {

    private static final long serialVersionUID = 1L;

    public GroupIdsExhaustedException() {
        super("all group ids from 0 to 65535 are in use: close a group first");
    }
}
