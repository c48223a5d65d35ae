package io.camure.spring;

import io.camure.MessageHandler;
import java.util.Collection;

/** The listeners of this application, a bean: lists, starts and stops them, and takes new ones. Thread-safe. */
public interface CamureListenerEndpointRegistry {

    /** All listeners now, in the order in which they were found. */
    Collection<CamureListenerEndpoint> endpoints();

    /**
     * A listener by its {@link CamureListener#id}.
     *
     * @throws IllegalArgumentException when there is none; the message says which there are
     */
    CamureListenerEndpoint endpoint(String id);

    /**
     * Has a handler called with each message of a group from now on, by a thread of its own, as a {@link CamureListener} is;
     * for groups that {@link CamureGroups} has added, for example. It ends with the group, when that is removed.
     *
     * @param id any that no other listener has
     * @throws UnknownGroupException when there is no such group
     * @throws GroupMismatchException when it is no broadcast, or this node is its coordinator
     * @throws IllegalArgumentException when there is a listener with this id, or to this group, which a handler can't share
     */
    CamureListenerEndpoint register(String id, String group, MessageHandler handler);
}
