package io.camure.interop;

import static io.camure.test.support.Chunk.BROADCAST;
import static io.camure.test.support.Chunk.disconnected;
import static io.camure.test.support.Chunk.leave;
import static io.camure.test.support.Chunk.message;
import static io.camure.test.support.Inbox.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.BroadcastGroup;
import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.GroupConfig;
import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.ScriptedMember;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Closing waits for legacy members to leave: they lose what they have not read when they are told of the end. */
class LegacyLingerTest {

    private static final int GROUP = 5;

    @AutoClose
    private final Coordinator coordinator = Sessions.coordinator(
            CoordinatorConfig.builder().legacyLinger(Duration.ofMinutes(5)).build());

    private final BroadcastGroup group =
            coordinator.createBroadcast(GroupConfig.builder().id(GROUP).build());

    @AutoClose
    private ScriptedMember member;

    private int start;

    @BeforeEach
    void aMemberHasAcknowledgedAMessage() throws InterruptedException {
        member = ScriptedMember.inSession(coordinator.address());
        start = member.joinGroup(GROUP, BROADCAST);
        group.send(new byte[16]);
        group.flush(DEADLINE);
    }

    private void requireTimeToReadAndLeave() {
        member.expect(message(GROUP, start, new byte[16]));
        member.send(leave(GROUP))
                .take("the first end that it is told", chunk -> chunk.id() == Chunk.GROUP_DISCONNECTED_ID);
        assertThat(member.count(disconnected(GROUP, "leave")::equals)).isPositive();
        assertThat(member.count(disconnected(GROUP, "")::equals)).isZero();
    }

    @Test
    void aGroupThatIsClosedIsNotToldUntilTheMemberHasLeft() throws Exception {
        Background<Boolean> closing = Background.run(() -> {
            group.close();
            return true;
        });
        closing.awaitBlocked();
        requireTimeToReadAndLeave();

        assertThat(closing.result()).isTrue();
        assertThat(group.isOpen()).isFalse();
    }

    @Test
    void aSessionThatIsClosedWaitsAsWell() throws Exception {
        Background<Boolean> closing = Background.run(() -> {
            coordinator.close();
            return true;
        });
        closing.awaitBlocked();
        requireTimeToReadAndLeave();

        assertThat(closing.result()).isTrue();
        assertThat(coordinator.isOpen()).isFalse();
    }

    @Test
    void whoseLeaseIsOverWaitsForNobody() throws Exception {
        AtomicLong leaseEnd = new AtomicLong(Long.MAX_VALUE);
        CoordinatorConfig config = CoordinatorConfig.builder()
                .legacyLinger(Duration.ofMinutes(5))
                .term(1)
                .lease(leaseEnd::get)
                .build();
        try (Coordinator elected = Sessions.coordinator(config);
                ScriptedMember other = ScriptedMember.inSession(elected.address())) {
            BroadcastGroup closed =
                    elected.createBroadcast(GroupConfig.builder().id(GROUP).build());
            other.joinGroup(GROUP, BROADCAST);
            other.settle();
            leaseEnd.set(Long.MIN_VALUE);
            Background<Boolean> closing = Background.run(() -> {
                closed.close();
                return true;
            });

            assertThat(closing.result()).isTrue();
        }
    }
}
