package io.camure.spring.flip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a value when those that decide on it lose each other just then. */
class FlipDoubtTest {

    private static final class Node implements Steps {

        final Flip flip = new Flip("test", this);
        final List<String> steps = new ArrayList<>();
        boolean isPicky;

        @Override
        public Object prepare(byte[] value) {
            if (isPicky) {
                throw new IllegalStateException("x".repeat(600));
            }
            return new String(value, StandardCharsets.UTF_8);
        }

        @Override
        public void activate(Object prepared) {
            steps.add("activate " + prepared);
        }

        @Override
        public void discard(Object prepared) {
            steps.add("discard " + prepared);
        }
    }

    private final Node one = new Node();
    private final Node two = new Node();
    private final Node three = new Node();

    private static List<Contribution> contributions(Flip.@Nullable Proposal proposal, Node... nodes) {
        List<Contribution> all = new ArrayList<>();
        for (Node each : nodes) {
            all.add(each.flip.contribution(all.isEmpty() ? proposal : null));
        }
        return all;
    }

    /** A round whose proposal is that of the first. */
    private static Flip.Result round(Flip.@Nullable Proposal proposal, Node... nodes) {
        List<Contribution> all = contributions(proposal, nodes);
        Flip.Result first = nodes[0].flip.onRound(all, 0);
        for (int rank = 1; rank < nodes.length; rank++) {
            nodes[rank].flip.onRound(all, rank);
        }
        return first;
    }

    private static Flip.Proposal proposal(long id, String value) {
        return new Flip.Proposal(id, value.getBytes(StandardCharsets.UTF_8));
    }

    private void onlyTheFirstLearnsThatItIsDecided(long id) {
        round(proposal(id, "P"), one, two, three);
        one.flip.onRound(contributions(null, one, two, three), 0);
        List.of(one, two, three).forEach(each -> each.flip.onLost());
    }

    @Test
    void whoMeetsOneThatHasActivatedItActivatesWhatItHasPrepared() {
        onlyTheFirstLearnsThatItIsDecided(1);
        Flip.Result result = round(null, two, one, three);
        assertThat(result.isOpen()).isTrue();
        List.of(one, two, three).forEach(each -> assertThat(each.steps).containsExactly("activate P"));
        assertThat(round(null, two, one, three).common()).isEqualTo(one.flip.active());
    }

    @Test
    void whoMeetsNobodyThatHasDiscardsIt() {
        onlyTheFirstLearnsThatItIsDecided(1);
        round(null, two, three);
        assertThat(two.steps).containsExactly("discard P");
        assertThat(three.steps).containsExactly("discard P");
    }

    @Test
    void whatWasActivatedSinceCountsMoreThanWhatOneAloneHasActivated() {
        onlyTheFirstLearnsThatItIsDecided(Long.MAX_VALUE);
        round(proposal(Long.MIN_VALUE, "Q"), two, three);
        round(null, two, three);
        assertThat(round(null, two, three).common()).isEqualTo(two.flip.active());

        while (round(null, two, three, one).isOpen()) {
            // Until all are alike.
        }
        assertThat(one.steps).containsExactly("activate P", "activate Q");
        assertThat(two.steps).containsExactly("discard P", "activate Q");
    }

    @Test
    void whoRefusesSaysSoInFewWords() {
        two.isPicky = true;
        round(proposal(1, "P"), one, two);
        Flip.Result result = round(null, one, two);
        assertThat(result.isActivated()).isFalse();
        assertThat(result.refusals()).containsOnlyKeys(1).containsValue("x".repeat(500));
        assertThat(result.isOpen()).isFalse();
        assertThat(one.steps).containsExactly("discard P");
        assertThat(two.steps).isEmpty();
    }

    @Test
    void whatIsNoContributionIsRefused() {
        for (byte[] each : List.of(new byte[0], new byte[42], new byte[] {1, 9})) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Contribution.decode(each))
                    .withMessageContaining("nothing that a flip gives");
        }
    }
}
