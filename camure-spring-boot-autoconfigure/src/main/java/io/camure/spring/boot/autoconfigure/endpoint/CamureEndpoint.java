package io.camure.spring.boot.autoconfigure.endpoint;

import io.camure.spring.CamureListenerEndpoint;
import io.camure.spring.CamureListenerEndpointRegistry;
import io.camure.spring.boot.autoconfigure.doctor.DoctorDescriptor;
import io.camure.spring.boot.autoconfigure.doctor.Examinations;
import io.camure.spring.boot.autoconfigure.endpoint.CamureDescriptor.ListenerDescriptor;
import io.camure.spring.boot.autoconfigure.refresh.RefreshDescriptor;
import io.camure.spring.boot.autoconfigure.refresh.Refreshes;
import io.camure.spring.session.SessionBindings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The sessions, groups, members and listeners of this application now; stops and starts listeners, calls the doctor, and has the
 * configuration of all nodes refreshed. What it tells is in memory: but for the last two it waits for nobody.
 */
@Endpoint(id = CamureEndpoint.ID, defaultAccess = Access.READ_ONLY)
public final class CamureEndpoint {

    static final String ID = "camure";

    /** As it is annotated: an application has to allow that listeners are stopped, and that the network is tried. */
    static final Access DEFAULT_ACCESS = Access.READ_ONLY;

    private static final String GROUPS = "groups";
    private static final String LISTENERS = "listeners";
    private static final String HISTORY = "history";
    private static final String DOCTOR = "doctor";
    static final String REFRESH = "refresh";

    private final SessionBindings sessions;
    private final CamureListenerEndpointRegistry listeners;
    private final CamureHistory history;
    private final @Nullable Examinations examinations;
    private final @Nullable Refreshes refreshes;
    private final Access access;
    private final boolean shown;
    private final HiddenValues hidden = new HiddenValues();

    /**
     * @param examinations {@code null} when there is no doctor
     * @param refreshes {@code null} when nothing is refreshed together
     * @param access what the application allows
     * @param shown whether addresses, incarnations and values are told where it is not known who asks
     */
    CamureEndpoint(
            SessionBindings sessions,
            CamureListenerEndpointRegistry listeners,
            CamureHistory history,
            @Nullable Examinations examinations,
            @Nullable Refreshes refreshes,
            Access access,
            boolean shown) {
        this.sessions = sessions;
        this.listeners = listeners;
        this.history = history;
        this.examinations = examinations;
        this.refreshes = refreshes;
        this.access = access;
        this.shown = shown;
    }

    /** What to do with a listener. */
    public enum Action {
        START,
        STOP
    }

    /** All there is. */
    @ReadOperation
    public CamureDescriptor camure() {
        return camure(shown);
    }

    CamureDescriptor camure(boolean shown) {
        return new CamureDescriptor(
                Instant.now(),
                access == Access.UNRESTRICTED,
                sessions.all().stream()
                        .map(Descriptions::of)
                        .map(session -> shown ? session : hidden.in(session))
                        .toList(),
                listeners.endpoints().stream().map(Descriptions::of).toList());
    }

    /**
     * What the sessions did in the last 15 minutes.
     *
     * @param what {@code history}
     * @return {@code null} for anything else
     */
    @ReadOperation
    public @Nullable HistoryDescriptor past(@Selector String what) {
        return past(what, shown);
    }

    @Nullable
    HistoryDescriptor past(String what, boolean shown) {
        if (!what.equals(HISTORY)) {
            return null;
        }
        HistoryDescriptor past = history.describe(shown);
        return shown ? past : hidden.in(past);
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
        return one(collection, name, shown);
    }

    @Nullable
    Object one(String collection, String name, boolean shown) {
        return switch (collection) {
            case GROUPS ->
                sessions.group(name)
                        .map(Descriptions::of)
                        .map(group -> shown ? group : hidden.in(group))
                        .orElse(null);
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

    /**
     * Has the doctor examine the network of all sessions, which takes some seconds for each, or the configuration of all nodes in {@code
     * camure.refresh.group} refreshed, which takes until all have fetched theirs.
     *
     * @param what {@code doctor} or {@code refresh}
     * @return a {@link DoctorDescriptor} or {@link RefreshDescriptor}
     */
    @WriteOperation
    public Object ask(@Selector String what) throws InterruptedException {
        return switch (what) {
            case DOCTOR -> examine();
            case REFRESH -> refresh(shown);
            default -> throw refused("nothing but 'doctor' and 'refresh' can be asked for, not '" + what + "'");
        };
    }

    private DoctorDescriptor examine() throws InterruptedException {
        Examinations doctor = examinations;
        if (doctor == null) {
            throw refused("there is no doctor: CamureDoctorAutoConfiguration is excluded");
        }
        return doctor.examineAll();
    }

    RefreshDescriptor refresh(boolean shown) throws InterruptedException {
        Refreshes together = refreshes;
        if (together == null) {
            throw refused("there is nothing to refresh: camure.refresh.group is not set");
        }
        RefreshDescriptor answer = together.refresh();
        return shown ? answer : hidden.in(answer);
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
