package io.camure.protocol.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.Hearing;
import io.camure.protocol.base.Path;
import io.camure.protocol.base.PathSizes;
import io.camure.wire.ChunkHeader;
import io.camure.wire.GroupDelivery;
import io.camure.wire.NodeIdentity;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** How many chunks may be on their way. */
class CongestionWindowTest {

    private final CongestionWindow window = new CongestionWindow(512);
    private final Receiver[] receivers = {receiver(1), receiver(2), receiver(3), receiver(4)};
    private long sent;

    private static Receiver receiver(int number) {
        NodeIdentity node = NodeIdentity.at(new InetSocketAddress("10.0.0." + number, 7400));
        return new Receiver(
                node,
                new Receiver.Traits(true, ChunkHeader.TAGGED, true, 512, 0),
                new Receiver.Reachability(
                        new Hearing(GroupDelivery.MULTICAST, true, 0), new Path(PathSizes.given(508), true, 0, 0)),
                0,
                0);
    }

    /** A receiver has told that it lacks so many of the chunks that were sent last. */
    private void miss(Receiver receiver, int lost) {
        for (long sequence = sent - lost; sequence < sent; sequence++) {
            window.onMissing(sequence, receiver);
        }
        receiver.onLossesNoted(sent);
    }

    /** Sends a window of chunks, of which some get lost, and hears that all have arrived in the end. */
    private void pass(int chunks, int lost) {
        window.onSent(chunks);
        sent += chunks;
        miss(receivers[0], lost);
        window.onProgress(sent, sent);
    }

    private void passFull(int count) {
        for (int i = 0; i < count; i++) {
            pass(window.chunks(), 0);
        }
    }

    @Test
    void beginsWithSixtyFourAndDoublesUpToWhatIsConfigured() {
        assertThat(window.chunks()).isEqualTo(64);
        passFull(1);
        assertThat(window.chunks()).isEqualTo(128);
        passFull(2);
        assertThat(window.chunks()).isEqualTo(512);
        passFull(1);
        assertThat(window.chunks()).isEqualTo(512);
    }

    @Test
    void beginsWithNoMoreThanIsConfigured() {
        assertThat(new CongestionWindow(10).chunks()).isEqualTo(10);
    }

    @Test
    void doesNotGrowWhileItIsNotUsed() {
        for (int i = 0; i < 10; i++) {
            pass(10, 0);
        }

        assertThat(window.chunks()).isEqualTo(64);
    }

    @Test
    void bearsTheLossesOfALink() {
        passFull(3);
        pass(512, 25);

        assertThat(window.chunks()).isEqualTo(512);
    }

    @Test
    void aSingleLossIsNeverTooMuch() {
        pass(10, 1);

        assertThat(window.chunks()).isEqualTo(64);
    }

    @Test
    void shrinksBelowHeavyLossAndThenGrowsByAnEighth() {
        passFull(3);
        pass(512, 26);
        assertThat(window.chunks()).isEqualTo(358);
        passFull(1);
        assertThat(window.chunks()).isEqualTo(358 + 358 / 8 + 1);
        passFull(10);
        assertThat(window.chunks()).isEqualTo(512);
    }

    @Test
    void neverShrinksBelowSixteen() {
        for (int i = 0; i < 50; i++) {
            pass(window.chunks(), window.chunks());
        }

        assertThat(window.chunks()).isEqualTo(16);
        passFull(100);
        assertThat(window.chunks()).as("and recovers").isEqualTo(512);
    }

    @Test
    void countsLossOnceForEachWindowHoweverOftenThereIsProgressInIt() {
        passFull(1);
        window.onSent(128);
        sent += 128;
        miss(receivers[0], 64);
        // The window before ends here, and this one only when its last chunk has arrived.
        window.onProgress(sent - 127, sent);
        int shrunk = window.chunks();
        for (long base = sent - 126; base < sent; base++) {
            window.onProgress(base, sent);
        }

        assertThat(shrunk).isLessThan(128);
        assertThat(window.chunks()).isEqualTo(shrunk);
    }

    @Test
    void doesNotExceedWhatTheSmallestReceiverHolds() {
        window.limitTo(20);
        assertThat(window.chunks()).isEqualTo(20);
        passFull(5);
        assertThat(window.chunks()).isEqualTo(20);

        window.limitTo(10_000);
        passFull(10);
        assertThat(window.chunks()).as("the small one has gone").isEqualTo(512);
    }

    @Test
    void sendsOneByOneToAReceiverThatHoldsNoWholeChunk() {
        window.limitTo(0);
        assertThat(window.chunks()).isOne();
        pass(1, 1);
        pass(1, 1);
        assertThat(window.chunks()).isOne();
    }

    @Test
    void takesTheNoiseOfEachLinkByItselfHoweverManyThereAre() {
        for (int windows = 0; windows < 3; windows++) {
            window.onSent(window.chunks());
            sent += window.chunks();
            for (Receiver receiver : receivers) {
                miss(receiver, window.chunks() / 32);
            }
            window.onProgress(sent, sent);
        }

        assertThat(window.chunks()).isEqualTo(512);
    }

    @Test
    void countsAChunkThatAReceiverStillLacksOnce() {
        window.onSent(64);
        sent += 64;
        for (int reports = 0; reports < 10; reports++) {
            miss(receivers[0], 2);
        }
        window.onProgress(sent, sent);

        assertThat(window.chunks()).isEqualTo(128);
    }
}
