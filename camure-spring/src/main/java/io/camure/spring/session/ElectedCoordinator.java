package io.camure.spring.session;

import io.camure.CamureException;
import io.camure.Coordinator;
import io.camure.CoordinatorGroup;
import io.camure.CoordinatorLease;
import io.camure.Group;
import io.camure.GroupConfig;
import io.camure.Node;
import io.camure.spring.NotCoordinatorException;
import io.camure.spring.election.CoordinatorElection;
import io.camure.spring.election.CoordinatorRecord;
import io.camure.spring.kind.Around;
import io.camure.spring.kind.CoordinatorAdapter;
import io.camure.spring.kind.GroupContext;
import io.camure.spring.kind.SendAround;
import io.camure.spring.kind.SessionContext;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator that runs beside a member while this node is elected, with the same groups. It takes no part in rounds: that does
 * the member. Thread-safe.
 */
public final class ElectedCoordinator implements CoordinatorElection.Listener {

    private static final Logger log = LoggerFactory.getLogger(ElectedCoordinator.class);

    private final Beside member;
    private final CoordinatorElection election;
    private final Starter starter;

    /** Written with this locked. */
    private volatile @Nullable Running running;

    /** Guarded by this, as the next two. */
    private CoordinatorElection.@Nullable Registration registration;

    private @Nullable InetSocketAddress address;
    private boolean stopped = true;

    /** The last one in which this node was elected. */
    private volatile long ownTerm;

    /** @param groups by their names in the configuration */
    private record Running(Coordinator coordinator, Map<String, CoordinatorAdapter<?>> groups) {}

    /** The member beside it. */
    interface Beside extends SessionContext {

        /** The groups now. */
        List<GroupBinding> groups();

        /** Who coordinates, or {@code null} while that is not known. */
        CoordinatorChanges.@Nullable Known coordinator();

        /** The term of the last session that it was in; 0 for none. */
        long term();
    }

    /** Runs a session. */
    public interface Starter {

        /** Where members would reach it, if it was started now. Throws what is to keep the application from starting. */
        InetSocketAddress address();

        /** @param address where members are to reach it */
        Coordinator start(InetSocketAddress address, long term, CoordinatorLease lease);
    }

    ElectedCoordinator(Beside member, CoordinatorElection election, Starter starter) {
        this.member = member;
        this.election = election;
        this.starter = starter;
    }

    /** Whether a start would wait in vain for somebody to be elected. */
    boolean needsStartedApplication() {
        return election.needsStartedApplication();
    }

    /** Offers this node as coordinator. */
    void start() {
        InetSocketAddress offered = starter.address();
        synchronized (this) {
            stopped = false;
            address = offered;
        }
        CoordinatorElection.Registration begun =
                election.campaign(new CoordinatorRecord(0, new Node(member.name(), offered, 0), offered), this);
        synchronized (this) {
            if (!stopped) {
                registration = begun;
                return;
            }
        }
        begun.close();
    }

    /** Hands over to another node. What this one still had to say is said before another one can be elected. */
    void stop() {
        CoordinatorElection.Registration ending;
        synchronized (this) {
            stopped = true;
            ending = registration;
            registration = null;
            handOver();
        }
        if (ending != null) {
            ending.close();
        }
    }

    @Override
    public synchronized void onElected(long term, CoordinatorLease lease) {
        InetSocketAddress at = address;
        if (stopped || at == null) {
            throw new CamureException(member.name() + ": does not coordinate, since it is being stopped");
        }
        ownTerm = Math.max(ownTerm, term);
        handOver();
        Coordinator started = starter.start(at, term, lease);
        try {
            started.addListener(new ReachEvents(member));
            running = new Running(started, createGroups(started));
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
        log.info("{}: this node was elected and coordinates{}", member.name(), term == 0 ? "" : ", term " + term);
    }

    private Map<String, CoordinatorAdapter<?>> createGroups(Coordinator started) {
        Map<String, CoordinatorAdapter<?>> groups = new HashMap<>();
        // Groups with an id come first, so that none of these ids is taken by a group that has a choice.
        List<GroupBinding> idsFirst = member.groups().stream()
                .sorted(Comparator.comparing(group -> group.definition().id() == null))
                .toList();
        for (GroupBinding group : idsFirst) {
            CoordinatorAdapter<?> adapter = group.definition().kind().atCoordinator(new WithoutPart(group));
            CoordinatorGroup created = adapter.create(started);
            created.addListener(new MembershipEvents(group));
            adapter.attach(created);
            groups.put(group.name(), adapter);
        }
        return Map.copyOf(groups);
    }

    /** A group in which the member beside the coordinator takes part, and not the coordinator. */
    private record WithoutPart(GroupBinding group) implements GroupContext {

        @Override
        public String name() {
            return group.name();
        }

        @Override
        public GroupConfig config() {
            return group.config().toBuilder().coordinatorTakesPart(false).build();
        }

        @Override
        public SessionContext session() {
            return group.session();
        }

        @Override
        public @Nullable SendAround aroundSending() {
            return group.aroundSending();
        }
    }

    @Override
    public void onLost(String why) {
        boolean coordinated;
        synchronized (this) {
            coordinated = handOver();
        }
        if (coordinated) {
            log.warn("{}: this node coordinates no more: {}", member.name(), why);
        }
    }

    @Override
    public long highestTerm() {
        return Math.max(ownTerm, member.term());
    }

    private synchronized boolean handOver() {
        Running over = running;
        running = null;
        if (over != null) {
            over.coordinator().handOver();
        }
        return over != null;
    }

    /** Who has been elected, as far as the election knows. */
    public CoordinatorElection election() {
        return election;
    }

    /** The session that this node coordinates, while it does. */
    public Optional<Coordinator> current() {
        return Optional.ofNullable(running).map(Running::coordinator).filter(Coordinator::isOpen);
    }

    /**
     * A group as its coordinator sees it. Whatever is done with it fails while this node does not coordinate.
     *
     * @param type what it is at its coordinator
     */
    public <T extends Group> T proxy(GroupBinding group, Class<T> type) {
        return CurrentObjectInterceptor.proxy(type, new Source(group));
    }

    private @Nullable CoordinatorAdapter<?> find(GroupBinding group) {
        Running now = running;
        return now != null && now.coordinator().isOpen() ? now.groups().get(group.name()) : null;
    }

    /** Tells who coordinates instead of this node. */
    public NotCoordinatorException notCoordinating(GroupBinding group) {
        CoordinatorChanges.Known who = member.coordinator();
        return new NotCoordinatorException(
                group + ": this node does not coordinate: "
                        + (who == null ? "nobody does, as far as it knows" : who.node() + " does, since " + who.since())
                        + ". Ask CamureGroups.isCoordinator before, or do this where a CoordinatorChangedEvent says so",
                who == null ? null : who.node(),
                who == null ? null : who.since());
    }

    /** What a group at the coordinator is of. */
    private final class Source implements CurrentObjectInterceptor.Source {

        private final GroupBinding group;

        Source(GroupBinding group) {
            this.group = group;
        }

        @Override
        public @Nullable Object current() {
            CoordinatorAdapter<?> adapter = find(group);
            return adapter == null ? null : adapter.current();
        }

        @Override
        public CamureException notUsable() {
            return member.isRunning()
                    ? notCoordinating(group)
                    : member.notRunning(group.definition().description(), Optional.empty());
        }

        @Override
        public @Nullable Object nameOrId() {
            return group.definition().id();
        }

        /** What belongs around a call at a configured coordinator belongs around it here, too. */
        @Override
        public @Nullable Object around(Method method, @Nullable Object[] arguments, Around.Call call) throws Throwable {
            CoordinatorAdapter<?> adapter = find(group);
            return adapter == null ? call.proceed() : adapter.around(method, arguments, call);
        }

        @Override
        public String toString() {
            return group + " at its coordinator";
        }
    }
}
