package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.camure.Barrier;
import io.camure.CamureException;
import io.camure.GroupConfig;
import io.camure.RoundTimeoutException;
import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureBarrier.When;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureGroups;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Barriers around methods. */
class BarrierMethodTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    interface Step {
        void step() throws InterruptedException;
    }

    static class Simulation implements Step {

        final List<String> log = new CopyOnWriteArrayList<>();

        @Override
        @CamureBarrier(group = "start-line", timeout = "30s")
        public void step() {
            log.add("step");
        }

        @CamureBarrier(group = "${its-group}", when = When.AFTER)
        String end(String result) {
            log.add("end");
            if (result.isEmpty()) {
                throw new IllegalStateException("no result");
            }
            return result;
        }

        @CamureBarrier(group = "start-line", timeout = "${its-timeout}")
        void impatient() {
            log.add("impatient");
        }

        @CamureBarrier("start-line")
        int patient() {
            return 42;
        }
    }

    private static ApplicationContextRunner coordinator() {
        return TestSession.coordinator()
                .withPropertyValues("its-group=finish", "its-timeout=50ms")
                .withBean(Simulation.class);
    }

    static class AtLateGroup {

        @CamureBarrier("late")
        int pass() {
            return 42;
        }
    }

    @Test
    void aGroupThatWasRemovedAndAddedAnewInCodeIsWaitedAt() {
        coordinator()
                .withBean(
                        AtLateGroup.class,
                        AtLateGroup::new,
                        definition -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE))
                .run(coordinator -> {
                    CamureGroups groups = coordinator.getBean(CamureGroups.class);
                    GroupConfig impatient =
                            GroupConfig.builder().timeout(Duration.ofMillis(50)).build();
                    groups.createBarrier("late", impatient);
                    AtLateGroup bean = coordinator.getBean(AtLateGroup.class);
                    assertThatExceptionOfType(RoundTimeoutException.class).isThrownBy(bean::pass);
                    groups.remove("late");
                    assertThatExceptionOfType(CamureConfigurationException.class)
                            .isThrownBy(bean::pass)
                            .withMessageContaining("'late'");
                    groups.createBarrier("late", impatient);
                    assertThatExceptionOfType(RoundTimeoutException.class).isThrownBy(bean::pass);
                });
    }

    @Test
    void aMethodIsCalledWhenAllHaveMet() {
        coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    Simulation simulation = coordinator.getBean(Simulation.class);
                    Barrier startLine = member.getBean("start-line", Barrier.class);
                    assertThatExceptionOfType(RoundTimeoutException.class).isThrownBy(simulation::impatient);
                    CompletableFuture<Void> step = CompletableFuture.runAsync(simulation::step);
                    assertThat(log(coordinator)).isEmpty();
                    startLine.await(TestSession.SOON);
                    assertThat(step).succeedsWithin(TestSession.SOON);
                    assertThat(log(coordinator)).containsExactly("step");
                    CompletableFuture<Integer> patient = CompletableFuture.supplyAsync(simulation::patient);
                    startLine.await(TestSession.SOON);
                    assertThat(patient).succeedsWithin(TestSession.SOON).isEqualTo(42);
                }));
    }

    /** A proxy has fields of its own, which are not those of its target. */
    private static List<String> log(AssertableApplicationContext context) throws Exception {
        Object target =
                ((Advised) context.getBean(Simulation.class)).getTargetSource().getTarget();
        return ((Simulation) target).log;
    }

    @Test
    void aMethodReturnsWhenAllHaveMetAfterIt() {
        coordinator()
                .run(coordinator -> TestSession.memberOf(coordinator).run(member -> {
                    Simulation simulation = coordinator.getBean(Simulation.class);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> simulation.end(""))
                            .withMessage("no result");
                    CompletableFuture<String> end = CompletableFuture.supplyAsync(() -> simulation.end("result"));
                    member.getBean("finish", Barrier.class).await(TestSession.SOON);
                    assertThat(end).succeedsWithin(TestSession.SOON).isEqualTo("result");
                    assertThat(log(coordinator)).containsExactly("end", "end");
                }));
    }

    @Test
    void whoIsInterruptedIsTold() {
        coordinator().run(coordinator -> {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(CamureException.class)
                    .isThrownBy(coordinator.getBean(Simulation.class)::step)
                    .withCauseInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
        });
    }

    @Test
    void theBarrierIsOutsideOfOtherProxies() {
        List<String> calls = new CopyOnWriteArrayList<>();
        ProxyFactory factory = new ProxyFactory(new Simulation());
        factory.setProxyTargetClass(true);
        factory.addAdvice((MethodInterceptor) invocation -> {
            calls.add(invocation.getMethod().getName());
            return invocation.proceed();
        });
        TestSession.coordinator()
                .withPropertyValues("its-group=finish", "its-timeout=50ms")
                .withBean(Simulation.class, () -> (Simulation) factory.getProxy())
                .run(context -> {
                    Simulation simulation = context.getBean(Simulation.class);
                    assertThatExceptionOfType(RoundTimeoutException.class).isThrownBy(simulation::impatient);
                    assertThat(calls).isEmpty();
                });
    }

    static class OnlyStep implements Step {
        @Override
        @CamureBarrier(group = "start-line", timeout = "50ms")
        public void step() {}
    }

    @Test
    void aProxyOfInterfacesWorksAsWell() {
        TestSession.coordinator()
                .withPropertyValues("spring.aop.proxy-target-class=false")
                .withBean("step", Step.class, OnlyStep::new)
                .run(context -> {
                    assertThat(context.getBean(Step.class)).isNotInstanceOf(OnlyStep.class);
                    assertThatExceptionOfType(RoundTimeoutException.class)
                            .isThrownBy(context.getBean(Step.class)::step);
                });
    }

    @Test
    void aDisabledSessionKeepsNobodyWaiting() {
        coordinator()
                .withPropertyValues("camure.enabled=false")
                .run(context ->
                        assertThat(context.getBean(Simulation.class).patient()).isEqualTo(42));
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @CamureBarrier(group = "start-line", timeout = "50ms")
    @interface AtStartLine {}

    static class MetaAnnotated {
        @AtStartLine
        void step() {}
    }

    @Test
    void anAnnotationOfTheApplicationPutsABarrierToo() {
        TestSession.coordinator()
                .withBean(MetaAnnotated.class)
                .run(context -> assertThatExceptionOfType(RoundTimeoutException.class)
                        .isThrownBy(context.getBean(MetaAnnotated.class)::step));
    }

    static class Unknown {
        @CamureBarrier("nowhere")
        void step() {}
    }

    static class AtBroadcast {
        @CamureBarrier("files")
        void step() {}
    }

    static class WithoutTime {
        @CamureBarrier(group = "finish", timeout = "soon")
        void step() {}
    }

    static class NoTime {
        @CamureBarrier(group = "finish", timeout = "0s")
        void step() {}
    }

    static class Hidden {
        @CamureBarrier("finish")
        private void step() {}
    }

    static class Last {
        @CamureBarrier("finish")
        final void step() {}
    }

    private static void assertRejected(ApplicationContextRunner runner, Class<?> type, String... parts) {
        runner.withBean(type)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(CamureConfigurationException.class)
                        .hasMessageContaining(type.getSimpleName() + ".step")
                        .hasMessageContainingAll(parts));
    }

    @Test
    void whatCanNotWorkKeepsTheApplicationFromStarting() {
        ApplicationContextRunner runner = TestSession.coordinator();
        assertRejected(runner, Unknown.class, "'nowhere'", "no such group", "[start-line, finish]");
        assertRejected(runner, AtBroadcast.class, "'files'", "that is a broadcast", "[start-line, finish]");
        assertRejected(runner, WithoutTime.class, "timeout = soon", "30s");
        assertRejected(runner, NoTime.class, "timeout = 0s", "30s");
        assertRejected(runner, Hidden.class, "private", "Make the method public");
        assertRejected(runner, Last.class, "final", "Make the method public");
        assertRejected(TestSession.application(), Unknown.class, "no camure session", "Set camure.role");
    }
}
