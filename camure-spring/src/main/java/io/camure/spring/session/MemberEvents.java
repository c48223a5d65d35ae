package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.Group;
import io.camure.Member;
import io.camure.MemberListener;
import io.camure.Node;
import io.camure.spring.CamureEvent;
import io.camure.spring.CoordinatorLostEvent;
import io.camure.spring.CoordinatorRegainedEvent;
import io.camure.spring.GroupLostEvent;
import io.camure.spring.GroupRegainedEvent;
import io.camure.spring.kind.SessionContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells the application and the groups what a member has lost and regained. While the session is lost, and until all groups
 * are there again, the application is told of the session only. Thread-safe.
 */
final class MemberEvents implements MemberListener {

    private final SessionContext session;
    private final Member member;
    private final Supplier<List<GroupBinding>> groups;

    /** Those that the application takes for lost by themselves. Of the thread that calls listeners, as the next one. */
    private final Set<String> lostGroups = new HashSet<>();

    /** Which node it is, and where, or was when it was lost. */
    private Node coordinator;

    /** Guarded by this, as the next one. */
    private State state = State.WELL;

    private long lostNanos;

    private enum State {
        WELL,
        /** There is no session. */
        LOST,
        /** There is one again, and the application is told once all groups are there, too. */
        BACK
    }

    /** @param groups those of the session now */
    MemberEvents(SessionContext session, Member member, Supplier<List<GroupBinding>> groups) {
        this.session = session;
        this.member = member;
        this.groups = groups;
        coordinator = member.coordinator();
    }

    @Override
    public void coordinatorLost(CamureException why) {
        boolean wasWell = isWell();
        synchronized (this) {
            state = State.LOST;
            lostNanos = wasWell ? System.nanoTime() : lostNanos;
        }
        lostGroups.clear();
        groups.get().forEach(group -> group.adapter().onLost());
        if (wasWell) {
            publish(new CoordinatorLostEvent(session.sessionName(), session.name(), coordinator, why));
        }
    }

    @Override
    public void groupLost(int id, CamureException why) {
        find(id).ifPresent(group -> {
            group.adapter().onLost();
            if (isWell()) {
                lostGroups.add(group.name());
                publish(new GroupLostEvent(session.sessionName(), session.name(), group.name(), why));
            }
        });
    }

    @Override
    public void groupRegained(int id, Duration outage) {
        find(id).ifPresent(group -> {
            group.onRegained();
            if (lostGroups.remove(group.name())) {
                publish(new GroupRegainedEvent(session.sessionName(), session.name(), group.name(), outage));
            }
        });
        tellIfComplete();
    }

    /** One that this application has left is no longer its group. */
    private Optional<GroupBinding> find(int id) {
        return groups.get().stream()
                .filter(group -> hasId(group, id) && !group.isLeft())
                .findFirst();
    }

    /** Without a configured one it may have another in each session. */
    private static boolean hasId(GroupBinding group, int id) {
        Group current = group.current();
        return current == null ? group.config().id().orElse(-1) == id : current.id() == id;
    }

    @Override
    public void coordinatorRegained(Duration outage) {
        coordinator = member.coordinator();
        synchronized (this) {
            if (state == State.LOST) {
                state = State.BACK;
            }
        }
        tellIfComplete();
    }

    private synchronized boolean isWell() {
        return state == State.WELL;
    }

    /** To be called when a group was joined or left, since it may be the last one that was missing. */
    void tellIfComplete() {
        Duration outage;
        synchronized (this) {
            if (state != State.BACK || groups.get().stream().anyMatch(GroupBinding::isMissing)) {
                return;
            }
            state = State.WELL;
            outage = Duration.ofNanos(System.nanoTime() - lostNanos);
        }
        publish(new CoordinatorRegainedEvent(session.sessionName(), session.name(), member.coordinator(), outage));
    }

    /** Unless it is late, and of a session that was stopped since. */
    private void publish(CamureEvent event) {
        if (session.member().filter(member::equals).isPresent()) {
            session.publish(event);
        }
    }
}
