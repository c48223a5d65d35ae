package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureFlip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import tools.jackson.databind.json.JsonMapper;

/** What does not fit together of a flip keeps the application from starting, and is named. */
class FlipRefusalTest {

    private static ApplicationContextRunner application(Class<?>... beans) {
        ApplicationContextRunner runner = TestSession.coordinatorWithoutGroups(0)
                .withPropertyValues(
                        "camure.groups.rates.type=collective",
                        "camure.groups.rates.payload-type=byte[]",
                        "camure.groups.line.type=barrier",
                        "camure.groups.words.type=collective",
                        "camure.groups.words.payload-type=java.lang.String");
        for (Class<?> each : beans) {
            runner = runner.withBean(each);
        }
        return runner;
    }

    private static void assertRefused(ApplicationContextRunner runner, String... parts) {
        runner.run(context -> {
            assertThat(context).hasFailed();
            assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
                    .isInstanceOf(CamureConfigurationException.class)
                    .hasMessageContainingAll(parts);
        });
    }

    @CamureFlip("${its-group:rates}")
    static class Texts {

        String prepare(String value) {
            return value;
        }

        void activate(String prepared) {}
    }

    @Test
    void withoutJsonTextIsFlippedAndDiscardMayBeLeftOut() {
        application(Texts.class).run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"line", "words", "none"})
    void aGroupThatIsNoCollectiveOfBytes(String group) {
        assertRefused(
                application(Texts.class).withPropertyValues("its-group=" + group),
                "Texts has @CamureFlip(\"" + group + "\")",
                "Set camure.groups." + group + ".type to collective and .payload-type to byte[]");
    }

    @Test
    void aGroupWithAReducer() {
        assertRefused(
                application(Texts.class).withPropertyValues("camure.groups.rates.reduce=concat"),
                "Texts has @CamureFlip(\"rates\")",
                "reducer");
    }

    @Test
    void twoBeansForAGroup() {
        assertRefused(application(Texts.class, Others.class), "Texts and Others both have @CamureFlip(\"rates\")");
    }

    @CamureFlip("rates")
    static class Others {

        byte[] prepare(byte[] value) {
            return value;
        }

        void activate(byte[] prepared) {}
    }

    @CamureFlip("rates")
    static class WithoutActivate {

        String prepare(String value) {
            return value;
        }
    }

    @CamureFlip("rates")
    static class PreparesNothing {

        void prepare(String value) {}

        void activate(String prepared) {}
    }

    @CamureFlip("rates")
    static class DiscardsSomethingElse {

        String prepare(String value) {
            return value;
        }

        void activate(String prepared) {}

        void discard(Integer prepared) {}
    }

    @CamureFlip("rates")
    static class Objects {

        String prepare(Runnable value) {
            return value.toString();
        }

        void activate(String prepared) {}
    }

    @Test
    void methodsOfAnotherShape() {
        assertRefused(application(WithoutActivate.class), "WithoutActivate has @CamureFlip", "no method activate");
        assertRefused(application(PreparesNothing.class), "prepare does not make one thing of one value");
        assertRefused(application(DiscardsSomethingElse.class), "discard does not take what prepare returns", "String");
        assertRefused(
                application(Objects.class).withClassLoader(new FilteredClassLoader(JsonMapper.class)),
                "Objects.prepare takes a java.lang.Runnable",
                "no converter");
    }
}
