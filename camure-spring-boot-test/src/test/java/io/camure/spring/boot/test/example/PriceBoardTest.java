package io.camure.spring.boot.test.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CoordinatorLostEvent;
import io.camure.spring.CoordinatorRegainedEvent;
import io.camure.spring.boot.test.CamureListenerHarness;
import io.camure.spring.boot.test.CamureTest;
import io.camure.spring.boot.test.CamureTestEvents;
import io.camure.test.CamureTestCoordinator;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ActiveProfiles;

/** The member, with a scripted coordinator. */
@CamureTest
@ActiveProfiles("member")
class PriceBoardTest {

    @Autowired
    PriceBoard board;

    @Autowired
    CamureTestCoordinator coordinator;

    @Autowired
    CamureListenerHarness listeners;

    @Autowired
    CamureTestEvents events;

    @Test
    void showsTheLatestPrice() throws Exception {
        send("{\"symbol\":\"CAM\",\"amount\":4.20}");
        send("{\"symbol\":\"CAM\",\"amount\":4.30}");

        assertThat(listeners.awaitReceived("prices", 2, Price.class))
                .extracting(Price::amount)
                .containsExactly(new BigDecimal("4.20"), new BigDecimal("4.30"));
        assertThat(board.latest("CAM")).contains(new Price("CAM", new BigDecimal("4.30")));
    }

    @Test
    void goesOnAfterTheCoordinatorHasCrashed() throws Exception {
        coordinator.crash();
        events.await(CoordinatorLostEvent.class);
        coordinator.restart();
        events.await(CoordinatorRegainedEvent.class);

        send("{\"symbol\":\"NEW\",\"amount\":1}");
        listeners.awaitReceived("prices", Price.class);
        assertThat(board.latest("NEW")).isPresent();
    }

    private void send(String json) throws InterruptedException {
        coordinator.broadcast("prices").send(json.getBytes(StandardCharsets.UTF_8));
    }
}
