package io.camure.doctor;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.MemberConfig;
import io.camure.Transport;
import io.camure.node.session.MemberPlace;
import io.camure.test.support.Loopback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Doctors that look around in a session while its coordinator's own one does. */
class VisitorTest {

    private static final MemberConfig VISITOR =
            MemberConfig.builder().name("clinic").transport(Transport.NIO).build();

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private void visit(Coordinator coordinator) throws Exception {
        Visit visit = loopback.closeLater(
                new Visit(coordinator.address(), MemberPlace.towards(coordinator.address(), VISITOR), VISITOR));
        visit.join(SECONDS.toNanos(10));
        assertThat(visit.welcome()).isNotNull();
    }

    /** They answer nothing while they ask nothing, which is not to look as if members could not be reached. */
    @Test
    void areToldFromMembers() throws Exception {
        Coordinator coordinator = loopback.coordinator(CoordinatorConfig.builder());
        loopback.member(coordinator, MemberConfig.builder().name("orders"));
        visit(coordinator);
        visit(coordinator);
        Report report = Doctor.examine(coordinator);

        assertThat(report.rungs())
                .filteredOn(rung -> rung.name().equals("members"))
                .singleElement()
                .satisfies(rung -> {
                    assertThat(rung.status()).isEqualTo(Status.GREEN);
                    assertThat(rung.found())
                            .isEqualTo("1 of 1 members answer echo requests."
                                    + " 2 other doctors look around in the session.");
                });
        assertThat(report.rungs()).extracting(Rung::name).containsOnlyOnce("unicast");
        assertThat(report.rungs()).noneMatch(rung -> rung.status() == Status.RED);
        assertThat(report.matrix())
                .singleElement()
                .satisfies(hearing -> assertThat(hearing.to()).startsWith("orders"));
    }
}
