package io.camure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.MemberSession;
import io.camure.simulation.SeededProcess;
import io.camure.test.CamureTestHost;
import io.camure.test.CamureTestNetwork;
import io.camure.test.support.FaultyPort;
import io.camure.transport.Execution;
import io.camure.transport.PortOptions;
import io.camure.transport.SystemExecution;
import io.camure.wire.GroupDelivery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** A coordinator and a member of its barrier, each with a driver of its own, on a network in memory. */
final class DrivenSession implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(30);
    static final String MEMBER_KEEPER = "camure-driving-test-spoke";

    /**
     * The time that a look takes where time passes only by what is done: much, so that a thread that looks again and again takes
     * few steps.
     */
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7411);

    private final CamureTestNetwork network;
    final FaultyPort coordinatorPort;
    final FaultyPort memberPort;
    final CoordinatorSession coordinator;
    final MemberSession member;
    final SessionDriver coordinatorDriver;
    final SessionDriver memberDriver;
    ManagedGroup<BarrierRound> barrier;
    JoinedGroup<BarrierArrival> joined;

    /** Why the member's driver has ended by itself. */
    final List<Throwable> memberFailures = new CopyOnWriteArrayList<>();

    /** What the coordinator was told, in order. */
    final List<SessionEvent> coordinatorEvents = new CopyOnWriteArrayList<>();

    /** @param heartbeatInterval how long the network is silent while nobody does anything */
    DrivenSession(Duration heartbeatInterval) {
        this(heartbeatInterval, SessionDriver.Idle.BLOCKING);
    }

    DrivenSession(Duration heartbeatInterval, SessionDriver.Idle idle) {
        this(heartbeatInterval, idle, SystemExecution.instance());
    }

    DrivenSession(Duration heartbeatInterval, SessionDriver.Idle idle, Execution execution) {
        network = CamureTestNetwork.on(execution, 0);
        coordinatorPort = open(network.host("hub"), execution);
        memberPort = open(network.host("spoke"), execution);
        coordinator = new CoordinatorSession(
                new SessionSettings(
                        MULTICAST,
                        PathSizes.given(1472),
                        heartbeatInterval.toNanos(),
                        TIMEOUT.toNanos(),
                        0,
                        10,
                        64,
                        0,
                        "coordinator",
                        GroupDelivery.MULTICAST,
                        true),
                new Random(1));
        member = new MemberSession(
                new MemberSettings(coordinatorPort.localAddress(), TIMEOUT.toNanos(), 128, 0, "member"), new Random(2));
        coordinatorDriver = new SessionDriver(
                "camure-driving-test-hub", coordinator, coordinatorPort, idle, execution, new CoordinatorSide());
        memberDriver = new SessionDriver(MEMBER_KEEPER, member, memberPort, idle, execution, new MemberSide());
    }

    private static FaultyPort open(CamureTestHost host, Execution execution) {
        try {
            NetworkInterface any = host.networkInterface(null, host.address());
            PortOptions options = new PortOptions(any, 1, 0, 1 << 20);
            FaultyPort port = new FaultyPort(host.open(new InetSocketAddress(host.address(), 0), options));
            if (execution instanceof SeededProcess seeded) {
                port.beforePolling(() -> seeded.parkNanos(port, POLL_NANOS));
            }
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class CoordinatorSide implements SessionObserver {

        @Override
        public void onEvent(SessionEvent event) {
            coordinatorEvents.add(event);
        }

        @Override
        public void onFailure(Throwable cause) {}
    }

    private final class MemberSide implements SessionObserver {

        @Override
        public void onEvent(SessionEvent event) {
            if (event instanceof SessionEvent.SessionJoined session) {
                try {
                    memberPort.joinMulticast(session.multicastAddress());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void onFailure(Throwable cause) {
            memberFailures.add(cause);
        }
    }

    void start() throws InterruptedException {
        coordinatorDriver.start();
        memberDriver.start();
        barrier = coordinatorDriver.execute(
                nowNanos -> coordinator.create(BarrierKind.BARRIER, 0, new Admission(true, 0), LossPolicy.CONTINUE));
        memberDriver.execute(nowNanos -> {
            member.join(nowNanos);
            return null;
        });
        awaitMet(memberDriver, member::isJoined);
        joined = memberDriver.execute(nowNanos -> member.join(BarrierKind.BARRIER, 0, nowNanos));
        awaitMet(memberDriver, () -> joined.state() == JoinedGroup.State.JOINED);
        awaitMet(coordinatorDriver, () -> barrier.memberCount() == 1);
    }

    static void awaitMet(SessionDriver driver, BooleanSupplier condition) throws InterruptedException {
        assertThat(driver.await(condition, driver.nowNanos() + LONG.toNanos())).isEqualTo(SessionDriver.Outcome.MET);
    }

    /** @return the round */
    long arriveAtMember() {
        return memberDriver.execute(joined.work()::arrive);
    }

    /** @return the round */
    long arriveAtCoordinator() {
        return coordinatorDriver.execute(barrier.work()::arrive);
    }

    void assertRoundPasses() throws InterruptedException {
        long round = arriveAtMember();
        assertThat(arriveAtCoordinator()).isEqualTo(round);
        awaitMet(coordinatorDriver, () -> barrier.work().outcome().round() == round);
        awaitMet(memberDriver, () -> joined.work().outcome().round() == round);
    }

    List<Thread> memberKeepers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(MEMBER_KEEPER))
                .toList();
    }

    Thread memberKeeper() {
        return memberKeepers().get(0);
    }

    /** A call that waits at the member, in a thread of its own. */
    interface WaitingCall {

        SessionDriver.Outcome make(SessionDriver driver, BooleanSupplier condition) throws InterruptedException;
    }

    /** A thread that waits. */
    static final class Caller {

        final CompletableFuture<SessionDriver.Outcome> outcome = new CompletableFuture<>();
        final Thread thread;
        private final AtomicInteger looks = new AtomicInteger();

        private Caller(SessionDriver driver, BooleanSupplier condition, WaitingCall call) {
            thread = new Thread(() -> {
                try {
                    outcome.complete(call.make(driver, () -> {
                        looks.incrementAndGet();
                        return condition.getAsBoolean();
                    }));
                } catch (Throwable e) {
                    outcome.completeExceptionally(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        void assertOutcome(SessionDriver.Outcome expected) {
            assertThat(outcome).succeedsWithin(LONG).isEqualTo(expected);
        }

        void assertInterrupted() {
            assertThat(outcome)
                    .failsWithin(LONG)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(InterruptedException.class);
        }
    }

    /** Has a thread wait at the member; it has looked at its condition when this returns. */
    Caller calling(BooleanSupplier condition, WaitingCall call) {
        Caller caller = new Caller(memberDriver, condition, call);
        Awaitility.await().atMost(LONG).until(() -> caller.looks.get() > 0);
        return caller;
    }

    Caller waiting(BooleanSupplier condition) {
        return calling(condition, (driver, counted) -> driver.await(counted, Long.MAX_VALUE));
    }

    /** A thread that waits at the member and makes its turns. */
    Caller driving(BooleanSupplier condition) {
        Caller caller = waiting(condition);
        awaitDriver(caller.thread);
        return caller;
    }

    void awaitDriver(Thread thread) {
        Awaitility.await().atMost(LONG).until(() -> memberPort.lastReceiver() == thread);
    }

    /** Changes what callers may wait for. */
    void set(AtomicBoolean flag) {
        memberDriver.execute(nowNanos -> {
            flag.set(true);
            return null;
        });
    }

    @Override
    public void close() {
        memberDriver.close();
        coordinatorDriver.close();
        network.close();
    }
}
