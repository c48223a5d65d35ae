package io.camure.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The classes that messages of a group may be of. */
class MessageTypesTest {

    private static String messages(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            messages.append(each.getMessage()).append(' ');
        }
        return messages.toString();
    }

    @Test
    void typesThatCanNotBeTheGroupsAreRefused() {
        TestSession.coordinator()
                .withPropertyValues("camure.groups.files.types.text=java.lang.String")
                .withPropertyValues("camure.groups.files.payload-type=java.lang.Number")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("camure.groups.files.types.", "is no java.lang.Number"));
        TestSession.coordinator()
                .withPropertyValues("camure.groups.files.types.rate=com.example.Missing")
                .run(context ->
                        assertThat(messages(context.getStartupFailure())).contains("com.example.Missing"));
        TestSession.coordinator()
                .withPropertyValues("camure.groups.finish.types.rate=java.lang.String")
                .run(context -> assertThat(messages(context.getStartupFailure()))
                        .contains("camure.groups.finish.types", "barrier"));
        TestSession.coordinator()
                .withPropertyValues(
                        "camure.groups.files.types.a=java.lang.String", "camure.groups.files.types.b=java.lang.String")
                .run(context ->
                        assertThat(messages(context.getStartupFailure())).contains("both"));
    }
}
