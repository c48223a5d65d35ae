package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.camure.simulation.VirtualSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Coordinators that follow one another by election, in virtual time. */
class TermTest {

    private final VirtualSession session = new VirtualSession();

    private Coordinator coordinator(String host, long term) {
        Coordinator coordinator = Coordinator.start(
                session.address(host),
                CoordinatorConfig.builder()
                        .name(host)
                        .network(session.host(host))
                        .term(term)
                        .build());
        coordinator.createBarrier(GroupConfig.builder().id(0).build());
        return coordinator;
    }

    private Member member(CoordinatorLocator locator) throws InterruptedException {
        return Member.join(
                locator, session.config("member").rejoin(Rejoin.backOff()).build());
    }

    private static Round round(Coordinator coordinator, Barrier barrier) throws Exception {
        CoordinatorBarrier atCoordinator =
                (CoordinatorBarrier) coordinator.groups().get(0);
        CompletableFuture<Round> arrival = atCoordinator.awaitAsync();
        Round round = barrier.await();
        assertThat(arrival.get(1, TimeUnit.SECONDS).term()).isEqualTo(round.term());
        return round;
    }

    @Test
    void theRoundsOfEachTellItsTerm() throws Exception {
        session.play(hub -> {
            Coordinator first = coordinator("a", 7);
            try (Member member = member(CoordinatorLocator.fixed(session.address("a"), session.address("b")))) {
                Barrier barrier = member.joinBarrier(0);
                assertThat(member.term()).isEqualTo(7);
                assertThat(first.term()).isEqualTo(7);
                assertThat(round(first, barrier)).satisfies(round -> {
                    assertThat(round.number()).isZero();
                    assertThat(round.term()).isEqualTo(7);
                });

                session.host("a").disconnect();
                try (Coordinator second = coordinator("b", 8)) {
                    session.sleep(Duration.ofSeconds(10));
                    assertThat(member.term()).isEqualTo(8);
                    assertThat(round(second, barrier)).satisfies(round -> {
                        assertThat(round.number()).isZero();
                        assertThat(round.term()).isEqualTo(8);
                    });
                }
            }
            first.close();
        });
    }

    /** It was cut off, and does not know that it was replaced. */
    @Test
    void whoWasInALaterSessionDoesNotGoBack() throws Exception {
        session.play(hub -> {
            List<String> hosts = List.of("a", "b");
            Coordinator first = coordinator("a", 7);
            Coordinator second = coordinator("b", 8);
            session.host("a").disconnect();
            try (Member member =
                    member(() -> hosts.stream().map(session::address).toList())) {
                assertThat(member.term()).isEqualTo(8);
                session.host("b").disconnect();
                session.host("a").connect();
                session.sleep(Duration.ofSeconds(20));

                assertThat(member.isOpen()).isFalse();
                assertThat(first.memberCount()).isZero();
                assertThat(member.loss())
                        .hasValueSatisfying(loss -> assertThat(loss.lastTry())
                                .hasValueSatisfying(failed -> assertThat(failed.why())
                                        .hasMessageContaining(
                                                "is of term 7, and this node was in a session of term 8")));

                session.host("b").connect();
                session.sleep(Duration.ofSeconds(20));
                assertThat(member.term()).isEqualTo(8);
                assertThat(member.isOpen()).isTrue();
            }
            first.close();
            second.close();
        });
    }

    @Test
    void aTermIsNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CoordinatorConfig.builder().term(-1))
                .withMessageContaining("term is -1: it must be 0 to 4611686018427387904");
    }
}
