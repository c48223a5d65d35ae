package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.ChildProcess;
import io.camure.test.support.Loopback;
import io.camure.test.support.RecordingListener;
import io.camure.transport.DatagramPort;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members that have lost their coordinator or a group, and join again by themselves. */
class RejoinTest {

    private static final String NAME = "loyal";

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final Told told = new Told();

    /** Where the coordinator is now. */
    private volatile CoordinatorLocator whereabouts;

    /** What a member was told, in order. */
    private static final class Told implements MemberListener {

        final List<String> events = new CopyOnWriteArrayList<>();
        final List<Duration> outages = new CopyOnWriteArrayList<>();

        @Override
        public void coordinatorLost(CamureException why) {
            events.add("coordinator lost");
        }

        @Override
        public void coordinatorRegained(Duration outage) {
            events.add("coordinator regained");
            outages.add(outage);
        }

        @Override
        public void groupLost(int group, CamureException why) {
            events.add(group + " lost");
        }

        @Override
        public void groupRegained(int group, Duration outage) {
            events.add(group + " regained");
            outages.add(outage);
        }

        void awaitEvent(String event) {
            await().atMost(LONG).untilAsserted(() -> assertThat(events).contains(event));
        }
    }

    private static MemberConfig.Builder config() {
        return MemberConfig.builder()
                .name(NAME)
                .rejoin(Rejoin.backOff(Duration.ofMillis(20), Duration.ofMillis(100)))
                .joinTimeout(LONG)
                .messageTimeout(LONG)
                .coordinatorTimeout(Duration.ofSeconds(4));
    }

    private Member member(Coordinator coordinator) throws InterruptedException {
        return member(coordinator, config());
    }

    private Member member(Coordinator coordinator, MemberConfig.Builder config) throws InterruptedException {
        comesTo(coordinator.address());
        Member member = loopback.closeLater(Member.join(() -> whereabouts.candidates(), config.build()));
        member.addListener(told);
        return member;
    }

    private void comesTo(InetSocketAddress... addresses) {
        whereabouts = CoordinatorLocator.fixed(addresses);
    }

    /** One that is asked so often for signs of life that a member soon finds that another one answers. */
    private static CoordinatorConfig lively() {
        return CoordinatorConfig.builder()
                .heartbeatInterval(Duration.ofMillis(50))
                .memberTimeout(Duration.ofMinutes(10))
                .build();
    }

    private Coordinator coordinator() {
        return coordinatorAt(Loopback.anyPort());
    }

    private Coordinator coordinatorAt(InetSocketAddress address) {
        return loopback.closeLater(Coordinator.start(address, Loopback.multicast(), lively()));
    }

    private Coordinator restarted(Coordinator before) {
        before.close();
        return coordinatorAt(before.address());
    }

    private static void assertRound(CoordinatorBarrier barrier, Barrier member) throws Exception {
        barrier.awaitMembers(1, LONG);
        await().atMost(LONG).until(member::isOpen);
        Loopback.round(barrier, List.of(member));
    }

    private static void assertReceived(BroadcastGroup broadcast, BroadcastReceiver receiver, String text)
            throws Exception {
        broadcast.awaitMembers(1, LONG);
        await().atMost(LONG).until(receiver::isOpen);
        broadcast.send(text.getBytes());
        assertThat(next(receiver)).isEqualTo(text);
    }

    private static String next(BroadcastReceiver receiver) throws Exception {
        return new String(receiver.receive(LONG).orElseThrow().bytes());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("camure-" + NAME))
                .toList();
    }

    private static void assertNothingIsToBeDone() {
        await().atMost(LONG).untilAsserted(() -> assertThat(threads()).doesNotContain("camure-" + NAME + "-rejoin"));
    }

    private static void assertLost(Throwable failure, DisconnectedException.Reason reason) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        DisconnectedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void barriersAndBroadcastsGoOnWithACoordinatorThatIsStartedAnew() throws Exception {
        Coordinator before = coordinator();
        CoordinatorBarrier firstBarrier = before.createBarrier(GROUP.id(0));
        BroadcastGroup firstBroadcast = before.createBroadcast(GROUP.id(1));
        Member member = member(before);
        Barrier barrier = member.joinBarrier(0);
        BroadcastReceiver receiver = member.joinBroadcast(1);
        assertRound(firstBarrier, barrier);
        assertReceived(firstBroadcast, receiver, "first");
        long incarnation = member.incarnation();
        SessionStatistics statistics = member.statistics();

        Coordinator after = restarted(before);
        CoordinatorBarrier nextBarrier = after.createBarrier(GROUP.id(0));
        BroadcastGroup nextBroadcast = after.createBroadcast(GROUP.id(1));

        assertRound(nextBarrier, barrier);
        assertReceived(nextBroadcast, receiver, "second");
        assertThat(receiver.messagesReceived()).isEqualTo(2);
        assertThat(receiver.bytesReceived()).isEqualTo("first".length() + "second".length());
        assertThat(member.isOpen()).isTrue();
        assertThat(member.incarnation()).isNotEqualTo(incarnation);
        assertThat(member.coordinatorIncarnation()).hasValue(after.incarnation());
        assertThat(member.statistics().datagramsSent()).isGreaterThan(statistics.datagramsSent());
        assertThat(member.statistics().datagramsReceived()).isGreaterThan(statistics.datagramsReceived());
        assertNothingIsToBeDone();
        assertThat(told.events)
                .containsSubsequence("coordinator lost", "coordinator regained", "0 regained")
                .containsSubsequence("0 lost", "coordinator regained", "0 regained")
                .containsSubsequence("1 lost", "coordinator regained", "1 regained");
        assertThat(told.outages).noneMatch(Duration::isZero);
    }

    /**
     * With the locator behind, so that a try at the old address comes before the one at the new. Far from the bound, since this
     * machine may be slow; as far from what tries of the join timeout would take.
     */
    @Test
    void aCoordinatorThatCrashesAndComesBackElsewhereIsFoundSoon() throws Exception {
        ChildProcess child = loopback.closeLater(ChildProcess.coordinator());
        comesTo(child.coordinatorAddress());
        Member member = loopback.closeLater(Member.join(() -> whereabouts.candidates(), config().build()));
        member.addListener(told);
        Barrier barrier = member.joinBarrier(0);
        BroadcastReceiver receiver = member.joinBroadcast(1);
        InputStream message = receiver.receive(LONG).orElseThrow().inputStream();
        Background<Round> awaiting = Loopback.awaitInBackground(barrier);
        Background<byte[]> reading = Background.run(message::readAllBytes);
        reading.awaitBlocked();
        Coordinator elsewhere = coordinator();
        CoordinatorBarrier nextBarrier = elsewhere.createBarrier(GROUP.id(0));
        BroadcastGroup nextBroadcast = elsewhere.createBroadcast(GROUP.id(1));
        AtomicInteger asked = new AtomicInteger();
        whereabouts = () -> List.of(asked.incrementAndGet() == 1 ? child.coordinatorAddress() : elsewhere.address());
        long crashNanos = System.nanoTime();
        child.kill();

        assertLost(awaiting.failure(), DisconnectedException.Reason.COORDINATOR_LOST);
        assertThat(reading.failure()).isInstanceOf(MessageAbandonedException.class);
        assertLost(reading.failure().getCause(), DisconnectedException.Reason.COORDINATOR_LOST);
        told.awaitEvent("coordinator regained");
        assertThat(Duration.ofNanos(System.nanoTime() - crashNanos)).isLessThan(Duration.ofSeconds(12));
        assertThat(member.coordinatorAddress()).isEqualTo(elsewhere.address());
        assertRound(nextBarrier, barrier);
        assertReceived(nextBroadcast, receiver, "from elsewhere");
        assertThat(told.events).startsWith("coordinator lost", "0 lost", "1 lost", "coordinator regained");
    }

    @Test
    void inBetweenNothingIsOpenAndEachCallFailsAtOnceWithTheLossAsItsCause() throws Exception {
        Coordinator before = coordinator();
        before.createBarrier(GROUP.id(0));
        before.createBroadcast(GROUP.id(1));
        Member member = member(before);
        Barrier barrier = member.joinBarrier(0);
        BroadcastReceiver receiver = member.joinBroadcast(1);
        whereabouts = () -> {
            throw new UnknownHostException("gone");
        };
        restarted(before);
        told.awaitEvent("coordinator lost");

        assertThat(member.isOpen()).isFalse();
        assertThat(barrier.isOpen()).isFalse();
        assertThat(receiver.isOpen()).isFalse();
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> barrier.await(LONG))
                .withMessageContaining(NAME)
                .withCauseInstanceOf(DisconnectedException.class);
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> receiver.receive(LONG))
                .withCauseInstanceOf(DisconnectedException.class);
        assertThat(barrier.awaitAsync()).isCompletedExceptionally();
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> member.joinBarrier(5))
                .satisfies(e -> assertLost(e, DisconnectedException.Reason.COORDINATOR_LOST))
                .withCauseInstanceOf(DisconnectedException.class);
    }

    @Test
    void aNameThatIsNotKnownForAWhileKeepsNobodyFromJoiningLater() throws Exception {
        Coordinator before = coordinator();
        Member member = member(before);
        AtomicInteger asked = new AtomicInteger();
        InetSocketAddress address = before.address();
        whereabouts = () -> {
            if (asked.incrementAndGet() < 4) {
                throw new UnknownHostException("gone for a while");
            }
            return List.of(address);
        };

        restarted(before);

        told.awaitEvent("coordinator regained");
        assertThat(asked).hasValue(4);
        assertThat(member.isOpen()).isTrue();
    }

    @Test
    void aGroupThatIsCreatedLaterIsJoinedThenAndKeepsNoOtherWaiting() throws Exception {
        Coordinator before = coordinator();
        before.createBarrier(GROUP.id(0));
        before.createBroadcast(GROUP.id(1));
        Member member = member(before);
        Barrier barrier = member.joinBarrier(0);
        BroadcastReceiver receiver = member.joinBroadcast(1);

        Coordinator after = restarted(before);
        told.awaitEvent("coordinator regained");
        assertReceived(after.createBroadcast(GROUP.id(1)), receiver, "one of two");
        assertThat(barrier.isOpen()).isFalse();

        assertRound(after.createBarrier(GROUP.id(0)), barrier);
        assertThat(told.events).endsWith("1 regained", "0 regained");
    }

    @Test
    void aGroupThatIsClosedAndCreatedAnewIsJoinedAgainInTheSameSession() throws Exception {
        Coordinator coordinator = coordinator();
        CoordinatorBarrier first = coordinator.createBarrier(GROUP.id(0));
        CoordinatorBarrier steady = coordinator.createBarrier(GROUP.id(2));
        Member member = member(coordinator);
        InetSocketAddress address = member.address();
        Barrier barrier = member.joinBarrier(0);
        Barrier other = member.joinBarrier(2);
        assertRound(first, barrier);

        first.close();
        told.awaitEvent("0 lost");
        assertThatExceptionOfType(GroupInUseException.class).isThrownBy(() -> member.joinBarrier(0));
        assertRound(coordinator.createBarrier(GROUP.id(0)), barrier);

        assertRound(steady, other);
        assertThat(member.address()).isEqualTo(address);
        assertNothingIsToBeDone();
        assertThat(told.events).containsExactly("0 lost", "0 regained");
    }

    /** Ports whose datagrams get nowhere for a while. */
    private static final class Muted implements PortProvider {

        private volatile boolean mute;

        @Override
        public String name() {
            return "muted";
        }

        @Override
        public String refusal() {
            return null;
        }

        @Override
        public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
            DatagramPort port = NioDatagramPort.open(bindAddress, options);
            return (DatagramPort) Proxy.newProxyInstance(
                    DatagramPort.class.getClassLoader(),
                    new Class<?>[] {DatagramPort.class},
                    (proxy, method, arguments) -> {
                        if (mute && method.getName().equals("send")) {
                            return null;
                        }
                        try {
                            return method.invoke(port, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    @Test
    void aMemberThatWasEvictedComesBack() throws Exception {
        Coordinator coordinator = loopback.coordinator(Loopback.shortTimeouts());
        CoordinatorBarrier group = coordinator.createBarrier(GROUP);
        RecordingListener atCoordinator = new RecordingListener();
        group.addListener(atCoordinator);
        Muted network = new Muted();
        Member member = member(coordinator, config().network(network).coordinatorTimeout(LONG));
        Barrier barrier = member.joinBarrier(group.id());
        atCoordinator.awaitEvents("joined " + member.address());
        network.mute = true;
        atCoordinator.awaitLast("lost " + member.address());
        network.mute = false;

        assertRound(group, barrier);
        assertThat(told.events).containsExactly(group.id() + " lost", group.id() + " regained");
    }

    @Test
    void aGroupThatWasLeftOnPurposeStaysLeft() throws Exception {
        Coordinator before = coordinator();
        before.createBarrier(GROUP.id(0));
        before.createBarrier(GROUP.id(2));
        Member member = member(before);
        Barrier kept = member.joinBarrier(0);
        Barrier left = member.joinBarrier(2);
        left.close();
        // Its id is free again.
        member.joinBarrier(2).close();

        Coordinator after = restarted(before);
        CoordinatorBarrier nobody = after.createBarrier(GROUP.id(2));
        assertRound(after.createBarrier(GROUP.id(0)), kept);
        assertNothingIsToBeDone();

        assertThat(nobody.members()).isEmpty();
        assertThat(left.isOpen()).isFalse();
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(left::await)
                .satisfies(e -> assertLost(e, DisconnectedException.Reason.CLOSED));
        assertThat(told.events).doesNotContain("2 lost", "2 regained");
    }

    @Test
    void aGroupCanBeLeftWhileItIsLost() throws Exception {
        Coordinator coordinator = coordinator();
        CoordinatorBarrier first = coordinator.createBarrier(GROUP.id(0));
        Member member = member(coordinator);
        Barrier barrier = member.joinBarrier(0);
        first.close();
        told.awaitEvent("0 lost");

        barrier.close();

        assertNothingIsToBeDone();
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(barrier::await)
                .satisfies(e -> assertLost(e, DisconnectedException.Reason.CLOSED));
        assertRound(coordinator.createBarrier(GROUP.id(0)), member.joinBarrier(0));
    }

    @Test
    void whatHadArrivedBeforeTheLossIsReceivedFirst() throws Exception {
        Coordinator before = coordinator();
        BroadcastGroup first = before.createBroadcast(GROUP.id(1));
        Member member = member(before);
        BroadcastReceiver receiver = member.joinBroadcast(1);
        first.awaitMembers(1, LONG);
        first.send("one".getBytes());
        first.flush(LONG);
        first.send("two".getBytes());
        first.flush(LONG);

        Coordinator after = restarted(before);
        BroadcastGroup next = after.createBroadcast(GROUP.id(1));
        next.awaitMembers(1, LONG);
        await().atMost(LONG).until(receiver::isOpen);
        next.send("three".getBytes());

        assertThat(List.of(next(receiver), next(receiver), next(receiver))).containsExactly("one", "two", "three");
        assertThat(receiver.messagesReceived()).isEqualTo(3);
    }

    @Test
    void aHandlerGoesOnWithTheMessagesOfTheNextSession() throws Exception {
        Coordinator before = coordinator();
        BroadcastGroup first = before.createBroadcast(GROUP.id(1));
        Member member = member(before);
        List<String> handled = new CopyOnWriteArrayList<>();
        member.joinBroadcast(1).onMessage(message -> handled.add(new String(message.bytes())));
        first.awaitMembers(1, LONG);
        first.send("one".getBytes());
        await().atMost(LONG).until(() -> handled.size() == 1);

        BroadcastGroup next = restarted(before).createBroadcast(GROUP.id(1));
        next.awaitMembers(1, LONG);
        next.send("two".getBytes());

        await().atMost(LONG).untilAsserted(() -> assertThat(handled).containsExactly("one", "two"));
        member.close();
        await().atMost(LONG).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void aCoordinatorThatIsStartedAnewDoesNotWaitForTheMemberAsItWasBefore() throws Exception {
        Coordinator before = coordinator();
        CoordinatorBarrier first = before.createBarrier(GROUP.id(0));
        Member member = member(before);
        Barrier barrier = member.joinBarrier(0);
        assertRound(first, barrier);

        Coordinator after = restarted(before);
        told.awaitEvent("coordinator regained");

        await().atMost(LONG).until(() -> after.memberCount() == 1);
    }

    @Test
    void aMemberThatIsNotToldToDoesNotJoinAgain() throws Exception {
        Coordinator before = coordinator();
        Member member = member(before, config().rejoin(Rejoin.never()));
        Barrier barrier = member.joinBarrier(before.createBarrier(GROUP).id());
        AtomicInteger asked = new AtomicInteger();
        whereabouts = () -> {
            asked.incrementAndGet();
            return List.of(before.address());
        };

        restarted(before).createBarrier(GROUP);

        told.awaitEvent("coordinator lost");
        Background<Round> late = Background.run(barrier::await);
        assertThat(late.failure()).isInstanceOf(DisconnectedException.class);
        assertThat(member.isOpen()).isFalse();
        assertThat(asked).hasValue(0);
    }

    @Test
    void aMemberThatIsClosedAfterALossGoesOnSayingWhatWasLost() throws Exception {
        Coordinator before = coordinator();
        Member member = member(before, config().rejoin(Rejoin.never()));
        Barrier barrier = member.joinBarrier(before.createBarrier(GROUP).id());
        restarted(before);
        told.awaitEvent("coordinator lost");
        DisconnectedException why = catchThrowableOfType(DisconnectedException.class, barrier::await);

        member.close();

        assertThatExceptionOfType(DisconnectedException.class)
                .as("as to whoever still waited when it was closed")
                .isThrownBy(barrier::await)
                .satisfies(e -> assertLost(e, why.reason()));
        assertThat(why.reason()).isNotEqualTo(DisconnectedException.Reason.CLOSED);
    }

    @Test
    void aMemberThatHasJoinedByAnAddressJoinsThereAgain() throws Exception {
        Coordinator before = coordinator();
        before.createBarrier(GROUP.id(0));
        Member member = loopback.member(before, config());
        Barrier barrier = member.joinBarrier(0);

        assertRound(restarted(before).createBarrier(GROUP.id(0)), barrier);
    }
}
