package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Loopback;
import io.camure.test.support.RecordingListener;
import io.camure.transport.DatagramPort;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Groups that a member has lost, with its coordinator or without, and that it joins again by itself. */
class RejoinGroupTest extends RejoinScenario {

    @Test
    void aGroupThatIsCreatedLaterIsJoinedThenAndKeepsNoOtherWaiting() throws Exception {
        Coordinator before = coordinator();
        before.createBarrier(GROUP.toBuilder().id(0).build());
        before.createBroadcast(GROUP.toBuilder().id(1).build());
        Member member = member(before);
        Barrier barrier = member.joinBarrier(0);
        BroadcastReceiver receiver = member.joinBroadcast(1);

        Coordinator after = restarted(before);
        told.awaitEvent("coordinator regained");
        assertReceived(after.createBroadcast(GROUP.toBuilder().id(1).build()), receiver, "one of two");
        assertThat(barrier.isOpen()).isFalse();

        assertRound(after.createBarrier(GROUP.toBuilder().id(0).build()), barrier);
        assertThat(told.events).endsWith("1 regained", "0 regained");
    }

    @Test
    void aGroupThatIsClosedAndCreatedAnewIsJoinedAgainInTheSameSession() throws Exception {
        Coordinator coordinator = coordinator();
        CoordinatorBarrier first =
                coordinator.createBarrier(GROUP.toBuilder().id(0).build());
        CoordinatorBarrier steady =
                coordinator.createBarrier(GROUP.toBuilder().id(2).build());
        Member member = member(coordinator);
        InetSocketAddress address = member.address();
        Barrier barrier = member.joinBarrier(0);
        Barrier other = member.joinBarrier(2);
        assertRound(first, barrier);

        first.close();
        told.awaitEvent("0 lost");
        assertThatExceptionOfType(GroupInUseException.class).isThrownBy(() -> member.joinBarrier(0));
        assertRound(coordinator.createBarrier(GROUP.toBuilder().id(0).build()), barrier);

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
        before.createBarrier(GROUP.toBuilder().id(0).build());
        before.createBarrier(GROUP.toBuilder().id(2).build());
        Member member = member(before);
        Barrier kept = member.joinBarrier(0);
        Barrier left = member.joinBarrier(2);
        left.close();
        // Its id is free again.
        member.joinBarrier(2).close();

        Coordinator after = restarted(before);
        CoordinatorBarrier nobody = after.createBarrier(GROUP.toBuilder().id(2).build());
        assertRound(after.createBarrier(GROUP.toBuilder().id(0).build()), kept);
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
        CoordinatorBarrier first =
                coordinator.createBarrier(GROUP.toBuilder().id(0).build());
        Member member = member(coordinator);
        Barrier barrier = member.joinBarrier(0);
        first.close();
        told.awaitEvent("0 lost");

        barrier.close();

        assertNothingIsToBeDone();
        assertThatExceptionOfType(DisconnectedException.class)
                .isThrownBy(barrier::await)
                .satisfies(e -> assertLost(e, DisconnectedException.Reason.CLOSED));
        assertRound(coordinator.createBarrier(GROUP.toBuilder().id(0).build()), member.joinBarrier(0));
    }

    @Test
    void whatHadArrivedBeforeTheLossIsReceivedFirst() throws Exception {
        Coordinator before = coordinator();
        BroadcastGroup first = before.createBroadcast(GROUP.toBuilder().id(1).build());
        Member member = member(before);
        BroadcastReceiver receiver = member.joinBroadcast(1);
        first.awaitMembers(1, LONG);
        first.send("one".getBytes());
        first.flush(LONG);
        first.send("two".getBytes());
        first.flush(LONG);

        Coordinator after = restarted(before);
        BroadcastGroup next = after.createBroadcast(GROUP.toBuilder().id(1).build());
        next.awaitMembers(1, LONG);
        await().atMost(LONG).until(receiver::isOpen);
        next.send("three".getBytes());

        assertThat(List.of(next(receiver), next(receiver), next(receiver))).containsExactly("one", "two", "three");
        assertThat(receiver.messagesReceived()).isEqualTo(3);
    }

    @Test
    void aHandlerGoesOnWithTheMessagesOfTheNextSession() throws Exception {
        Coordinator before = coordinator();
        BroadcastGroup first = before.createBroadcast(GROUP.toBuilder().id(1).build());
        Member member = member(before);
        List<String> handled = new CopyOnWriteArrayList<>();
        member.joinBroadcast(1).onMessage(message -> handled.add(new String(message.bytes())));
        first.awaitMembers(1, LONG);
        first.send("one".getBytes());
        await().atMost(LONG).until(() -> handled.size() == 1);

        BroadcastGroup next =
                restarted(before).createBroadcast(GROUP.toBuilder().id(1).build());
        next.awaitMembers(1, LONG);
        next.send("two".getBytes());

        await().atMost(LONG).untilAsserted(() -> assertThat(handled).containsExactly("one", "two"));
        member.close();
        await().atMost(LONG).untilAsserted(() -> assertThat(threads()).isEmpty());
    }
}
