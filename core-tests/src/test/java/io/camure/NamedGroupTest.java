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
    private static final GroupConfig PRICES = GROUP.toBuilder().name("prices").build();
    private static final GroupConfig ORDERS = GROUP.toBuilder().name("orders").build();
    private static final MembershipConfig JOINED_PRICES =
            MembershipConfig.builder().name("prices").timeout(LONG).build();

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final Coordinator coordinator =
            loopback.coordinator(CoordinatorConfig.builder().name("hub").maximumMembers(2));

    private Member member() throws InterruptedException {
        return loopback.member(coordinator, MemberConfig.builder().name("spoke"));
    }

    @Test
    void bothSidesShowTheName() throws Exception {
        CoordinatorBarrier prices =
                coordinator.createBarrier(PRICES.toBuilder().id(4).build());
        BroadcastGroup orders = coordinator.createBroadcast(ORDERS);
        Member member = member();

        assertThat(prices).hasToString("hub: barrier prices");
        assertThat(orders).hasToString("hub: broadcast orders");
        assertThat(member.joinBarrier(JOINED_PRICES, LONG)).hasToString("spoke: barrier prices");
        assertThat(member.joinBroadcast(MembershipConfig.builder().id(0).build(), LONG))
                .hasToString("spoke: broadcast 0");
    }

    @Test
    void aMemberJoinsByTheNameAloneAndKnowsTheId() throws Exception {
        coordinator.createBarrier(ORDERS);
        CoordinatorBarrier prices =
                coordinator.createBarrier(PRICES.toBuilder().id(4).build());
        Barrier joined = member().joinBarrier(JOINED_PRICES, LONG);

        assertThat(joined.id()).isEqualTo(4);
        assertThat(Loopback.round(prices, List.of(joined)).size()).isEqualTo(2);
    }

    @Test
    void swappedIdsAreRefusedAndBothNamesAreSaid() throws Exception {
        coordinator.createBroadcast(PRICES.toBuilder().id(0).build());
        coordinator.createBroadcast(ORDERS.toBuilder().id(1).build());
        Member member = member();

        assertThatExceptionOfType(GroupNameMismatchException.class)
                .isThrownBy(() ->
                        member.joinBroadcast(JOINED_PRICES.toBuilder().id(1).build(), LONG))
                .withMessageContaining("spoke: broadcast prices")
                .withMessageContaining("calls the group with the id 1 orders")
                .withMessageContaining("correct the id");
        assertThat(member.joinBroadcast(JOINED_PRICES.toBuilder().id(0).build(), LONG)
                        .isOpen())
                .isTrue();
    }

    @Test
    void whoWaitsForAGroupThatThereIsNotIsToldWhichThereAre() throws Exception {
        coordinator.createBroadcast(ORDERS);
        Member member = member();

        assertThatExceptionOfType(JoinTimeoutException.class)
                .isThrownBy(() -> member.joinBroadcast(JOINED_PRICES, SHORT))
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
        BroadcastGroup prices = coordinator.createBroadcast(PRICES.toBuilder()
                .expectedMembers(1)
                .slowMemberPatience(Duration.ofSeconds(2))
                .build());
        BroadcastReceiver unread = loopback.member(
                        coordinator, MemberConfig.builder().name("slow").receiveWindow(128))
                .joinBroadcast(JOINED_PRICES, LONG);
        Background<Void> sender = Background.run(() -> {
            for (int i = 0; i < 5000; i++) {
                prices.send(new byte[1000]);
            }
            return null;
        });
        await().atMost(LONG).until(() -> !prices.slowMembers().isEmpty());
        BroadcastReceiver joined = member().joinBroadcast(JOINED_PRICES, LONG);

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
        coordinator.createBroadcast(ORDERS.toBuilder().id(0).build());
        CoordinatorBarrier before =
                coordinator.createBarrier(PRICES.toBuilder().id(4).build());
        Barrier joined = loopback.member(
                        coordinator, MemberConfig.builder().name("spoke").rejoin(Rejoin.backOff()))
                .joinBarrier(JOINED_PRICES, LONG);
        before.close();
        CoordinatorBarrier after = coordinator.createBarrier(
                PRICES.toBuilder().id(9).expectedMembers(1).build());
        after.awaitMembers(1, LONG);

        Background<Round> coordinatorSide = Loopback.awaitInBackground(after);
        await().atMost(LONG).until(joined::isOpen);
        joined.await();
        assertThat(coordinatorSide.result().size()).isEqualTo(2);
        assertThat(joined.id()).isEqualTo(9);
    }

    @Test
    void namesAreGivenOnceAndCanBeTold() {
        coordinator.createBarrier(PRICES);

        assertThatExceptionOfType(GroupInUseException.class)
                .isThrownBy(() -> coordinator.createBroadcast(PRICES))
                .withMessageContaining("there is a group prices already");
        assertThatExceptionOfType(GroupInUseException.class)
                .isThrownBy(() ->
                        coordinator.createBroadcast(ORDERS.toBuilder().id(0).build()))
                .withMessageContaining("the id 0 is that of barrier prices");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GROUP.toBuilder().name("x".repeat(65)).build())
                .withMessageContaining("65 bytes");
        for (String name : List.of("", " prices", "two\nlines")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> GROUP.toBuilder().name(name).build())
                    .withMessageContaining("group name");
        }
        assertThat(GROUP.toBuilder().name("größe des lagers").build().name()).isEqualTo("größe des lagers");
    }
}
