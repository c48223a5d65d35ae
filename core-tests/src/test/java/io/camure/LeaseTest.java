package io.camure;

import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camure.simulation.VirtualSession;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Coordinators that may act for a while only, and hand over, in virtual time. */
class LeaseTest {

    private final VirtualSession session = new VirtualSession();
    private final AtomicLong leaseEnd = new AtomicLong(Long.MAX_VALUE);

    private Coordinator coordinator(String host, long term) {
        Coordinator coordinator = Coordinator.start(
                session.address(host),
                CoordinatorConfig.builder()
                        .name(host)
                        .network(session.host(host))
                        .term(term)
                        .lease(leaseEnd::get)
                        .build());
        coordinator.createBarrier(GroupConfig.builder().id(0).build());
        coordinator.createBroadcast(GroupConfig.builder().id(1).build());
        return coordinator;
    }

    private long nowNanos(String host) {
        return session.host(host).execution().nanoTime();
    }

    private void leaseFor(Duration duration) {
        leaseEnd.set(nowNanos("a") + duration.toNanos());
    }

    @Test
    void whatWaitsFailsWhenItIsOverAndClosingWaitsForNobody() throws Exception {
        session.play(hub -> {
            leaseFor(Duration.ofSeconds(5));
            Coordinator coordinator = coordinator("a", 3);
            try (Member member =
                    Member.join(session.address("a"), session.config("member").build())) {
                member.joinBarrier(0);
                CoordinatorBarrier barrier =
                        (CoordinatorBarrier) coordinator.groups().get(0);
                BroadcastGroup broadcast = (BroadcastGroup) coordinator.groups().get(1);
                session.sleep(Duration.ofSeconds(3));
                leaseFor(Duration.ofSeconds(5));
                CompletableFuture<Round> arrival = barrier.awaitAsync();
                session.sleep(Duration.ofSeconds(4));
                assertThat(coordinator.isOpen()).isTrue();
                assertThat(arrival).isNotDone();
                session.sleep(Duration.ofSeconds(2));

                assertThat(coordinator.isOpen()).isFalse();
                assertThat(barrier.isOpen()).isFalse();
                assertThat(arrival).failsWithin(DEADLINE);
                assertThatThrownBy(() -> broadcast.send(new byte[] {1}))
                        .isInstanceOfSatisfying(
                                DisconnectedException.class,
                                end -> assertThat(end.reason())
                                        .isEqualTo(DisconnectedException.Reason.COORDINATOR_LOST))
                        .hasMessageContaining("its lease of term 3 was not renewed in time");
                assertThatThrownBy(() -> coordinator.createBarrier(
                                GroupConfig.builder().id(2).build()))
                        .isInstanceOf(DisconnectedException.class);
                long before = nowNanos("a");
                coordinator.close();
                assertThat(Duration.ofNanos(nowNanos("a") - before)).isLessThan(Duration.ofMillis(100));
            }
        });
    }

    @Test
    void itsEndIsToldAndNobodyIsLedThereAnyMore() throws Exception {
        session.play(hub -> {
            leaseFor(Duration.ofSeconds(5));
            List<Long> ended = new CopyOnWriteArrayList<>();
            try (Coordinator coordinator = Coordinator.start(
                    session.address("a"),
                    CoordinatorConfig.builder()
                            .name("a")
                            .sessionName("prices")
                            .network(session.host("a"))
                            .term(3)
                            .lease(leaseEnd::get)
                            .build())) {
                coordinator.addListener(new CoordinatorListener() {
                    @Override
                    public void leaseEnded(long term) {
                        ended.add(term);
                    }
                });
                MemberConfig config =
                        session.config("member").sessionName("prices").build();
                CoordinatorLocator locator = Member.announcedCoordinator(config);
                assertThat(locator.candidates()).containsExactly(session.address("a"));
                assertThat(ended).isEmpty();
                session.sleep(Duration.ofSeconds(6));

                assertThat(ended).containsExactly(3L);
                assertThatThrownBy(locator::candidates).isInstanceOf(IOException.class);
            }
        });
    }

    @Test
    void aGoodbyeThatIsLostIsSaidAgain() throws Exception {
        session.play(hub -> {
            Coordinator first = coordinator("a", 1);
            MemberConfig config =
                    session.config("member").rejoin(Rejoin.backOff()).build();
            try (Member member =
                            Member.join(CoordinatorLocator.fixed(session.address("a"), session.address("b")), config);
                    Coordinator second = coordinator("b", 2)) {
                session.host("a").outgoing().lose(1);
                session.start("repair", () -> {
                    session.sleep(Duration.ofMillis(15));
                    session.host("a").outgoing().repair();
                });
                first.handOver();
                session.sleep(Duration.ofMillis(100));

                assertThat(second.memberCount()).isOne();
                assertThat(member.term()).isEqualTo(2);
            }
        });
    }

    @Test
    void membersOfWhoHandsOverAreWithTheNextOneAtOnce() throws Exception {
        session.play(hub -> {
            Coordinator first = coordinator("a", 1);
            MemberConfig config =
                    session.config("member").rejoin(Rejoin.backOff()).build();
            try (Member member =
                            Member.join(CoordinatorLocator.fixed(session.address("a"), session.address("b")), config);
                    Coordinator second = coordinator("b", 2)) {
                Barrier barrier = member.joinBarrier(0);
                CompletableFuture<Round> arrival = barrier.awaitAsync();
                long before = nowNanos("a");
                first.handOver();
                assertThat(Duration.ofNanos(nowNanos("a") - before)).isLessThan(Duration.ofMillis(100));
                session.sleep(Duration.ofMillis(100));

                assertThat(arrival).failsWithin(DEADLINE);
                assertThat(member.term()).isEqualTo(2);
                assertThat(barrier.isOpen()).isTrue();
                assertThat(second.memberCount()).isOne();
                assertThat(first.isOpen()).isFalse();
                first.handOver();
                first.close();
            }
        });
    }
}
