package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.ChildProcess;
import io.camure.test.support.Chunk;
import io.camure.test.support.FaultyNetwork;
import io.camure.test.support.Loopback;
import io.camure.test.support.RecordingListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How sessions end: by being closed, and by a coordinator that is gone without a word. */
class SessionEndTest {

    private static final Duration PROMPT = Duration.ofSeconds(20);

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private static void assertReason(Throwable failure, DisconnectedException.Reason reason) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        DisconnectedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static void assertPrompt(Runnable action) {
        long startNanos = System.nanoTime();
        action.run();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(PROMPT);
    }

    @Test
    void aCoordinatorThatIsGoneWithoutAWordEndsEveryWaitAtItsMembers() throws Exception {
        ChildProcess child = loopback.closeLater(ChildProcess.coordinator());
        Member member = loopback.closeLater(Member.join(
                child.coordinatorAddress(),
                MemberConfig.builder()
                        .coordinatorTimeout(Duration.ofSeconds(3))
                        .joinTimeout(LONG)
                        .messageTimeout(LONG)
                        .build()));
        Barrier barrier = member.joinBarrier(0);
        BroadcastReceiver receiver = member.joinBroadcast(1);
        InputStream message = receiver.receive(LONG).orElseThrow().inputStream();
        Background<Round> awaiting = Loopback.awaitInBackground(barrier);
        Background<byte[]> reading = Background.run(message::readAllBytes);
        reading.awaitBlocked();
        Background<Barrier> joining = Background.run(() -> member.joinBarrier(7));
        joining.awaitBlocked();

        child.kill();

        assertReason(awaiting.failure(), DisconnectedException.Reason.COORDINATOR_LOST);
        assertReason(joining.failure(), DisconnectedException.Reason.COORDINATOR_LOST);
        assertThat(reading.failure()).isInstanceOf(MessageAbandonedException.class);
        assertReason(reading.failure().getCause(), DisconnectedException.Reason.COORDINATOR_LOST);
        assertThat(member.isOpen()).isFalse();
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> receiver.receive(LONG))
                .withMessageContaining(
                        "(127.0.0.1:" + child.coordinatorAddress().getPort() + ")");
        assertPrompt(member::close);
    }

    @Test
    void aSessionThatIsBeingClosedTakesNoNewGroup() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        loopback.silentMember(coordinator, barrier.id(), Chunk.BARRIER);
        await().atMost(LONG).until(() -> barrier.members().size() == 1);
        Background<?> closing = Background.run(() -> {
            coordinator.close();
            return null;
        });
        closing.awaitBlocked();

        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(() -> coordinator.createBroadcast(GroupConfig.defaults()))
                .satisfies(e -> assertReason(e, DisconnectedException.Reason.CLOSED));
    }

    @Test
    void aGroupThatWasNeverJoinedIsNotLost() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup broadcast = coordinator.createBroadcast(GroupConfig.defaults());
        CoordinatorBarrier barrier = coordinator.createBarrier(GroupConfig.defaults());
        Member member = loopback.member(coordinator);
        List<Integer> lost = new CopyOnWriteArrayList<>();
        member.addListener(new MemberListener() {
            @Override
            public void groupLost(int group, CamureException why) {
                lost.add(group);
            }
        });
        member.joinBarrier(barrier.id());

        assertThatExceptionOfType(GroupTypeMismatchException.class)
                .isThrownBy(() -> member.joinBarrier(broadcast.id()));
        barrier.close();

        await().atMost(LONG).until(() -> !lost.isEmpty());
        assertThat(lost).containsExactly(barrier.id());
    }

    @Test
    void leavingIsPromptWhileTheCoordinatorIsGoneButNotMissedYet() throws Exception {
        ChildProcess child = loopback.closeLater(ChildProcess.coordinator());
        Member member = loopback.closeLater(Member.join(
                child.coordinatorAddress(),
                MemberConfig.builder().coordinatorTimeout(LONG).build()));
        Barrier barrier = member.joinBarrier(0);
        Background<Round> awaiting = Loopback.awaitInBackground(barrier);
        child.kill();

        assertPrompt(barrier::close);
        assertPrompt(member::close);
        assertReason(awaiting.failure(), DisconnectedException.Reason.CLOSED);
    }

    @Test
    void aSessionThatFailsFromWithinEndsEveryWaitWithTheCause() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        FaultyNetwork network = new FaultyNetwork();
        Member member = loopback.member(
                coordinator, MemberConfig.builder().name("broken").network(network));
        Background<Round> awaiting = Loopback.awaitInBackground(member.joinBarrier(barrier.id()));
        IllegalStateException cause = new IllegalStateException("a bug, on purpose");
        network.port().failReceives(() -> {
            throw cause;
        });

        Throwable failure = awaiting.failure();
        assertReason(failure, DisconnectedException.Reason.FAILED);
        assertThat(failure).hasCause(cause).hasMessageContaining("broken").hasMessageContaining("on purpose");
        assertThat(member.isOpen()).isFalse();
        assertPrompt(member::close);
        await().atMost(LONG).untilAsserted(() -> new DatagramSocket(member.address()).close());
    }

    @Test
    void aCoordinatorThatIsStartedAnewIsNotTakenForTheOldOne() throws Exception {
        Coordinator before = loopback.coordinator();
        InetSocketAddress address = before.address();
        CoordinatorBarrier barrier = before.createBarrier(GROUP);
        Member member = loopback.member(before);
        Barrier joined = member.joinBarrier(barrier.id());
        Background<Round> waiting = Loopback.awaitInBackground(joined);
        before.close();
        Coordinator after = loopback.closeLater(Coordinator.start(address, Loopback.multicast()));
        after.createBarrier(GROUP);

        assertThat(waiting.failure()).isInstanceOf(DisconnectedException.class);
        Member again = loopback.member(after);
        assertThat(again.joinBarrier(0).isOpen()).isTrue();
    }

    @Test
    void closingTheCoordinatorFailsAllWhoWaitAtOnce() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        BroadcastGroup broadcast = coordinator.createBroadcast(GROUP);
        Member member = loopback.member(coordinator);
        Background<Round> awaiting = Loopback.awaitInBackground(member.joinBarrier(barrier.id()));
        BroadcastReceiver receiver = member.joinBroadcast(broadcast.id());
        Background<?> receiving = Background.run(() -> receiver.receive(LONG));
        receiving.awaitBlocked();
        Background<Round> atCoordinator = Background.run(() -> barrier.await(LONG));
        assertThat(awaiting.result().number()).isEqualTo(atCoordinator.result().number());
        Background<Round> coordinatorAwaiting = Loopback.awaitInBackground(barrier);

        assertPrompt(coordinator::close);

        assertReason(coordinatorAwaiting.failure(), DisconnectedException.Reason.CLOSED);
        assertReason(receiving.failure(), DisconnectedException.Reason.GROUP_CLOSED);
        assertThat(coordinator.isOpen()).isFalse();
        assertThat(coordinator.groups()).isEmpty();
    }

    @Test
    void closingAMemberFailsAllWhoWaitAtIt() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        BroadcastGroup broadcast = coordinator.createBroadcast(GROUP);
        Member member = loopback.member(coordinator);
        Barrier joined = member.joinBarrier(barrier.id());
        Background<Round> awaiting = Loopback.awaitInBackground(joined);
        BroadcastReceiver receiver = member.joinBroadcast(broadcast.id());
        Background<?> receiving = Background.run(() -> receiver.receive(LONG));
        receiving.awaitBlocked();
        Background<Barrier> joining = Background.run(() -> member.joinBarrier(7));
        joining.awaitBlocked();

        assertPrompt(member::close);

        assertReason(awaiting.failure(), DisconnectedException.Reason.CLOSED);
        assertReason(receiving.failure(), DisconnectedException.Reason.CLOSED);
        assertReason(joining.failure(), DisconnectedException.Reason.CLOSED);
        assertThatExceptionOfType(DisconnectedException.class).isThrownBy(() -> member.joinBarrier(8));
        await().atMost(LONG).until(() -> barrier.members().isEmpty());
    }

    @Test
    void closingTwiceAndFromSeveralThreadsIsHarmless() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        Member member = loopback.member(coordinator);
        Barrier joined = member.joinBarrier(barrier.id());
        for (AutoCloseable closeable : List.of(joined, member, barrier, coordinator)) {
            List<Background<Void>> closing = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                closing.add(Background.run(() -> {
                    closeable.close();
                    return null;
                }));
            }
            for (Background<Void> each : closing) {
                each.result();
            }
            assertThatCode(closeable::close).doesNotThrowAnyException();
        }
    }

    @Test
    void aSessionCanBeClosedByItsOwnListenersAndHandlers() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        BroadcastGroup broadcast = coordinator.createBroadcast(GROUP);
        broadcast.addListener(new GroupListener() {
            @Override
            public void memberLeft(Node member) {
                coordinator.close();
            }
        });
        Member member = loopback.member(coordinator);
        member.joinBroadcast(broadcast.id()).onMessage(message -> member.close());
        broadcast.send(new byte[1]);

        await().atMost(LONG).until(() -> !member.isOpen());
        await().atMost(LONG).until(() -> !coordinator.isOpen());
    }

    @Test
    void closedSessionsLeaveNoThread() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().name("ending-hub"));
        runEverything(coordinator, "ending-spoke");
        coordinator.close();

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("camure-ending-")));
    }

    private void runEverything(Coordinator coordinator, String memberName) throws Exception {
        CoordinatorBarrier barrier = coordinator.createBarrier(GROUP);
        BroadcastGroup broadcast = coordinator.createBroadcast(GROUP);
        barrier.addListener(new RecordingListener());
        Member member = loopback.member(coordinator, MemberConfig.builder().name(memberName));
        Barrier joined = member.joinBarrier(barrier.id());
        BroadcastReceiver receiver = member.joinBroadcast(broadcast.id());
        receiver.onMessage(message -> {});
        joined.awaitAsync();
        barrier.await(LONG);
        broadcast.send(new byte[10]);
        broadcast.flush(LONG);
        member.close();
    }

    @Test
    void closedSessionsLeaveNoSocket() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        Assumptions.assumeTrue(Files.isDirectory(descriptors), "open files can be counted on Linux only");
        runEverything(loopback.coordinator(), "member");
        long before = openSockets(descriptors);
        for (int i = 0; i < 20; i++) {
            Coordinator coordinator = loopback.coordinator();
            runEverything(coordinator, "member");
            coordinator.close();
        }

        assertThat(openSockets(descriptors)).isLessThan(before + 10);
    }

    private static long openSockets(Path descriptors) throws IOException {
        try (Stream<Path> links = Files.list(descriptors)) {
            return links.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().startsWith("socket:");
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    @Test
    void thePortsOfAClosedSessionAreFree() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        runEverything(coordinator, "member");
        Member member = loopback.member(coordinator);
        List<InetSocketAddress> addresses = List.of(coordinator.address(), member.address());
        member.close();
        coordinator.close();

        for (InetSocketAddress address : addresses) {
            assertThatCode(() -> new DatagramSocket(address).close()).doesNotThrowAnyException();
        }
        Coordinator again = loopback.closeLater(Coordinator.start(addresses.get(0), Loopback.multicast()));
        assertThat(loopback.member(again).isOpen()).isTrue();
    }
}
