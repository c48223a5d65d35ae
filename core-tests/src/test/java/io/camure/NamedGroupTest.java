package io.camure;

import static io.camure.test.support.Loopback.GROUP;
import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Loopback;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Groups by their names, and what a node is told that does not get into one. */
class NamedGroupTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final GroupConfig PRICES = GROUP.name("prices");
    private static final GroupConfig ORDERS = GROUP.name("orders");

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final Coordinator coordinator =
            loopback.coordinator(CoordinatorConfig.builder().name("hub").maximumMembers(2));

    private Member member() throws InterruptedException {
        return loopback.member(coordinator, MemberConfig.builder().name("spoke"));
    }

    @Test
    void bothSidesShowTheName() throws Exception {
        CoordinatorBarrier prices = coordinator.createBarrier(PRICES.id(4));
        BroadcastGroup orders = coordinator.createBroadcast(ORDERS);
        Member member = member();

        assertThat(prices).hasToString("hub: barrier prices");
        assertThat(orders).hasToString("hub: broadcast orders");
        assertThat(member.joinBarrier(PRICES, LONG)).hasToString("spoke: barrier prices");
        assertThat(member.joinBroadcast(GROUP.id(0), LONG)).hasToString("spoke: broadcast 0");
    }

    @Test
    void aMemberJoinsByTheNameAloneAndKnowsTheId() throws Exception {
        coordinator.createBarrier(ORDERS);
        CoordinatorBarrier prices = coordinator.createBarrier(PRICES.id(4));
        Barrier joined = member().joinBarrier(PRICES, LONG);

        assertThat(joined.id()).isEqualTo(4);
        assertThat(Loopback.round(prices, List.of(joined)).participants()).isEqualTo(2);
    }

    @Test
    void swappedIdsAreRefusedAndBothNamesAreSaid() throws Exception {
        coordinator.createBroadcast(PRICES.id(0));
        coordinator.createBroadcast(ORDERS.id(1));
        Member member = member();

        assertThatExceptionOfType(GroupNameMismatchException.class)
                .isThrownBy(() -> member.joinBroadcast(PRICES.id(1), LONG))
                .withMessageContaining("spoke: broadcast prices")
                .withMessageContaining("calls the group with the id 1 orders")
                .withMessageContaining("correct the id");
        assertThat(member.joinBroadcast(PRICES.id(0), LONG).isOpen()).isTrue();
    }

    @Test
    void whoWaitsForAGroupThatThereIsNotIsToldWhichThereAre() throws Exception {
        coordinator.createBroadcast(ORDERS);
        Member member = member();

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> member.joinBroadcast(PRICES, SHORT))
                .withMessageContaining("spoke: broadcast prices")
                .withMessageContaining("the coordinator has no group prices; it has orders (id 0)")
                .satisfies(e -> assertThat(e.reason()).isPresent());
    }

    @Test
    void whoFindsNoRoomInTheSessionIsToldThat() throws Exception {
        loopback.members(coordinator, 2);
        MemberConfig config =
                MemberConfig.builder().name("late").joinTimeout(SHORT).build();

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(coordinator.address(), config))
                .withMessageContaining("as many members as it may have")
                .satisfies(e -> assertThat(e.reason()).isPresent());
        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> Member.join(
                        CoordinatorLocator.of("127.0.0.1", coordinator.address().getPort()), config))
                .withMessageContaining("as many members as it may have");
    }

    @Test
    void aSlowMemberKeepsNobodyOut() throws Exception {
        BroadcastGroup prices =
                coordinator.createBroadcast(PRICES.expectedMembers(1).slowMemberPatience(Duration.ofSeconds(2)));
        BroadcastReceiver unread = loopback.member(
                        coordinator, MemberConfig.builder().name("slow").receiveWindow(128))
                .joinBroadcast(PRICES, LONG);
        Background<Void> sender = Background.run(() -> {
            for (int i = 0; i < 5000; i++) {
                prices.send(new byte[1000]);
            }
            return null;
        });
        await().atMost(LONG).until(() -> !prices.slowMembers().isEmpty());
        BroadcastReceiver joined = member().joinBroadcast(PRICES, LONG);

        prices.awaitMembers(2, LONG);
        Background.run(() -> {
            while (unread.isOpen()) {
                unread.receive(LONG);
            }
            return null;
        });
        assertThat(joined.receive(LONG)).isPresent();
        coordinator.close();
        assertThatExceptionOfType(Exception.class).isThrownBy(sender::result);
    }

    @Test
    void aGroupIsFoundAgainByItsNameUnderAnotherId() throws Exception {
        coordinator.createBroadcast(ORDERS.id(0));
        CoordinatorBarrier before = coordinator.createBarrier(PRICES.id(4));
        Barrier joined = loopback.member(
                        coordinator, MemberConfig.builder().name("spoke").rejoin(Rejoin.backOff()))
                .joinBarrier(PRICES, LONG);
        before.close();
        CoordinatorBarrier after = coordinator.createBarrier(PRICES.id(9).expectedMembers(1));
        after.awaitMembers(1, LONG);

        Background<Round> coordinatorSide = Loopback.awaitInBackground(after);
        await().atMost(LONG).until(joined::isOpen);
        joined.await();
        assertThat(coordinatorSide.result().participants()).isEqualTo(2);
        assertThat(joined.id()).isEqualTo(9);
    }

    @Test
    void namesAreGivenOnceAndCanBeTold() {
        coordinator.createBarrier(PRICES);

        assertThatExceptionOfType(GroupInUseException.class)
                .isThrownBy(() -> coordinator.createBroadcast(PRICES))
                .withMessageContaining("there is a group prices already");
        assertThatExceptionOfType(GroupInUseException.class)
                .isThrownBy(() -> coordinator.createBroadcast(ORDERS.id(0)))
                .withMessageContaining("the id 0 is that of barrier prices");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GROUP.name("x".repeat(65)))
                .withMessageContaining("65 bytes");
        for (String name : List.of("", " prices", "two\nlines")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> GROUP.name(name))
                    .withMessageContaining("group name");
        }
        assertThat(GROUP.name("größe des lagers").name()).isEqualTo("größe des lagers");
    }
}
