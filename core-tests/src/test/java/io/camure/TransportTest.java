package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.test.support.Loopback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which transport a node uses. The one for Linux is not on the class path here. */
class TransportTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    @Test
    void withoutAnotherOneEverybodyUsesNioAndSaysSo() throws Exception {
        Coordinator coordinator = loopback.coordinator();
        Member member = loopback.member(coordinator);

        assertThat(coordinator.transport()).isEqualTo("nio");
        assertThat(member.transport()).isEqualTo("nio");
    }

    @Test
    void aTransportThatIsNotThereIsRefusedWithWhatToAdd() throws Exception {
        CoordinatorConfig config =
                CoordinatorConfig.builder().transport(Transport.LINUX).build();
        assertThatExceptionOfType(SessionStartException.class)
                .isThrownBy(() -> Coordinator.start(Loopback.anyPort(), Loopback.multicast(), config))
                .withMessageContaining("transport linux")
                .withMessageContaining("camure-transport-linux");

        Coordinator coordinator = loopback.coordinator();
        assertThatExceptionOfType(SessionStartException.class)
                .isThrownBy(() ->
                        loopback.member(coordinator, MemberConfig.builder().transport(Transport.LINUX)))
                .withMessageContaining("camure-transport-linux");
    }
}
