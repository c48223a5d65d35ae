package io.camure.spring.boot.test.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.boot.test.AutoConfigureCamure;
import io.camure.test.CamureTestCoordinator;
import io.camure.test.CamureTestNetwork;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.ActiveProfiles;

/** A test of everything; here with a member that joins once somebody coordinates, and that Boot makes lazily. */
@SpringBootTest(
        properties = {
            "camure.member.startup=background",
            "camure.member.join-timeout=250ms",
            "spring.main.lazy-initialization=true"
        })
@AutoConfigureCamure(seed = 7, timeout = "20s", coordinators = false)
@ActiveProfiles("member")
class WholeApplicationTest {

    @Test
    void hasAllComponentsAndNoCoordinator(@Autowired ApplicationContext context) throws Exception {
        assertThat(context.getBeanNamesForType(Clerk.class)).hasSize(1);
        assertThat(context.getBeanNamesForType(TaskExecutionAutoConfiguration.class))
                .hasSize(1);
        assertThat(context.getBeanNamesForType(CamureTestCoordinator.class)).isEmpty();
        CamureTestNetwork network = context.getBean(CamureTestNetwork.class);
        assertThat(network.patience()).isEqualTo(Duration.ofSeconds(20));
        assertThat(network.datagrams().delivered()).isZero();

        CamureTestCoordinator coordinator = network.startCoordinator();
        coordinator.createBarrier(2, 1);
        network.awaitMembers(coordinator.createBroadcast(1, 1), 1);
    }
}
