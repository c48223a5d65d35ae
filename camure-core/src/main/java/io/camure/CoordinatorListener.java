package io.camure;

/** Is called when the way changes by which members are served, or this node may not coordinate any more. Calls come in order, on a thread of their own. */
public interface CoordinatorListener {

    /**
     * A member does not hear group traffic but answers by unicast, and so is served by unicast from now on, if it was not
     * before. Only with {@link DeliveryMode#AUTO}.
     */
    default void memberDeaf(Node member) {}

    /** A member that was deaf hears group traffic again, and is served by multicast from now on. */
    default void memberHears(Node member) {}

    /**
     * It was found out that other datagrams than before get to a member, which is sent no longer ones from now on.
     *
     * @param path as it is now
     */
    default void memberPathChanged(MemberPath path) {}

    /**
     * The {@linkplain CoordinatorConfig.Builder#lease lease} was not renewed in time: this coordinator has stopped, for good, and is to
     * be closed.
     *
     * @param term in which it was elected; 0 when nobody has elected it
     */
    default void leaseEnded(long term) {}
}
