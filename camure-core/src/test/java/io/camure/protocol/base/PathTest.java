package io.camure.protocol.base;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.wire.PathReport;
import org.junit.jupiter.api.Test;

/** How long datagrams to a node are, by what it reports of probes. */
class PathTest {

    private static final int ETHERNET = 1472;

    private final Path path = new Path(PathSizes.given(ETHERNET), true, 0, 0);
    private long nowNanos = SECONDS.toNanos(1);
    private int round;

    private void report(int unicastBytes, int multicastBytes) {
        if (path.isTried()) {
            nowNanos = path.nextRoundNanos();
        }
        assertThat(path.begin(nowNanos)).isTrue();
        round++;
        path.onRound(round, nowNanos);
        path.onReport(new PathReport(0, round, unicastBytes, multicastBytes, true), round, true, nowNanos);
    }

    private void report(int count, int unicastBytes, int multicastBytes) {
        for (int i = 0; i < count; i++) {
            report(unicastBytes, multicastBytes);
        }
    }

    @Test
    void isTheShorterOneOfBothWays() {
        report(3, 0, 0);
        assertThat(path.isSearching()).isTrue();
        report(3, 1400, 1300);

        assertThat(path.isTried()).isFalse();
        assertThat(path.bytes()).isEqualTo(1300);
        assertThat(path.isLowered()).isTrue();
        assertThat(path.takeChange()).isTrue();
        assertThat(path.takeChange()).isFalse();
    }

    @Test
    void isTheLongestOfWhatWasEverReported() {
        report(3, 0, 0);
        report(1, 1300, 1300);
        report(1, 1000, 508);
        report(1, 508, 508);

        assertThat(path.bytes()).isEqualTo(1300);
    }

    @Test
    void whoHearsNothingAtAllIsDeafAndHasNoSmallPath() {
        report(3, ETHERNET, 0);
        report(1, ETHERNET, 0);

        assertThat(path.isTried()).isFalse();
        assertThat(path.bytes()).isEqualTo(ETHERNET);
        assertThat(path.takeChange()).isFalse();
    }

    @Test
    void aReportThatIsDoubledOrOfNoRoundCountsNothing() {
        report(1, 0, 0);
        for (int i = 0; i < 10; i++) {
            path.onReport(new PathReport(0, round, 0, 0, true), round, true, nowNanos);
            path.onReport(new PathReport(0, round + 7, 0, 0, true), round, true, nowNanos);
        }
        assertThat(path.isSearching()).isFalse();
        report(1, ETHERNET, ETHERNET);

        assertThat(path.bytes()).isEqualTo(ETHERNET);
        assertThat(path.isTried()).isFalse();
    }

    @Test
    void aNodeThatReportsNothingKeepsItsOwn() {
        assertThat(path.begin(nowNanos)).isTrue();
        for (int i = 1; path.isTried(); i++) {
            assertThat(i).isLessThan(20);
            path.onRound(i, nowNanos);
        }

        assertThat(path.bytes()).isEqualTo(ETHERNET);
    }

    @Test
    void isTriedLessAndLessOftenUntilItAnswers() {
        long pauseNanos = MILLISECONDS.toNanos(50);
        for (int i = 1; i <= 4; i++) {
            assertThat(path.begin(nowNanos)).isTrue();
            path.onRound(i, nowNanos);
            assertThat(path.begin(nowNanos + pauseNanos - 1)).isFalse();
            nowNanos += pauseNanos;
            pauseNanos *= 2;
        }
        path.onReport(new PathReport(0, 2, 0, 0, true), 4, true, nowNanos);
        path.onRound(5, nowNanos);

        assertThat(path.nextRoundNanos()).isEqualTo(nowNanos + MILLISECONDS.toNanos(50));
    }

    @Test
    void whoIsHeldUpIsTriedUnlessThatWasFoundOutMeanwhile() {
        report(1, ETHERNET, ETHERNET);
        long sinceNanos = nowNanos + 1;
        nowNanos += SECONDS.toNanos(10);
        assertThat(path.onHeldUp(sinceNanos)).isTrue();
        report(1, ETHERNET, ETHERNET);

        assertThat(path.onHeldUp(sinceNanos)).isFalse();
        assertThat(path.begin(nowNanos + SECONDS.toNanos(10))).isFalse();
    }

    @Test
    void nothingIsTriedAgainWithoutAReasonButALoweredOneAfterTenMinutes() {
        report(1, ETHERNET, ETHERNET);
        nowNanos += MINUTES.toNanos(60);
        assertThat(path.begin(nowNanos)).isFalse();
        assertThat(path.nextRoundNanos()).isEqualTo(RetryTimer.NEVER);

        path.onRepaired(3);
        report(6, 1300, 1300);
        assertThat(path.bytes()).isEqualTo(1300);
        nowNanos += MINUTES.toNanos(10) - 1;
        assertThat(path.begin(nowNanos)).isFalse();
        assertThat(path.nextRoundNanos()).isEqualTo(nowNanos + 1);
        nowNanos++;
        assertThat(path.begin(nowNanos)).isTrue();
    }

    @Test
    void whoMissesALongProbeTwiceIsTried() {
        report(1, ETHERNET, ETHERNET);
        nowNanos += SECONDS.toNanos(10);
        path.onHeardBeside(1, 0);
        path.onHeardBeside(1, 0);
        path.onHeardBeside(2, ETHERNET);
        path.onHeardBeside(3, 0);
        assertThat(path.begin(nowNanos)).isFalse();
        path.onHeardBeside(4, 0);

        assertThat(path.begin(nowNanos)).isTrue();
    }

    @Test
    void aNodeThatReportsNoProbesIsNotTried() {
        Path other = new Path(PathSizes.upTo(8972, ETHERNET), false, 0, 0);
        other.onRepaired(3);
        other.onHearing();

        assertThat(other.begin(nowNanos)).isFalse();
        assertThat(other.bytes()).isEqualTo(ETHERNET);
        assertThat(other.takesPieces()).isFalse();
    }
}
