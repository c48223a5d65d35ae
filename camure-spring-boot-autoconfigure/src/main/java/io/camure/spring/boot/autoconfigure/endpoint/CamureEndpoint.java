package io.camure.spring.boot.autoconfigure.endpoint;

import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.CamureListenerEndpointRegistry;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.ListenerDescriptor;
import io.camure.spring.session.SessionBindings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The sessions, groups, members and listeners of this application now; stops and starts listeners. What it tells is in memory:
 * it waits for nobody.
 */
@Endpoint(id = "camure")
public final class CamureEndpoint {

    private static final String GROUPS = "groups";
    private static final String LISTENERS = "listeners";

    private final SessionBindings sessions;
    private final CamureListenerEndpointRegistry listeners;

    CamureEndpoint(SessionBindings sessions, CamureListenerEndpointRegistry listeners) {
        this.sessions = sessions;
        this.listeners = listeners;
    }

    /** What to do with a listener. */
    public enum Action {
        START,
        STOP
    }

    /** All there is. */
    @ReadOperation
    public CamureDescriptor camure() {
        return new CamureDescriptor(
                Instant.now(),
                sessions.all().stream().map(Descriptions::of).toList(),
                listeners.endpoints().stream().map(Descriptions::of).toList());
    }

    /**
     * One group, or one listener.
     *
     * @param collection {@code groups} or {@code listeners}
     * @param name of the group, or id of the listener
     * @return a {@link CamureDescriptor.GroupDescriptor} or {@link ListenerDescriptor}, or {@code null} when there is none
     */
    @ReadOperation
    public @Nullable Object one(@Selector String collection, @Selector String name) {
        return switch (collection) {
            case GROUPS -> sessions.group(name).map(Descriptions::of).orElse(null);
            case LISTENERS -> listener(name).map(Descriptions::of).orElse(null);
            default -> null;
        };
    }

    /**
     * Starts a listener, or stops it after the message that it is handling, which is not waited for.
     *
     * @param collection {@code listeners}
     * @param name the id of the listener
     * @return the listener, with what has changed
     */
    @WriteOperation
    public ListenerDescriptor change(@Selector String collection, @Selector String name, Action action) {
        if (!collection.equals(LISTENERS)) {
            throw refused("nothing but listeners can be changed, not '" + collection + "'");
        }
        CamureListenerEndpoint listener = listener(name)
                .orElseThrow(() -> refused("there is no listener '" + name + "': there are " + listenerIds()));
        switch (action) {
            case START -> listener.start();
            case STOP -> listener.stop();
        }
        return Descriptions.of(listener);
    }

    private Optional<CamureListenerEndpoint> listener(String id) {
        return listeners.endpoints().stream()
                .filter(listener -> listener.id().equals(id))
                .findAny();
    }

    private List<String> listenerIds() {
        return listeners.endpoints().stream().map(CamureListenerEndpoint::id).toList();
    }

    private static InvalidEndpointRequestException refused(String reason) {
        return new InvalidEndpointRequestException(reason, reason);
    }
}
