package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.ProtocolCounters;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.security.Secret;
import io.camure.wire.DropReason;
import io.camure.wire.GroupDelivery;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A sealed group is closed and made anew with the same id, again and again. */
class RemadeGroupTest {

    private final Session session = new Session(GroupDelivery.MULTICAST, List.of(new Secret(new byte[32])));

    @Test
    void itIsReadByItsNewKeyEachTime() {
        Session.Node member = session.member();
        for (int i = 0; i < 20; i++) {
            ManagedGroup<BroadcastSending> group =
                    session.coordinator.create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT);
            JoinedGroup<BroadcastReceiving> joined = member.joinBroadcast(1);
            session.settle();
            Session.write(group, i, session.now());
            session.network.runFor(MILLISECONDS.toNanos(10));

            assertThat(Session.read(joined)).containsExactly(i);

            group.close(session.now());
            session.settle();
            session.coordinator.removeGroup(group);
        }

        ProtocolCounters counters = member.session.counters();
        assertThat(counters.dropped(DropReason.UNKNOWN_KEY)).isZero();
        assertThat(counters.dropped(DropReason.UNAUTHENTICATED)).isZero();
    }
}
