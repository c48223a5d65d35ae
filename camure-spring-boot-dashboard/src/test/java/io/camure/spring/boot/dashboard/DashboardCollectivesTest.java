package io.camure.spring.boot.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the page makes of what collectives tell. */
class DashboardCollectivesTest {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final String COLLECTIVE = "section[aria-label='collective progress']";

    private Stage stage;

    @BeforeEach
    void raise() throws Exception {
        stage = new Stage();
    }

    @AfterEach
    void strike() {
        stage.close();
    }

    private void open(Scene scene) {
        stage.tells(scene.now(), scene.past());
        browser.open(stage.page(), 1440, 1000, "light");
        browser.awaitText("#updated", "read ");
    }

    private static String text(String css) {
        return browser.text(css);
    }

    @Test
    void aCollectiveShowsAtItsCoordinatorWhoHasGivenWhatWasReduced() {
        Map<String, Object> last = Map.of(
                "number",
                7,
                "operation",
                "allReduce",
                "endedMillis",
                1200,
                "rank",
                0,
                "participants",
                List.of("orders-7f9c", "node-0"),
                "values",
                Map.of("outcome", "43"));
        Map<String, Object> given = Map.of(
                "number",
                7,
                "operation",
                "allReduce",
                "values",
                Map.of("byNode", Map.of("orders-7f9c", "41", "node-0", "43")));
        open(Scene.of(1).collective(Map.of("last", last, "given", given)));

        assertThat(text(COLLECTIVE + " .last-outcome"))
                .contains("allReduce of round 7 gave 43", "In allReduce of round 7 were given");
        assertThat(text(COLLECTIVE + " .given")).contains("orders-7f9c 41", "node-0 43");
    }

    @Test
    void aCollectiveShowsWhatCameOfItsLastRoundAndWhoHasGivenWhat() {
        open(Scene.of(2)
                .collective(Map.of(
                        "last",
                        Map.of(
                                "number",
                                7,
                                "operation",
                                "allGather",
                                "endedMillis",
                                1200,
                                "rank",
                                0,
                                "participants",
                                List.of("orders-7f9c", "node-0", "node-1"),
                                "values",
                                Map.of("byNode", Map.of("orders-7f9c", "41", "node-0", "42"))))));

        assertThat(text(COLLECTIVE + " .outcome"))
                .isEqualTo("allGather of round 7 gathered their values, of 3 nodes, here rank 0, 1.2 s ago");
        assertThat(text(COLLECTIVE + " .given")).contains("orders-7f9c 41", "node-0 42");
        assertThat(text(COLLECTIVE + " .last-outcome")).doesNotContain("were given");
        assertThat(text("#overall")).contains("All is well");
        browser.assertNoErrors();
    }

    @Test
    void nodesThatDidNotCallTheSameAreNamedWithWhatTheyCalled() {
        open(Scene.of(2)
                .collective(Map.of(
                        "lastMismatch",
                        Map.of(
                                "number", 7,
                                "endedMillis", 3000,
                                "calls", Map.of("node-1", "allReduce(sum of long)")))));

        assertThat(text(COLLECTIVE + " .held"))
                .isEqualTo("The nodes did not call the same in round 7, 3 s ago: node-1 allReduce(sum of long).");
        assertThat(text("#overall")).contains("the nodes of progress did not call the same, 3 s ago");
        browser.assertNoErrors();
    }
}
