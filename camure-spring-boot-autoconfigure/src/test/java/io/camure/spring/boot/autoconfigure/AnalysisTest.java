package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.camure.spring.CamureGroups;
import io.camure.spring.CamureListener;
import io.camure.spring.CamureTemplate;
import java.util.function.Consumer;
import kotlin.coroutines.Continuation;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.json.JsonMapper;

/** What an application that does not start says of the reason, and of what to do. */
class AnalysisTest {

    @AfterEach
    void nothingIsLeft() {
        TestSession.assertNoThreadIsLeft();
    }

    private static void assertAnalysed(ApplicationContextRunner runner, String description, String action) {
        runner.run(context -> {
            FailureAnalysis analysis = new CamureFailureAnalyzer().analyze(context.getStartupFailure());
            if (analysis == null) {
                analysis = new CamureConfigurationFailureAnalyzer().analyze(context.getStartupFailure());
            }
            assertThat(analysis).as("%s", context.getStartupFailure()).isNotNull();
            assertThat(analysis.getDescription()).contains(description);
            assertThat(analysis.getAction()).contains(action);
        });
    }

    @Test
    void anUnknownHost() {
        assertAnalysed(
                TestSession.member(9)
                        .withPropertyValues(
                                "camure.member.coordinator-address=nowhere.invalid:7400", "camure.member.startup=fail"),
                "the host name in nowhere.invalid:7400 is not known",
                "camure.member.coordinator-address");
    }

    static class AsksFor {
        AsksFor(CamureGroups groups, Consumer<CamureGroups> question) {
            question.accept(groups);
        }
    }

    private static ApplicationContextRunner asking(Consumer<CamureGroups> question) {
        return TestSession.coordinator()
                .withBean("question", Consumer.class, () -> question)
                .withBean(AsksFor.class);
    }

    @Test
    void aGroupThatIsNotThere() {
        assertAnalysed(asking(groups -> groups.barrier("nowhere")), "'nowhere'", "camure.groups");
        assertAnalysed(asking(groups -> groups.barrier("files")), "files", "camure.groups");
    }

    static class Suspending {
        @CamureListener("files")
        Object on(String content, Continuation<String> continuation) {
            return "";
        }
    }

    static class Answering {
        @CamureListener("files")
        String on(String content) {
            return "";
        }
    }

    @Test
    void aMethodThatDoesMoreThanListen() {
        assertAnalysed(TestSession.member(9).withBean(Suspending.class), "suspend function", "without suspend");
        assertAnalysed(TestSession.member(9).withBean(Answering.class), "it returns String", "make it void");
    }

    record Price(int cents) {}

    static class PriceListener {
        @CamureListener("files")
        void on(Price price) {}
    }

    @Test
    void jackson2InPlaceOfJackson3() {
        ClassLoader withoutJackson3 = new FilteredClassLoader(JsonMapper.class);
        ClassLoader withJackson2 = new ByteBuddy()
                .subclass(Object.class)
                .name("com.fasterxml.jackson.databind.ObjectMapper")
                .make()
                .load(withoutJackson3, ClassLoadingStrategy.Default.WRAPPER)
                .getLoaded()
                .getClassLoader();
        assertAnalysed(
                TestSession.member(9).withClassLoader(withJackson2).withBean(PriceListener.class),
                "to read Price from JSON needs Jackson",
                "which is Jackson 3 (tools.jackson): the Jackson 2");
        TestSession.coordinator()
                .withClassLoader(withJackson2)
                .run(context -> assertThat(catchThrowable(
                                () -> context.getBean(CamureTemplate.class).send("files", new Price(1))))
                        .hasMessageContaining("Jackson 2"));
    }
}
