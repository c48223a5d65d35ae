package io.camure.spring.boot.test.example;

import static io.camure.test.CamureAssertions.assertThat;

import io.camure.Barrier;
import io.camure.CoordinatorBarrier;
import io.camure.test.CamureTestNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WithoutSpringTest {

    @Test
    void everybodyMeets() throws Exception {
        try (CamureTestNetwork network = CamureTestNetwork.withSeed(42)) {
            CoordinatorBarrier startLine = network.startCoordinator().createBarrier(0, 1);
            Barrier atAlice = network.joinMember("alice").joinBarrier(0);
            network.lose(0.1).delay(Duration.ofMillis(1), Duration.ofMillis(5));

            assertThat(network.awaitRound(startLine, atAlice)).hasParticipants(2);
        }
    }
}
