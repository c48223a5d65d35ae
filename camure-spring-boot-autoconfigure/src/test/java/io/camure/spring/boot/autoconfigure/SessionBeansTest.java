package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Barrier;
import io.camure.BarrierGroup;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Round;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class SessionBeansTest {

    private static ApplicationContextRunner withGroups(ApplicationContextRunner runner) {
        return runner.withPropertyValues(
                "camure.groups.start-line.type=barrier",
                "camure.groups.start-line.id=0",
                "camure.groups.start-line.expected-members=1",
                "camure.groups.finish.type=barrier",
                "camure.groups.finish.id=7",
                "camure.groups.files.type=broadcast",
                "camure.groups.files.id=1",
                "camure.groups.files.expected-members=1");
    }

    @Test
    void nodesMeetAtABarrierAndAMessageArrives() {
        withGroups(TestSession.coordinator()).run(coordinator -> {
            assertThat(coordinator).hasNotFailed();
            withGroups(TestSession.memberOf(coordinator)).run(member -> {
                assertThat(member).hasNotFailed();
                CompletableFuture<Round> round =
                        coordinator.getBean("start-line", BarrierGroup.class).awaitAsync();
                assertThat(member.getBean("startLine", Barrier.class)
                                .await(TestSession.SOON)
                                .number())
                        .isZero();
                assertThat(round).succeedsWithin(TestSession.SOON);

                coordinator.getBean(BroadcastGroup.class).send("hello".getBytes());
                assertThat(member.getBean(BroadcastReceiver.class)
                                .receive(TestSession.SOON)
                                .orElseThrow()
                                .bytes())
                        .asString()
                        .isEqualTo("hello");
            });
        });
        assertThat(TestSession.threads()).isEmpty();
    }
}
