package io.camure.spring.boot.test.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Member;
import io.camure.spring.boot.test.CamureTest;
import io.camure.test.CamureTestNetwork;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.context.MessageSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.test.context.ActiveProfiles;

/** What is in a {@link CamureTest}, and what is not. */
@CamureTest(properties = {"some.property=some value", "camure.groups.prices.timeout=5s"})
@ActiveProfiles("member")
class SliceTest {

    @Autowired
    ApplicationContext context;

    @Test
    void hasListenersAndTheSession() {
        assertThat(context.getBeanNamesForType(PriceBoard.class)).hasSize(1);
        assertThat(context.getBean(Member.class).transport()).isEqualTo("memory");
    }

    @Test
    void hasNoOtherComponentsAndAutoConfigurations() {
        assertThat(context.getBeanNamesForType(Clerk.class)).isEmpty();
        assertThat(context.getBeanNamesForType(TaskExecutionAutoConfiguration.class))
                .isEmpty();
        assertThat(context.getBeanNamesForType(MessageSourceAutoConfiguration.class))
                .isEmpty();
    }

    @Test
    void runsInTheTestNetworkWhateverTheAddressesInTheProperties() {
        CamureTestNetwork network = context.getBean(CamureTestNetwork.class);

        assertThat(context.getBean(Member.class).coordinatorAddress())
                .isEqualTo(network.session().coordinatorAddress());
    }

    @Test
    void hasTheProperties() {
        assertThat(context.getBean(Environment.class).getProperty("some.property"))
                .isEqualTo("some value");
    }
}
