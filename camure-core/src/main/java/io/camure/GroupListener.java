package io.camure;

import java.net.InetSocketAddress;

/** Is told who comes and goes; in order, on a thread of its own, so that it may take its time. */
public interface GroupListener {

    /** A member is in. */
    default void memberJoined(InetSocketAddress member) {}

    /** A member has left by itself, or the group was closed. */
    default void memberLeft(InetSocketAddress member) {}

    /** A member is out: it was silent for the member timeout, or was started anew at its address. */
    default void memberLost(InetSocketAddress member) {}

    /** The coordinator took a member out that lives. */
    default void memberEvicted(InetSocketAddress member) {}

    /** A member has held a broadcast up for the slow member patience. */
    default void memberSlow(InetSocketAddress member) {}

    /** A member that was slow has caught up. */
    default void memberCaughtUp(InetSocketAddress member) {}
}
