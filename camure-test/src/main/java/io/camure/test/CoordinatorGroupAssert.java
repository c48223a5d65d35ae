package io.camure.test;

import io.camure.CoordinatorGroup;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** Assertions on who is in a group, at its coordinator. */
public final class CoordinatorGroupAssert extends AbstractAssert<CoordinatorGroupAssert, CoordinatorGroup> {

    CoordinatorGroupAssert(@Nullable CoordinatorGroup actual) {
        super(actual, CoordinatorGroupAssert.class);
    }

    /** That exactly these are in. */
    public CoordinatorGroupAssert hasMembers(CamureTestMember... members) {
        isNotNull();
        Assertions.assertThat(actual.members())
                .as("members of %s", actual)
                .extracting(member -> member.node().address())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(members).map(CamureTestMember::address).toList());
        return this;
    }

    /** That so many are in. */
    public CoordinatorGroupAssert hasMemberCount(int count) {
        isNotNull();
        Assertions.assertThat(actual.members()).as("members of %s", actual).hasSize(count);
        return this;
    }
}
