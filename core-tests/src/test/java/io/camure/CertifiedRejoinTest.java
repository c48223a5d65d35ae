package io.camure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.simulation.VirtualSession;
import io.camure.test.support.TestCertificates;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that show certificates, whose tries to join take longer where a coordinator answers, in virtual time. */
class CertifiedRejoinTest {

    private static final Security OF_COORDINATOR = Security.certificates(TestCertificates.of("coordinator"));
    private static final Security OF_MEMBER =
            Security.certificates(TestCertificates.of("orders").allowedCoordinators("coordinator.batch.example"));

    private final VirtualSession session = new VirtualSession();

    private Coordinator coordinator(String host) {
        return Coordinator.start(
                session.address(host),
                CoordinatorConfig.builder()
                        .name(host)
                        .network(session.host(host))
                        .security(OF_COORDINATOR)
                        .build());
    }

    /** Whenever the locator tells the new place, the next try begins soon: nobody answers at the old one. */
    @ParameterizedTest
    @ValueSource(ints = {0, 400, 800, 1200, 1600, 2000, 2400, 2800})
    void aCoordinatorIsFoundSoonAfterItsNewPlaceIsKnown(int laterMillis) throws Exception {
        AtomicReference<InetSocketAddress> known = new AtomicReference<>(session.address("first"));
        MemberConfig config = session.config("member")
                .security(OF_MEMBER)
                .rejoin(Rejoin.backOff(Duration.ofMillis(50), Duration.ofMillis(50)))
                .build();
        session.play(hub -> {
            try (Coordinator first = coordinator("first");
                    Member member = Member.join(() -> List.of(known.get()), config);
                    Coordinator second = coordinator("second")) {
                assertThat(member.coordinatorAddress()).isEqualTo(first.address());
                session.host("first").disconnect();
                // Its first tries are short.
                session.sleep(config.coordinatorTimeout().plusSeconds(10).plusMillis(laterMillis));
                known.set(second.address());
                session.sleep(Duration.ofMillis(1300));

                assertThat(member.loss()).isEmpty();
                assertThat(member.coordinatorAddress()).isEqualTo(second.address());
            }
        });
    }
}
