package io.camure.test;

import io.camure.Node;
import io.camure.Round;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** Assertions on a completed round. */
public final class RoundAssert extends AbstractAssert<RoundAssert, Round> {

    RoundAssert(@Nullable Round actual) {
        super(actual, RoundAssert.class);
    }

    /** @param number counts from 0 */
    public RoundAssert hasNumber(long number) {
        isNotNull();
        Assertions.assertThat(actual.number()).as(what("number")).isEqualTo(number);
        return this;
    }

    /** @param participants the coordinator included */
    public RoundAssert hasParticipants(int participants) {
        isNotNull();
        Assertions.assertThat(actual.size()).as(what("participants")).isEqualTo(participants);
        return this;
    }

    /** That exactly these members were lost since the round before; known at the coordinator only. */
    public RoundAssert hasLost(CamureTestMember... members) {
        isNotNull();
        Assertions.assertThat(actual.lostMembers())
                .extracting(Node::address)
                .as(what("lost members"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(members).map(CamureTestMember::address).toList());
        return this;
    }

    /** That this node has waited for the others at most so long. */
    public RoundAssert tookAtMost(Duration duration) {
        isNotNull();
        Assertions.assertThat(actual.duration()).as(what("duration")).isLessThanOrEqualTo(duration);
        return this;
    }

    private String what(String property) {
        return "%s of %s".formatted(property, actual);
    }
}
