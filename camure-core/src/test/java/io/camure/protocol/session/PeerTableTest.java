package io.camure.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.group.Peer;
import io.camure.protocol.group.SessionSettings;
import io.camure.wire.Capability;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The nodes of a session and the ids by which it calls them. */
class PeerTableTest {

    private static final int LARGEST_ID = 65_535;
    private static final long TIMEOUT_NANOS = 5_000;
    private static final int MAXIMUM_MEMBERS = 3;

    private static final SessionSettings SETTINGS = new SessionSettings(
            new InetSocketAddress("239.255.74.0", 7401),
            PathSizes.given(508),
            1_000,
            TIMEOUT_NANOS,
            0,
            MAXIMUM_MEMBERS,
            64,
            1 << 20,
            "coordinator",
            GroupDelivery.MULTICAST,
            true);

    private final PeerTable peers = new PeerTable(SETTINGS, new ProtocolCounters());

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress("10.0.0.2", port);
    }

    private Peer admit(int port, long incarnation, long nowNanos) {
        Extension offer = Extension.offer(Capability.ALL, 64, 1 << 20, incarnation);
        return peers.admit(address(port), offer, 0, nowNanos, replaced -> {});
    }

    @Test
    void noIdIsGivenAgainBeforeAllOthersWereAndNoneThatIsInUse() {
        assertThat(admit(1, 1, 0).id()).isOne();
        List<Integer> ids = new ArrayList<>();
        for (int i = 1; i <= LARGEST_ID + 1; i++) {
            ids.add(admit(2, i, 0).id());
        }

        assertThat(ids).startsWith(2, 3).endsWith(LARGEST_ID, 2, 3);
        assertThat(ids.subList(0, LARGEST_ID - 1)).doesNotHaveDuplicates();
    }

    @Test
    void asManyNodesAreTakenInAsThereMayBe() {
        for (int i = 1; i <= MAXIMUM_MEMBERS; i++) {
            assertThat(admit(i, 1, 0)).isNotNull();
        }
        assertThat(admit(MAXIMUM_MEMBERS + 1, 1, 0)).isNull();
        assertThat(admit(1, 1, 0)).as("who is in").isNotNull();

        peers.remove(admit(1, 1, 0));
        assertThat(admit(MAXIMUM_MEMBERS + 1, 1, 0)).isNotNull();
    }

    @Test
    void whoIsNotHeardForTheTimeoutIsDeadAndNobodyBefore() {
        Peer silent = admit(1, 1, 0);
        Peer heard = admit(2, 1, 0);
        assertThat(peers.nextDeadlineNanos()).isEqualTo(TIMEOUT_NANOS);
        heard.onHeard(3_000);
        assertThat(peers.findDead(TIMEOUT_NANOS - 1)).isEmpty();
        assertThat(peers.findDead(TIMEOUT_NANOS)).containsExactly(silent);
        peers.remove(silent);

        assertThat(peers.nextDeadlineNanos()).isEqualTo(3_000 + TIMEOUT_NANOS);
        assertThat(peers.findDead(3_000 + TIMEOUT_NANOS)).containsExactly(heard);
        peers.remove(heard);
        assertThat(peers.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void timeInWhichNobodyCouldBeHeardDoesNotCountButMakesNobodyYounger() {
        Peer early = admit(1, 1, 0);
        Peer late = admit(2, 1, 0);
        late.onHeard(8_000);
        peers.excuse(6_000, 9_000);

        assertThat(early.lastHeardNanos()).isEqualTo(6_000);
        assertThat(late.lastHeardNanos()).isEqualTo(9_000);
    }

    @Test
    void theLastEightIncarnationsOfANodeAreRemembered() {
        for (int i = 1; i <= 10; i++) {
            assertThat(admit(1, i, 0)).isNotNull();
        }

        for (int i = 2; i <= 9; i++) {
            assertThat(admit(1, i, 0)).as("incarnation %d", i).isNull();
        }
        assertThat(admit(1, 1, 0)).as("the ninth before").isNotNull();
    }
}
