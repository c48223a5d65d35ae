package io.camure.node;

import io.camure.Barrier;
import io.camure.BroadcastReceiver;
import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.CoordinatorLocator;
import io.camure.Group;
import io.camure.JoinTimeoutException;
import io.camure.Loss;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.MemberListener;
import io.camure.MembershipConfig;
import io.camure.Node;
import io.camure.Security;
import io.camure.SessionStatistics;
import io.camure.node.barrier.MemberBarriers;
import io.camure.node.broadcast.MemberBroadcasts;
import io.camure.node.collective.MemberCollectives;
import io.camure.node.rejoin.AnnouncedCoordinator;
import io.camure.node.rejoin.CandidateLookup;
import io.camure.node.rejoin.Rejoiner;
import io.camure.node.rejoin.SessionJoin;
import io.camure.node.session.HighestTerm;
import io.camure.node.session.JoinRequest;
import io.camure.node.session.MemberNode;
import io.camure.node.session.OneSession;
import io.camure.node.session.SelfExamination;
import io.camure.node.session.SessionStay;
import io.camure.protocol.base.Checks;
import io.camure.protocol.group.GroupLabel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What users get of a member: the session that it is in now, whether it stays in that one or in one after another. */
public final class JoinedMember implements Member {

    private final MemberConfig config;
    private final SessionStay stay;

    private JoinedMember(MemberConfig config, SessionStay stay) {
        this.config = config;
        this.stay = stay;
    }

    public static JoinedMember join(InetSocketAddress coordinatorAddress, MemberConfig config)
            throws InterruptedException {
        CoordinatorLocator locator = CoordinatorLocator.fixed(Checks.given("coordinatorAddress", coordinatorAddress));
        Checks.given("config", config);
        HighestTerm terms = new HighestTerm();
        SessionJoin again = new SessionJoin(locator, config, terms);
        return keep(joined(() -> JoinRequest.join(coordinatorAddress, config, terms), locator, config), again);
    }

    public static JoinedMember join(CoordinatorLocator locator, MemberConfig config) throws InterruptedException {
        SessionJoin join =
                new SessionJoin(Checks.given("locator", locator), Checks.given("config", config), new HighestTerm());
        return keep(joined(join::join, locator, config), join);
    }

    /** A way into a session. */
    @FunctionalInterface
    private interface Joining {

        MemberNode join() throws InterruptedException;
    }

    private static MemberNode joined(Joining joining, CoordinatorLocator locator, MemberConfig config)
            throws InterruptedException {
        try {
            return joining.join();
        } catch (JoinTimeoutException e) {
            SelfExamination.onNotLetIn(locator, CandidateLookup.ofExaminer(locator, config), config);
            throw e;
        }
    }

    /** See {@link Member#announcedCoordinator}. */
    public static CoordinatorLocator announcedCoordinator(MemberConfig config) {
        return new AnnouncedCoordinator(config);
    }

    /** @param join joins again, if that is configured */
    private static JoinedMember keep(MemberNode joined, SessionJoin join) {
        return new JoinedMember(
                join.config(),
                join.config().rejoin().isEnabled() ? Rejoiner.keep(joined, join) : new OneSession(joined));
    }

    @Override
    public InetSocketAddress address() {
        return stay.node().address();
    }

    @Override
    public InetSocketAddress coordinatorAddress() {
        return stay.node().coordinatorAddress();
    }

    @Override
    public Node coordinator() {
        return stay.node().coordinator();
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String transport() {
        return stay.node().transport();
    }

    @Override
    public Optional<Security> security() {
        return stay.node().security();
    }

    @Override
    public Barrier joinBarrier(int id) throws InterruptedException {
        return joinBarrier(id, config.joinTimeout());
    }

    @Override
    public Barrier joinBarrier(int id, Duration timeout) throws InterruptedException {
        return joinBarrier(MembershipConfig.builder().id(id).build(), timeout);
    }

    @Override
    public Barrier joinBarrier(int id, Duration timeout, Duration awaitTimeout) throws InterruptedException {
        return joinBarrier(
                MembershipConfig.builder().id(id).timeout(awaitTimeout).build(), timeout);
    }

    @Override
    public Barrier joinBarrier(MembershipConfig group, Duration timeout) throws InterruptedException {
        return stay.join(
                label(group),
                timeout,
                new MemberBarriers(group.timeout(), group.roundTracing().orElse(null)));
    }

    private static GroupLabel label(MembershipConfig group) {
        Checks.given("config", group);
        return new GroupLabel(group.id().orElse(GroupLabel.NO_ID), group.name());
    }

    @Override
    public BroadcastReceiver joinBroadcast(int id) throws InterruptedException {
        return joinBroadcast(id, config.joinTimeout());
    }

    @Override
    public BroadcastReceiver joinBroadcast(int id, Duration timeout) throws InterruptedException {
        return joinBroadcast(MembershipConfig.builder().id(id).build(), timeout);
    }

    @Override
    public BroadcastReceiver joinBroadcast(MembershipConfig group, Duration timeout) throws InterruptedException {
        return stay.join(
                label(group), timeout, new MemberBroadcasts(config.messageTimeout(), config.maximumMessageSize()));
    }

    @Override
    public <T> Collective<T> joinCollective(MembershipConfig group, CollectiveConfig<T> collective, Duration timeout)
            throws InterruptedException {
        return stay.join(
                label(group),
                timeout,
                new MemberCollectives<>(
                        collective, group.timeout(), group.roundTracing().orElse(null)));
    }

    @Override
    public long incarnation() {
        return stay.node().incarnation();
    }

    @Override
    public OptionalLong coordinatorIncarnation() {
        return stay.node().coordinatorIncarnation();
    }

    @Override
    public long term() {
        return stay.node().term();
    }

    @Override
    public Optional<Duration> roundTrip() {
        return stay.node().roundTrip();
    }

    @Override
    public Instant coordinatorLastHeard() {
        return stay.node().coordinatorLastHeard();
    }

    @Override
    public SessionStatistics statistics() {
        return stay.statistics();
    }

    @Override
    public void addListener(MemberListener listener) {
        stay.addListener(listener);
    }

    @Override
    public Optional<Loss> loss() {
        return stay.loss();
    }

    @Override
    public void removeListener(MemberListener listener) {
        stay.removeListener(listener);
    }

    @Override
    public List<Group> groups() {
        return stay.groups();
    }

    @Override
    public boolean isOpen() {
        return stay.node().isOpen();
    }

    @Override
    public void close() {
        stay.close();
    }

    @Override
    public String toString() {
        return stay.node().toString();
    }
}
