package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.CamureBarrier;
import io.camure.spring.CamureBarrier.When;
import io.camure.spring.CamureBarrierAction;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.CamureReducer;
import io.camure.spring.boot.autoconfigure.CollectiveSession.Progress;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

/** What is missing or does not fit together of a collective keeps the application from starting, and is named. */
class CollectiveRefusalTest {

    private static void assertRefused(ApplicationContextRunner runner, String... parts) {
        runner.run(context -> {
            assertThat(context).hasFailed();
            assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
                    .isInstanceOf(CamureConfigurationException.class)
                    .hasMessageContainingAll(parts);
        });
    }

    private static ApplicationContextRunner application(String... properties) {
        return CollectiveSession.coordinator().withPropertyValues(properties);
    }

    @ParameterizedTest
    @CsvSource({
        "java.lang.String, sum, 'java.lang.String', '[concat]'",
        "double, or, 'java.lang.Double', '[sum, min, max]'",
        "java.lang.Boolean, concat, 'java.lang.Boolean', '[and, or]'",
        "byte[], min, 'byte[]', '[concat]'",
    })
    void aReducerThatDoesNotFitTheValues(String type, String reduce, String named, String fitting) {
        assertRefused(
                application("camure.groups.words.payload-type=" + type, "camure.groups.words.reduce=" + reduce),
                "camure.groups.words.reduce is " + reduce,
                "camure.groups.words.payload-type is " + named,
                "Set it to one of " + fitting);
    }

    @Test
    void aBuiltInReducerOfObjects() {
        assertRefused(
                application("camure.groups.progress.reduce=sum"),
                "camure.groups.progress.reduce is sum",
                "CollectiveSession$Progress",
                "camure.groups.progress.reducer name a BinaryOperator<Progress> bean");
    }

    @Test
    void twoReducers() {
        assertRefused(
                application("camure.groups.max-version.reducer=mine"),
                "camure.groups.max-version.reduce is max",
                "camure.groups.max-version.reducer is mine",
                "Remove one of them");
    }

    @Test
    void valuesWithoutAType() {
        assertRefused(
                TestSession.coordinatorWithoutGroups(0).withPropertyValues("camure.groups.any.type=collective"),
                "camure.groups.any.payload-type is not set",
                "java.lang.Long");
    }

    @Test
    void aReducerThatIsNoBean() {
        BinaryOperator<String> own = String::concat;
        assertRefused(
                application("camure.groups.words.reducer=mine").withBean("own", BinaryOperator.class, () -> own),
                "camure.groups.words.reducer is mine",
                "no bean of this name",
                "which are [own]",
                "@CamureReducer(\"words\")");
        assertRefused(
                application("camure.groups.words.reducer=mine").withBean("mine", String.class, () -> ""),
                "that bean is no BinaryOperator");
    }

    static class OfLongs implements BinaryOperator<Long> {
        @Override
        public Long apply(Long one, Long other) {
            return one * other;
        }
    }

    @Test
    void aReducerOfOtherValues() {
        assertRefused(
                application("camure.groups.words.reducer=mine").withBean("mine", OfLongs.class),
                "camure.groups.words.reducer is mine",
                "BinaryOperator<Long>",
                "the payload-type is java.lang.String");
    }

    static class WithReducer {
        @CamureReducer("words")
        String join(String one, Object other) {
            return one + other;
        }
    }

    static class WithOtherReducer {
        @CamureReducer("words")
        String joinAlso(String one, String other) {
            return other + one;
        }
    }

    @Test
    void severalReducersOfOneGroup() {
        assertRefused(
                application("camure.groups.words.reduce=concat").withBean(WithReducer.class),
                "camure.groups.words.reduce is set",
                "WithReducer.join has @CamureReducer for the same group");
        assertRefused(
                application().withBean(WithReducer.class).withBean(WithOtherReducer.class),
                "WithReducer.join",
                "WithOtherReducer.joinAlso",
                "both have @CamureReducer(\"words\")");
    }

    static class OfOneValue {
        @CamureReducer("progress")
        Progress merge(Progress one) {
            return one;
        }
    }

    static class OfText {
        @CamureReducer("progress")
        Object merge(Progress one, Progress other) {
            return one;
        }
    }

    static class AtNoCollective {
        @CamureReducer("start-line")
        String join(String one, String other) {
            return one;
        }
    }

    static class ActionOfNothing {
        @CamureBarrierAction("progress")
        void act() {}
    }

    static class ActionWithoutReducer {
        @CamureBarrierAction("words")
        void act(String word) {}
    }

    @Test
    void methodsThatCanNotBeCalledWithTheValues() {
        assertRefused(
                application().withBean(OfOneValue.class), "OfOneValue.merge", "does not make one Progress of two");
        assertRefused(application().withBean(OfText.class), "OfText.merge", "does not make one Progress of two");
        assertRefused(
                application().withBean(AtNoCollective.class),
                "AtNoCollective.join",
                "camure.groups has no collective of this name",
                "[max-version, progress, words]");
        assertRefused(
                application().withBean(ActionOfNothing.class),
                "ActionOfNothing.act",
                "does not make another Progress of one");
        assertRefused(
                application().withBean(ActionWithoutReducer.class),
                "camure.groups.words has a @CamureBarrierAction",
                "no reducer");
    }

    @Test
    void objectsWithoutAConverter() {
        assertRefused(
                TestSession.coordinatorWithoutGroups(0)
                        .withPropertyValues(
                                "camure.groups.progress.type=collective",
                                "camure.groups.progress.payload-type=java.util.Locale")
                        .withClassLoader(new FilteredClassLoader(JsonMapper.class)),
                "camure.groups.progress.payload-type is java.util.Locale",
                "spring-boot-starter-jackson");
    }

    @ParameterizedTest
    @CsvSource({
        "barrier, reduce=sum, reduce is set",
        "broadcast, reducer=mine, reducer is set",
        "barrier, maximum-value=1KB, maximum-value is set",
        "collective, gate=readiness, gate is set",
        "collective, slow-member=evict, slow-member is evict",
    })
    void whatAnotherTypeOfGroupHas(String type, String setting, String named) {
        assertRefused(
                TestSession.coordinatorWithoutGroups(0)
                        .withPropertyValues(
                                "camure.groups.any.type=" + type,
                                "camure.groups.any." + setting,
                                type.equals("collective") ? "camure.groups.any.payload-type=long" : "some=other"),
                "camure.groups.any." + named);
    }

    static class GivesNothing {
        @CamureBarrier("max-version")
        void run() {}
    }

    static class GivesWithoutReducer {
        @CamureBarrier(group = "words", contribute = "'a'")
        void run() {}
    }

    static class GivesResultBefore {
        @CamureBarrier(group = "max-version", contribute = "#result")
        long run() {
            return 1;
        }
    }

    static class GivesOneOfMany {
        @CamureBarrier(group = "max-version", contribute = "#result", when = When.AFTER)
        Flux<Long> run() {
            return Flux.empty();
        }
    }

    static class ReplacesOther {
        @CamureBarrier(group = "max-version", contribute = "1", when = When.AFTER, replaceResult = true)
        String run() {
            return "";
        }
    }

    static class GivesUnreadable {
        @CamureBarrier(group = "max-version", contribute = "#(")
        void run() {}
    }

    @Test
    void methodsThatDoNotGiveWhatTheirGroupTakes() {
        assertRefused(application().withBean(GivesNothing.class), "GivesNothing.run", "without contribute");
        assertRefused(
                application().withBean(GivesWithoutReducer.class),
                "GivesWithoutReducer.run",
                "nothing that reduces",
                "camure.groups.words.reduce");
        assertRefused(
                application().withBean(GivesResultBefore.class),
                "GivesResultBefore.run",
                "contribute = #result",
                "no result before the call");
        assertRefused(application().withBean(GivesOneOfMany.class), "GivesOneOfMany.run", "several results");
        assertRefused(
                application().withBean(ReplacesOther.class),
                "ReplacesOther.run",
                "returns String",
                "values of the group are Long");
        assertRefused(application().withBean(GivesUnreadable.class), "GivesUnreadable.run", "not a valid expression");
        assertRefused(TestSession.coordinator().withBean(GivesAtBarrier.class), "GivesAtBarrier.run", "is a barrier");
    }

    static class GivesAtBarrier {
        @CamureBarrier(group = "start-line", contribute = "1")
        void run() {}
    }
}
