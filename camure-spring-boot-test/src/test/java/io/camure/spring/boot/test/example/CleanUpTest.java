package io.camure.spring.boot.test.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.MemberJoinedEvent;
import io.camure.spring.boot.test.CamureTest;
import io.camure.spring.boot.test.CamureTestEvents;
import io.camure.test.CamureTestNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ActiveProfiles;

/** That nothing of a test method is left to the next one, though they share the application. */
@CamureTest
@ActiveProfiles("coordinator")
class CleanUpTest {

    @Autowired
    CamureTestNetwork network;

    @Autowired
    CamureTestEvents events;

    @BeforeEach
    void isCleanBefore() {
        assertThat(network.peers()).isEmpty();
        // What alice's leaving has brought may come at any time.
        assertThat(events.of(MemberJoinedEvent.class)).isEmpty();
    }

    /** The second time shows that the first one was cleaned up. */
    @RepeatedTest(2)
    void leavesSomething() throws Exception {
        network.joinMember("alice").joinBarrier("closing");
        events.await(MemberJoinedEvent.class);
        network.joinMember("bob").pause();
        network.host("alice").disconnect();
        network.host("carol").outgoing().lose(1);
        network.lose(1).partition("bob");
    }
}
