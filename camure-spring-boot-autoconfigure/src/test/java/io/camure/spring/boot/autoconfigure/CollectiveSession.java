package io.camure.spring.boot.autoconfigure;

import io.camure.Coordinator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Application contexts with collectives: one whose greatest value counts, one of the application's own values, one without a reducer. */
final class CollectiveSession {

    /** What an application knows of its work. */
    record Progress(int done, String by) {

        Progress merge(Progress other) {
            return new Progress(done + other.done(), by + "+" + other.by());
        }
    }

    private CollectiveSession() {}

    static ApplicationContextRunner coordinator() {
        return withGroups(TestSession.coordinatorWithoutGroups(0));
    }

    static ApplicationContextRunner memberOf(ApplicationContext coordinator) {
        return withGroups(TestSession.memberWithoutGroups(
                coordinator.getBean(Coordinator.class).address().getPort()));
    }

    private static ApplicationContextRunner withGroups(ApplicationContextRunner runner) {
        return TestSession.json(runner)
                .withPropertyValues(
                        "camure.groups.max-version.type=collective",
                        "camure.groups.max-version.id=0",
                        "camure.groups.max-version.expected-members=1",
                        "camure.groups.max-version.reduce=max",
                        "camure.groups.max-version.payload-type=java.lang.Long",
                        "camure.groups.progress.type=collective",
                        "camure.groups.progress.id=1",
                        "camure.groups.progress.expected-members=1",
                        "camure.groups.progress.payload-type=" + Progress.class.getName(),
                        "camure.groups.words.type=collective",
                        "camure.groups.words.id=2",
                        "camure.groups.words.expected-members=1",
                        "camure.groups.words.payload-type=java.lang.String");
    }
}
