package io.camure.test;

import io.camure.CoordinatorGroup;
import io.camure.Round;
import org.jspecify.annotations.Nullable;

/** Entry point for assertions on what sessions do; to be imported statically, beside AssertJ's own. */
public final class CamureAssertions {

    private CamureAssertions() {}

    public static RoundAssert assertThat(@Nullable Round actual) {
        return new RoundAssert(actual);
    }

    public static CoordinatorGroupAssert assertThat(@Nullable CoordinatorGroup actual) {
        return new CoordinatorGroupAssert(actual);
    }

    public static CamureTestInboxAssert assertThat(@Nullable CamureTestInbox actual) {
        return new CamureTestInboxAssert(actual);
    }
}
