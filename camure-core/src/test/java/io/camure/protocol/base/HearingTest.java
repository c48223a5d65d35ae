package io.camure.protocol.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.GroupDelivery;
import org.junit.jupiter.api.Test;

/** Whom a coordinator takes for deaf, by what it hears of it. */
class HearingTest {

    private static final int FIRST_PROBE = 100;

    private final Hearing hearing = new Hearing(GroupDelivery.AUTO, true, FIRST_PROBE);
    private final Hearing legacy = new Hearing(GroupDelivery.AUTO, false, FIRST_PROBE);
    private int probe = FIRST_PROBE;
    private int heard;

    private void hearProbes(int count) {
        for (int i = 0; i < count; i++) {
            probe++;
            heard = probe;
            hearing.onTold(heard, probe);
        }
    }

    private void missProbes(int count) {
        for (int i = 0; i < count; i++) {
            probe++;
            hearing.onTold(heard, probe);
        }
    }

    /** The last one that was sent may still be on its way. */
    private void getDeaf() {
        missProbes(3);
        assertThat(hearing.isDeaf()).isTrue();
    }

    @Test
    void aNodeIsUnknownUntilItHasHeardOneProbe() {
        assertThat(hearing.hears()).isFalse();
        assertThat(hearing.isUnknown()).isTrue();
        assertThat(hearing.isDeaf()).isFalse();
        assertThat(hearing.takeChange()).isFalse();

        hearProbes(1);

        assertThat(hearing.hears()).isTrue();
        assertThat(hearing.takeChange()).isTrue();
        assertThat(hearing.takeChange()).isFalse();
        assertThat(hearing.wasDeaf()).isFalse();
    }

    @Test
    void aNodeThatHasNeverHeardAnyIsDeafAfterTwoThatItMissed() {
        probe++;
        hearing.onTold(0, probe);
        probe++;
        hearing.onTold(0, probe);
        assertThat(hearing.isDeaf()).isFalse();
        probe++;
        hearing.onTold(0, probe);

        assertThat(hearing.isDeaf()).isTrue();
        assertThat(hearing.isUnknown()).isFalse();
        assertThat(hearing.takeChange()).isTrue();
    }

    @Test
    void twoMissedProbesMakeANodeDeafAndThreeEchoesBringItBack() {
        hearProbes(1);
        missProbes(2);
        assertThat(hearing.hears()).isTrue();
        missProbes(1);
        assertThat(hearing.hears()).isFalse();

        hearProbes(2);
        assertThat(hearing.hears()).as("not sure yet").isFalse();
        hearProbes(1);
        assertThat(hearing.hears()).isTrue();
        assertThat(hearing.isDeaf()).isFalse();
        assertThat(hearing.wasDeaf()).isTrue();
    }

    @Test
    void echoesThatAreNotInARowDoNotBringItBack() {
        hearProbes(1);
        getDeaf();
        for (int i = 0; i < 20; i++) {
            missProbes(1);
            hearProbes(1);
        }

        assertThat(hearing.hears()).isFalse();
    }

    @Test
    void eachRelapseTakesTwiceAsManyEchoes() {
        hearProbes(1);
        int[] needed = new int[6];
        for (int relapse = 0; relapse < needed.length; relapse++) {
            getDeaf();
            while (!hearing.hears()) {
                hearProbes(1);
                needed[relapse]++;
            }
        }

        assertThat(needed).containsExactly(3, 6, 12, 24, 24, 24);
    }

    @Test
    void threeAnswersOnlyToWhatWasSentToItAloneMakeANodeDeaf() {
        hearProbes(1);
        for (Hearing one : new Hearing[] {hearing, legacy}) {
            one.onUnheard();
            one.onUnheard();
            one.onHeard();
            one.onUnheard();
            one.onUnheard();
            assertThat(one.hears()).isTrue();
            one.onUnheard();
            assertThat(one.isDeaf()).isTrue();
        }
    }

    @Test
    void aLegacyNodeIsTakenToHear() {
        legacy.onTold(0, FIRST_PROBE + 10);

        assertThat(legacy.hears()).isTrue();
        assertThat(legacy.isUnknown()).isFalse();
    }

    @Test
    void probesOfAnEarlierIncarnationDoNotCount() {
        probe++;
        hearing.onTold(probe + 1, probe);
        hearing.onTold(probe - (1 << 20), probe);
        hearing.onTold(Integer.MIN_VALUE + probe, probe);

        assertThat(hearing.hears()).isFalse();
    }

    @Test
    void numbersGoOnFromTheHighestOne() {
        Hearing wrapping = new Hearing(GroupDelivery.AUTO, true, Integer.MAX_VALUE);
        wrapping.onTold(Integer.MIN_VALUE, Integer.MIN_VALUE);

        assertThat(wrapping.hears()).isTrue();
    }

    @Test
    void nothingIsFoundOutWhereTheWayIsConfigured() {
        Hearing multicast = new Hearing(GroupDelivery.MULTICAST, true, FIRST_PROBE);
        Hearing unicast = new Hearing(GroupDelivery.UNICAST, true, FIRST_PROBE);
        for (Hearing one : new Hearing[] {multicast, unicast}) {
            one.onTold(0, FIRST_PROBE + 10);
            one.onTold(FIRST_PROBE + 10, FIRST_PROBE + 10);
            for (int i = 0; i < 10; i++) {
                one.onUnheard();
            }
            assertThat(one.isDeaf()).isFalse();
            assertThat(one.isUnknown()).isFalse();
            assertThat(one.takeChange()).isFalse();
        }

        assertThat(multicast.hears()).isTrue();
        assertThat(unicast.hears()).isFalse();
    }
}
