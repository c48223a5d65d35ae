package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CamureBarrierAction;
import io.camure.spring.CamureReducer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** What is made when. */
class EarlyBeansTest {

    /** Is made after all post-processors that have an order, as those of camure do. */
    static class Last implements BeanPostProcessor, BeanFactoryAware {

        private List<String> before = List.of();

        @Override
        public void setBeanFactory(BeanFactory beanFactory) {
            before = Stream.of(((DefaultListableBeanFactory) beanFactory).getSingletonNames())
                    .filter(name -> name.contains("amure"))
                    .toList();
        }
    }

    @Test
    void postProcessorsNeedNoOtherBean() {
        ApplicationContextRunner runner = TestSession.coordinator();
        runner.withBean(Last.class)
                .run(context -> assertThat(context.getBean(Last.class).before)
                        .containsExactlyInAnyOrder(
                                "camureListenerBeanPostProcessor",
                                "camureBarrierBeanPostProcessor",
                                "camureGroupAliases"));
    }

    static class Phases {
        @io.camure.spring.CamureBarrier("start-line")
        void step() {}

        @CamureReducer("longest")
        String longest(String one, String other) {
            return one.length() < other.length() ? other : one;
        }

        @CamureBarrierAction("longest")
        void publish(String longest) {}
    }

    @Test
    void anApplicationCanBeProcessedAheadOfTime() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of(
                            "camure.role=coordinator",
                            "camure.groups.start-line.type=barrier",
                            "camure.groups.longest.type=collective",
                            "camure.groups.longest.payload-type=java.lang.String",
                            "camure.groups.words.type=broadcast",
                            "camure.groups.words.payload-type=java.lang.String")
                    .applyTo(context);
            context.register(
                    CamureAutoConfiguration.class,
                    CamureMessagingAutoConfiguration.class,
                    CamureListenerAutoConfiguration.class,
                    CamureBarrierAutoConfiguration.class,
                    CamureGateAutoConfiguration.class,
                    Phases.class);
            InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
            DefaultGenerationContext generation =
                    new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(EarlyBeansTest.class)), files);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            assertThat(files.getGeneratedFiles(Kind.SOURCE)).isNotEmpty();
            assertThat(files.getGeneratedFiles(Kind.CLASS))
                    .anySatisfy((name, file) -> assertThat(name).contains("Phases$$SpringCGLIB"));
            for (String method : List.of("longest", "publish")) {
                assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Phases.class, method))
                        .accepts(generation.getRuntimeHints());
            }
        }
    }
}
