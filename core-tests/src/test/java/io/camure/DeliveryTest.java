package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.test.support.Loopback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A sender learns who has what it has sent. */
class DeliveryTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final Coordinator coordinator = loopback.coordinator();
    private final BroadcastGroup group =
            coordinator.createBroadcast(Loopback.GROUP.toBuilder().id(1).build());

    private static Delivery delivery(CompletableFuture<Delivery> sending) throws Exception {
        return sending.get(Loopback.LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static List<Object> addresses(Delivery delivery) {
        return delivery.nodes().stream().<Object>map(Node::address).toList();
    }

    @Test
    void whatIsSentToNobodyIsDeliveredToNobody() throws Exception {
        assertThat(delivery(group.sendAsync(new byte[1]))).satisfies(nobody -> {
            assertThat(nobody.nodes()).isEmpty();
            assertThat(nobody.count()).isZero();
        });
        group.send(new byte[1]);
        assertThat(group.flush().nodes()).isEmpty();
    }

    @Test
    void theMembersThatHaveAMessageAreNamed() throws Exception {
        Member first = loopback.member(coordinator);
        Member second = loopback.member(coordinator);
        BroadcastReceiver receiver = first.joinBroadcast(1);
        BroadcastReceiver other = second.joinBroadcast(1);
        assertThat(List.of(receiver.isOpen(), other.isOpen())).containsOnly(true);

        Delivery sent = delivery(group.sendAsync(new byte[5000]));
        assertThat(addresses(sent)).containsExactly(first.address(), second.address());
        assertThat(sent.count()).isEqualTo(2);
        assertThat(sent.duration()).isPositive();
        group.send(new byte[1]);
        assertThat(addresses(group.flush())).containsExactly(first.address(), second.address());
    }

    @Test
    void aMemberThatHasJoinedLaterIsNotSaidToHaveWhatWasSentBefore() throws Exception {
        Member early = loopback.member(coordinator);
        BroadcastReceiver receiver = early.joinBroadcast(1);
        group.send(new byte[1]);
        Delivery before = group.flush();
        Member late = loopback.member(coordinator);
        BroadcastReceiver later = late.joinBroadcast(1);

        assertThat(receiver.isOpen() && later.isOpen()).isTrue();
        assertThat(addresses(before)).containsExactly(early.address());
        assertThat(addresses(group.flush())).containsExactly(early.address());
        assertThat(addresses(delivery(group.sendAsync(new byte[1])))).containsExactly(early.address(), late.address());
    }

    @Test
    void manyMessagesThatAreSentAtOnceAreKnownToBeDeliveredEachByItself() throws Exception {
        Member member = loopback.member(coordinator);
        BroadcastReceiver receiver = member.joinBroadcast(1);
        List<CompletableFuture<Delivery>> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(group.sendAsync(new byte[] {(byte) i}));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(addresses(delivery(sent.get(i)))).containsExactly(member.address());
            assertThat(receiver.receive().bytes()).containsExactly(i);
        }
    }

    @Test
    void whatDoesNotArriveInTimeFailsAndNamesWhoLacksIt() throws Exception {
        BroadcastGroup impatient = coordinator.createBroadcast(
                GroupConfig.builder().id(2).timeout(Duration.ofMillis(300)).build());
        Member member = loopback.member(coordinator, MemberConfig.builder().receiveWindow(128));
        BroadcastReceiver unread = member.joinBroadcast(2);
        assertThat(unread.isOpen()).isTrue();
        List<CompletableFuture<Delivery>> sent = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            sent.add(impatient.sendAsync(new byte[1400]));
        }

        assertThat(addresses(delivery(sent.get(0)))).containsExactly(member.address());
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> delivery(sent.get(129)))
                .withCauseInstanceOf(DeliveryTimeoutException.class)
                .withMessageContaining("after 300ms")
                .satisfies(failure -> assertThat(((DeliveryTimeoutException) failure.getCause()).unacknowledgedBy())
                        .extracting(Node::address)
                        .containsExactly(member.address()));
    }

    @Test
    void whatWasSentToAGroupThatClosesFails() throws Exception {
        CompletableFuture<Delivery> late = closed().sendAsync(new byte[1]);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> delivery(late))
                .withCauseInstanceOf(DisconnectedException.class);
    }

    private BroadcastGroup closed() {
        group.close();
        return group;
    }
}
