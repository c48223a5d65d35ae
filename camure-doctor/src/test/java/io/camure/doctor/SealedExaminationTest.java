package io.camure.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.MemberConfig;
import io.camure.Security;
import io.camure.test.support.Loopback;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The doctor where there are secrets: at itself, in the session, or at both. */
class SealedExaminationTest extends DoctorScenario {

    private static final Security SECURITY = Security.secret(new byte[32]);

    @Test
    void aSealedSessionIsExaminedByItsSecret() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().security(SECURITY));
        Report report = examine(coordinator.address(), node().security(SECURITY));

        assertThat(rung(report, "answers").found())
                .contains("sealed by secret " + SECURITY.fingerprints().get(0));
        assertThat(report.rungs())
                .filteredOn(rung -> !rung.name().equals("buffers"))
                .allSatisfy(rung -> assertThat(rung.status()).as("%s", rung).isEqualTo(Status.GREEN));
        assertThat(report.matrix().get(0).largestBytes()).isEqualTo(65507);
        assertThat(report.matrix().get(0).largestMulticastBytes()).isEqualTo(65507);
        await().atMost(Loopback.LONG).until(() -> coordinator.memberCount() == 0);
    }

    @Test
    void aSealedSessionExaminesItsMembers() throws Exception {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().security(SECURITY));
        loopback.member(coordinator, MemberConfig.builder().security(SECURITY));
        Report report = Doctor.examine(coordinator);

        for (String name : List.of("members", "unicast", "multicast", "sizes")) {
            assertThat(rung(report, name).status()).as("%s", report).isEqualTo(Status.GREEN);
        }
    }

    @Test
    void aSealedSessionIsNotTakenForOneThatIsNotThere() throws Exception {
        Report report = examine(loopback.coordinator(CoordinatorConfig.builder().security(SECURITY))
                .address());

        assertRed(report, "answers");
        assertThat(rung(report, "answers").found()).contains("secured members only");
    }

    @Test
    void anotherSecretIsNamed() throws Exception {
        Security other = Security.secret("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
        Report report = examine(
                loopback.coordinator(CoordinatorConfig.builder().security(SECURITY))
                        .address(),
                node().security(other));

        assertRed(report, "answers");
        assertThat(rung(report, "answers").found())
                .contains("takes secured members")
                .contains(other.fingerprints().get(0));
    }

    /** It asks that in clear, and says nothing of itself. */
    @Test
    void aSessionInClearIsNamedToWhoHasASecret() throws Exception {
        Coordinator coordinator = loopback.coordinator(CoordinatorConfig.builder());
        Report report = examine(coordinator.address(), node().security(SECURITY));

        assertRed(report, "answers");
        assertThat(rung(report, "answers").found()).contains("not sealed");
        assertThat(coordinator.memberCount()).isZero();
    }

    @Test
    void nobodyIsNamedAlsoToWhoHasASecret() throws Exception {
        Report report;
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            report = examine((InetSocketAddress) silent.getLocalSocketAddress(), node().security(SECURITY));
        }

        assertRed(report, "answers");
        assertThat(rung(report, "answers").found()).contains("were not answered");
    }
}
