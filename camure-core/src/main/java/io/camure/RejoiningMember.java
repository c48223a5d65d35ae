package io.camure;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A member that joins again what it has lost: what stays the same while one session follows another. Each session is a
 * {@link MemberNode} of its own, and the {@link Rejoiner} gets the next one.
 */
final class RejoiningMember implements Member {

    private final MemberConfig config;
    private final Rejoiner rejoiner;
    private final KeptSession session;

    private RejoiningMember(MemberConfig config, Rejoiner rejoiner) {
        this.config = config;
        this.rejoiner = rejoiner;
        session = rejoiner.session();
    }

    /**
     * The member that has joined, kept in its session if it is configured so.
     *
     * @param locator says where to join again
     */
    static Member keep(MemberNode joined, CoordinatorLocator locator, MemberConfig config) {
        if (!config.rejoin().isEnabled()) {
            return joined;
        }
        Rejoiner rejoiner = new Rejoiner(joined, new SessionJoin(locator, config));
        rejoiner.session().start();
        return new RejoiningMember(config, rejoiner);
    }

    private MemberNode node() {
        return session.node();
    }

    @Override
    public InetSocketAddress address() {
        return node().address();
    }

    @Override
    public InetSocketAddress coordinatorAddress() {
        return node().coordinatorAddress();
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String transport() {
        return node().transport();
    }

    @Override
    public Barrier joinBarrier(int id) throws InterruptedException {
        return joinBarrier(id, config.joinTimeout());
    }

    @Override
    public Barrier joinBarrier(int id, Duration timeout) throws InterruptedException {
        return joinBarrier(id, timeout, GroupConfig.defaults().timeout());
    }

    @Override
    public Barrier joinBarrier(int id, Duration timeout, Duration awaitTimeout) throws InterruptedException {
        BarrierAtMember joined = session.nodeToJoin(id).joinBarrier(id, timeout, awaitTimeout);
        return session.keep(new ResumedBarrier(session, joined, awaitTimeout));
    }

    @Override
    public BroadcastReceiver joinBroadcast(int id) throws InterruptedException {
        return joinBroadcast(id, config.joinTimeout());
    }

    @Override
    public BroadcastReceiver joinBroadcast(int id, Duration timeout) throws InterruptedException {
        return session.keep(new ResumedReceiver(session, session.nodeToJoin(id).joinBroadcast(id, timeout)));
    }

    @Override
    public long incarnation() {
        return node().incarnation();
    }

    @Override
    public OptionalLong coordinatorIncarnation() {
        return node().coordinatorIncarnation();
    }

    @Override
    public Optional<Duration> roundTrip() {
        return node().roundTrip();
    }

    @Override
    public Instant coordinatorLastHeard() {
        return node().coordinatorLastHeard();
    }

    @Override
    public SessionStatistics statistics() {
        return session.statistics();
    }

    @Override
    public void addListener(MemberListener listener) {
        session.addListener(listener);
    }

    @Override
    public boolean isOpen() {
        return node().isOpen();
    }

    @Override
    public void close() {
        rejoiner.close();
    }

    @Override
    public String toString() {
        return node().toString();
    }
}
