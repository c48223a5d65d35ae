package io.camure;

import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.FaultyNetwork;
import io.camure.test.support.Loopback;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node whose network fails under it. */
class FailedSessionTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private static void breakSocket() throws IOException {
        throw new IOException("the socket is broken");
    }

    @Test
    void tellsItsListenersThatTheSessionIsOverAndWhy() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().heartbeatInterval(Duration.ofMillis(50)));
        FaultyNetwork network = new FaultyNetwork();
        Member member = loopback.member(coordinator, MemberConfig.builder().network(network));
        Queue<CamureException> told = new ConcurrentLinkedQueue<>();
        member.addListener(telling(told));
        network.port().failReceives(FailedSessionTest::breakSocket);
        network.port().failWaits(FailedSessionTest::breakSocket);

        assertTold(told);
        assertThat(member.isOpen()).isFalse();
        Queue<CamureException> toldLate = new ConcurrentLinkedQueue<>();
        member.addListener(telling(toldLate));
        assertTold(toldLate);
        assertThat(member.loss().orElseThrow().cause()).hasMessageContaining("the socket is broken");
        member.close();
        assertThat(member.loss()).isEmpty();
    }

    private static MemberListener telling(Queue<CamureException> told) {
        return new MemberListener() {
            @Override
            public void coordinatorLost(CamureException why) {
                told.add(why);
            }
        };
    }

    private static void assertTold(Queue<CamureException> told) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(told).singleElement().satisfies(why -> {
                    assertThat(why).hasMessageContaining("the socket is broken");
                    assertThat(why)
                            .isInstanceOfSatisfying(
                                    DisconnectedException.class,
                                    e -> assertThat(e.reason()).isEqualTo(DisconnectedException.Reason.FAILED));
                }));
    }
}
