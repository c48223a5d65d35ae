package io.camure.spring.boot.test.example;

import static io.camure.test.CamureAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.Node;
import io.camure.RoundBrokenException;
import io.camure.spring.boot.test.CamureTest;
import io.camure.test.CamureTestInbox;
import io.camure.test.CamureTestMember;
import io.camure.test.CamureTestNetwork;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;

/** The coordinator, with scripted members. */
@CamureTest
@Import(PriceFeed.class)
@ActiveProfiles("coordinator")
class PriceFeedTest {

    @Autowired
    PriceFeed feed;

    @Autowired
    CamureTestNetwork network;

    @Test
    void everybodyGetsThePricesThroughABadNetwork() throws Exception {
        CamureTestInbox alice = network.joinMember("alice").joinBroadcast("prices");
        CamureTestInbox bob = network.joinMember("bob").joinBroadcast("prices");
        network.lose(0.2).reorder(0.1);

        feed.publish(new Price("CAM", new BigDecimal("4.20")));
        feed.publish(new Price("CAM", new BigDecimal("4.30")));

        alice.awaitMessages(2);
        bob.awaitMessages(2);
        assertThat(alice).hasReceived("{\"symbol\":\"CAM\",\"amount\":4.20}", "{\"symbol\":\"CAM\",\"amount\":4.30}");
        assertThat(bob.messages()).isEqualTo(alice.messages());
    }

    @Test
    void aMemberThatCrashesIsNamedWhenTheDayIsClosed() throws Exception {
        CamureTestMember alice = network.joinMember("alice");
        CamureTestMember bob = network.joinMember("bob");
        alice.joinBarrier("closing").awaitAsync();
        bob.joinBarrier("closing").awaitAsync();
        assertThat(feed.close()).hasParticipants(3);

        bob.crash();

        assertThatExceptionOfType(RoundBrokenException.class)
                .isThrownBy(feed::close)
                .satisfies(broken -> assertThat(broken.missingMembers())
                        .extracting(Node::address)
                        .contains(bob.address()));
    }
}
