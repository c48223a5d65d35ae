package io.camure.spring;

/**
 * A listener has failed with a message, or has left its group since it was too slow: a {@link ListenerQueueFullException}.
 * Published by the listener's thread.
 *
 * @param session as in {@code camure.sessions}; {@code default} is the one without a name
 * @param node what this node calls itself
 * @param group the name in {@code camure.groups}
 * @param listener its id in {@link CamureListenerEndpointRegistry}
 * @param failure what the method has thrown, or why it could not be called
 */
public record ListenerFailedEvent(String session, String node, String group, String listener, Throwable failure)
        implements CamureEvent {}
