package io.camure.spring.boot.test.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Collective;
import io.camure.CollectiveConfig;
import io.camure.Reducer;
import io.camure.ValueCodec;
import io.camure.spring.boot.test.CamureTest;
import io.camure.test.CamureTestNetwork;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationContext;

/** What collectives and flips call of an application is in a slice of it. */
@CamureTest(
        properties = {
            "spring.config.name=slice",
            "camure.role=coordinator",
            "camure.groups.held-rates.type=collective",
            "camure.groups.held-rates.payload-type=byte[]",
            "camure.groups.held-limits.type=collective",
            "camure.groups.held-limits.payload-type=byte[]",
            "camure.groups.total.type=collective",
            "camure.groups.total.id=3",
            "camure.groups.total.payload-type=java.lang.String"
        })
class CollectiveSliceTest {

    @Autowired
    ApplicationContext context;

    @Test
    void hasWhatIsFlippedAndReduced() {
        assertThat(context.getBeanNamesForType(Rates.class)).hasSize(1);
        assertThat(context.getBeanNamesForType(Limits.class)).hasSize(1);
        assertThat(context.getBeanNamesForType(Totals.class)).hasSize(1);
        assertThat(context.getBeanNamesForType(Publication.class)).hasSize(1);
        assertThat(context.getBeanNamesForType(Unrelated.class)).isEmpty();
    }

    @Test
    void aRoundIsReducedByThem(
            @Autowired CamureTestNetwork network, @Autowired @Qualifier("total") Collective<String> total)
            throws Exception {
        CollectiveConfig<String> config = CollectiveConfig.builder(ValueCodec.strings())
                .reducer(Reducer.of("join", String::concat))
                .build();
        network.joinMember("alice").joinCollective("total", config).allReduceAsync("b");

        assertThat(total.allReduceAsync("a").get(30, TimeUnit.SECONDS).value()).isEqualTo("ab");
    }
}
