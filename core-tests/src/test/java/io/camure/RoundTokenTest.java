package io.camure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.simulation.VirtualSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What orders the rounds of a barrier, whoever has coordinated them. */
class RoundTokenTest {

    private final VirtualSession session = new VirtualSession();

    private Coordinator coordinator(String host, long term) {
        return Coordinator.start(
                session.address(host),
                CoordinatorConfig.builder()
                        .name(host)
                        .network(session.host(host))
                        .term(term)
                        .build());
    }

    private static RoundToken pass(CoordinatorBarrier barrier, Barrier atMember) throws Exception {
        CompletableFuture<Round> arrival = barrier.awaitAsync();
        RoundToken token = atMember.await().token();
        assertThat(arrival.get(1, TimeUnit.SECONDS).token()).isEqualTo(token);
        return token;
    }

    @Test
    void itGrowsWithEachRoundOverBarriersThatAreCreatedAnewAndOverTerms() throws Exception {
        session.play(hub -> {
            List<RoundToken> tokens = new ArrayList<>();
            GroupConfig config = GroupConfig.builder().id(0).build();
            for (long term = 7; term < 9; term++) {
                String host = "host-" + term;
                try (Coordinator coordinator = coordinator(host, term);
                        Member member = Member.join(
                                session.address(host), session.config("member").build())) {
                    for (int created = 0; created < 2; created++) {
                        try (CoordinatorBarrier barrier = coordinator.createBarrier(config);
                                Barrier atMember = member.joinBarrier(0)) {
                            tokens.add(pass(barrier, atMember));
                            tokens.add(pass(barrier, atMember));
                        }
                    }
                }
            }

            assertThat(tokens).hasSize(8).doesNotHaveDuplicates().isSorted();
            assertThat(tokens).extracting(RoundToken::toString).isSorted();
            assertThat(tokens).last().isEqualTo(new RoundToken(8, 2, 1));
            assertThat(tokens).first().hasToString("0000000000000007-00000001-0000000000000000");
        });
    }
}
