package io.camure.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.CoordinatorLocator;
import io.camure.MemberConfig;
import io.camure.Transport;
import io.camure.test.support.Loopback;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A doctor on loopback, for tests of what it finds beside real coordinators. */
abstract class DoctorScenario {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    static MemberConfig.Builder node() {
        return MemberConfig.builder().name("clinic").transport(Transport.NIO);
    }

    static Report examine(InetSocketAddress coordinator) throws Exception {
        return examine(coordinator, node());
    }

    static Report examine(InetSocketAddress coordinator, MemberConfig.Builder config) throws Exception {
        CoordinatorLocator locator =
                CoordinatorLocator.of(coordinator.getAddress().getHostAddress(), coordinator.getPort());
        return Doctor.examine(locator, config.build(), Duration.ZERO);
    }

    static Rung rung(Report report, String name) {
        return report.rungs().stream()
                .filter(rung -> rung.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + report));
    }

    static void assertRed(Report report, String name) {
        assertThat(rung(report, name).status()).as("%s", report).isEqualTo(Status.RED);
        assertThat(rung(report, name).fix()).isNotEmpty();
        assertThat(report.status()).isEqualTo(Status.RED);
    }
}
