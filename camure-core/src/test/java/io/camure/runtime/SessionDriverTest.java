package io.camure.runtime;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.protocol.Admission;
import io.camure.protocol.CoordinatorGroup;
import io.camure.protocol.CoordinatorSession;
import io.camure.protocol.MemberGroup;
import io.camure.protocol.MemberSession;
import io.camure.protocol.MemberSettings;
import io.camure.protocol.SessionEvent;
import io.camure.protocol.SessionSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The driver on a network that fails. */
class SessionDriverTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7411);

    private final MemoryPort.Network network = new MemoryPort.Network();
    private final MemoryPort coordinatorPort = network.open(7400);
    private final MemoryPort memberPort = network.open(7500);
    private final CoordinatorSession coordinator = new CoordinatorSession(
            new SessionSettings(MULTICAST, 1472, MILLISECONDS.toNanos(100), LONG.toNanos(), 10, 64, 0), new Random(1));
    private final MemberSession member = new MemberSession(
            new MemberSettings(coordinatorPort.localAddress(), LONG.toNanos(), 128, 0), new Random(2));
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    private final SessionDriver coordinatorDriver = new SessionDriver(
            "camure-driver-test-hub", coordinator, coordinatorPort, SessionDriver.Idle.ADAPTIVE, events::add);
    private final SessionDriver memberDriver = new SessionDriver(
            "camure-driver-test-spoke", member, memberPort, SessionDriver.Idle.ADAPTIVE, this::onMemberEvent);
    private CoordinatorGroup barrier;
    private MemberGroup joined;

    private void onMemberEvent(SessionEvent event) {
        if (event instanceof SessionEvent.SessionJoined session) {
            memberPort.joinMulticast(session.multicastAddress());
        }
    }

    @BeforeEach
    void start() throws Exception {
        coordinatorDriver.start();
        memberDriver.start();
        barrier = coordinatorDriver.execute(nowNanos -> coordinator.createBarrier(0, new Admission(true, 0)));
        memberDriver.execute(nowNanos -> {
            member.join(nowNanos);
            return null;
        });
        awaitMet(memberDriver, member::isJoined);
        joined = memberDriver.execute(nowNanos -> member.joinBarrier(0, nowNanos));
        awaitMet(memberDriver, () -> joined.state() == MemberGroup.State.JOINED);
        awaitMet(coordinatorDriver, () -> barrier.memberCount() == 1);
    }

    @AfterEach
    void close() {
        memberDriver.close();
        coordinatorDriver.close();
    }

    private static void awaitMet(SessionDriver driver, BooleanSupplier condition) throws InterruptedException {
        assertThat(driver.await(condition, driver.nowNanos() + LONG.toNanos())).isEqualTo(SessionDriver.Outcome.MET);
    }

    private long arrive(SessionDriver driver) {
        return driver == memberDriver
                ? memberDriver.execute(joined.arrival()::arrive)
                : coordinatorDriver.execute(barrier.round()::arrive);
    }

    private void assertRoundPasses() throws InterruptedException {
        long round = arrive(memberDriver);
        assertThat(arrive(coordinatorDriver)).isEqualTo(round);
        awaitMet(coordinatorDriver, () -> barrier.round().outcome().round() == round);
        awaitMet(memberDriver, () -> joined.arrival().outcome().round() == round);
    }

    @Test
    void aMemberWhoseSendsFailForAWhileRepeatsThemAndGoesOn() throws Exception {
        assertRoundPasses();
        memberPort.failSends(true);
        arrive(memberDriver);
        long round = arrive(coordinatorDriver);
        // The arrival, its repetitions and heartbeats: all of them fail.
        await().atMost(LONG).until(() -> memberDriver.sendFailures() >= 3);
        assertThat(coordinatorDriver.<Long>read(
                        nowNanos -> barrier.round().outcome().round()))
                .isLessThan(round);

        memberPort.failSends(false);

        awaitMet(memberDriver, () -> joined.arrival().outcome().round() == round);
        assertRoundPasses();
        assertThat(memberDriver.failure()).isNull();
    }

    @Test
    void aCoordinatorWhoseSendsFailForAWhileRepeatsThemAndGoesOn() throws Exception {
        assertRoundPasses();
        coordinatorPort.failSends(true);
        arrive(memberDriver);
        long round = arrive(coordinatorDriver);
        awaitMet(coordinatorDriver, () -> barrier.round().outcome().round() == round);
        await().atMost(LONG).until(() -> coordinatorDriver.sendFailures() >= 3);
        assertThat(memberDriver.<Long>read(
                        nowNanos -> joined.arrival().outcome().round()))
                .isLessThan(round);

        coordinatorPort.failSends(false);

        awaitMet(memberDriver, () -> joined.arrival().outcome().round() == round);
        assertRoundPasses();
        assertThat(coordinatorDriver.failure()).isNull();
    }

    @Test
    void twoCallersOfWhichOneIsServedAgainAndAgainGoOn() throws Exception {
        CompletableFuture<SessionDriver.Outcome> idle = waitForEver(memberDriver);
        for (int i = 0; i < 50; i++) {
            assertRoundPasses();
        }
        memberDriver.close();
        assertThat(idle).succeedsWithin(LONG).isEqualTo(SessionDriver.Outcome.ENDED);
    }

    private CompletableFuture<SessionDriver.Outcome> waitForEver(SessionDriver driver) throws Exception {
        CompletableFuture<SessionDriver.Outcome> waiting = new CompletableFuture<>();
        AtomicInteger looks = new AtomicInteger();
        Thread thread = new Thread(() -> {
            try {
                waiting.complete(driver.await(() -> looks.incrementAndGet() < 0, Long.MAX_VALUE));
            } catch (Throwable e) {
                waiting.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().atMost(LONG).until(() -> looks.get() > 0);
        return waiting;
    }

    static Stream<Throwable> receiveFaults() {
        return Stream.of(
                new IOException("Network is down"), new IllegalStateException("a bug"), new AssertionError("a bug"));
    }

    private static void raise(Throwable fault) throws IOException {
        if (fault instanceof IOException e) {
            throw e;
        } else if (fault instanceof RuntimeException e) {
            throw e;
        }
        throw (Error) fault;
    }

    @ParameterizedTest
    @MethodSource("receiveFaults")
    void aReceiveThatFailsEndsTheSessionAndEveryWaitWithTheCause(Throwable fault) throws Exception {
        CompletableFuture<SessionDriver.Outcome> waiting = waitForEver(memberDriver);

        memberPort.failReceives(() -> raise(fault));

        assertEnded(waiting, fault);
    }

    @ParameterizedTest
    @MethodSource("receiveFaults")
    void aWaitForDatagramsThatFailsEndsTheSessionAndEveryWaitWithTheCause(Throwable fault) throws Exception {
        CompletableFuture<SessionDriver.Outcome> waiting = waitForEver(memberDriver);

        memberPort.failWaits(() -> raise(fault));

        assertEnded(waiting, fault);
    }

    private void assertEnded(CompletableFuture<SessionDriver.Outcome> waiting, Throwable cause) throws Exception {
        assertThat(waiting.get(LONG.toSeconds(), SECONDS)).isEqualTo(SessionDriver.Outcome.ENDED);
        assertThat(memberDriver.failure()).isSameAs(cause);
        assertThat(memberDriver.isClosed()).isTrue();
        await().atMost(LONG).until(memberPort::isClosed);
        assertThat(coordinatorDriver.isClosed()).as("the other node goes on").isFalse();
    }

    @Test
    void closingEndsEveryWaitAndLeavesNoThreadAndNoPort() throws Exception {
        CompletableFuture<SessionDriver.Outcome> waiting = waitForEver(memberDriver);

        memberDriver.close();
        memberDriver.close();

        assertThat(waiting.get(LONG.toSeconds(), SECONDS)).isEqualTo(SessionDriver.Outcome.ENDED);
        assertThat(memberDriver.failure()).as("closing is no failure").isNull();
        assertThat(memberPort.isClosed()).isTrue();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("camure-driver-test-spoke");
    }

    @Test
    void aWaitEndsAtItsDeadline() throws Exception {
        long deadlineNanos = memberDriver.nowNanos() + MILLISECONDS.toNanos(20);

        assertThat(memberDriver.await(() -> false, deadlineNanos)).isEqualTo(SessionDriver.Outcome.TIMED_OUT);
        assertThat(memberDriver.nowNanos()).isGreaterThanOrEqualTo(deadlineNanos);
    }

    @Test
    void aConditionThatHoldsIsMetAfterTheDeadlineAndAfterTheEndToo() throws Exception {
        assertThat(memberDriver.await(() -> true, 0)).isEqualTo(SessionDriver.Outcome.MET);
        memberDriver.close();
        assertThat(memberDriver.await(() -> true, 0)).isEqualTo(SessionDriver.Outcome.MET);
    }

    @Test
    void aWatcherIsLookedAtWhenItWantsThoughNothingHasChanged() {
        coordinatorDriver.close();
        CompletableFuture<Long> done = new CompletableFuture<>();
        long deadlineNanos = memberDriver.nowNanos() + MILLISECONDS.toNanos(20);
        memberDriver.watch(new SessionDriver.Watcher() {
            @Override
            public boolean check(long nowNanos) {
                return nowNanos >= deadlineNanos && done.complete(nowNanos);
            }

            @Override
            public long deadlineNanos() {
                return deadlineNanos;
            }
        });

        assertThat(done)
                .succeedsWithin(LONG)
                .satisfies(nowNanos -> assertThat(nowNanos).isGreaterThanOrEqualTo(deadlineNanos));
    }

    @Test
    void eventsAreHandedOnInOrder() throws Exception {
        memberDriver.execute(nowNanos -> {
            joined.leave(nowNanos);
            return null;
        });
        awaitMet(coordinatorDriver, () -> barrier.memberCount() == 0);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(events)
                        .extracting(event -> event.getClass().getSimpleName())
                        .containsExactly("MemberJoined", "MemberLeft"));
    }
}
