package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.broadcast.BroadcastSending;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.group.ManagedGroup;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that joins a broadcast while a member that does not read holds it up. */
class BlockedAdmissionTest {

    private final Session session = new Session();
    private final ManagedGroup<BroadcastSending> group =
            session.coordinator.create(BroadcastKind.BROADCAST, 1, Session.AUTOMATIC, SlowMemberPolicy.WAIT);
    private final SendWindow window = group.work().window();
    private final Session.Node slow = session.member(128);
    private final JoinedGroup<BroadcastReceiving> unread = slow.joinBroadcast(1);
    private int written;

    private void fill() {
        while (window.room() > 0) {
            Session.write(group, written++, session.now());
            session.network.runFor(MILLISECONDS.toNanos(1) / 4);
        }
    }

    private void write(ChunkType type) {
        window.write(type, ByteBuffer.allocate(300), session.now());
        session.network.runFor(MILLISECONDS.toNanos(1));
    }

    private List<Integer> readAll(JoinedGroup<BroadcastReceiving> member, int last) {
        List<Integer> messages = new ArrayList<>();
        for (int i = 0; i < 1000 && !messages.contains(last); i++) {
            Session.read(unread);
            session.network.runFor(MILLISECONDS.toNanos(10));
            messages.addAll(Session.read(member));
        }
        return messages;
    }

    @Test
    void itIsLetInBetweenTwoMessagesAndGetsThoseThatAreWrittenFromThenOn() {
        session.settle();
        fill();
        JoinedGroup<BroadcastReceiving> joined = session.member().joinBroadcast(1);
        session.settle();
        assertThat(joined.state()).isEqualTo(JoinedGroup.State.JOINED);
        assertThat(unread.work().window().keptChunks()).as("nothing was read").isEqualTo(128);
        int first = written;

        List<Integer> messages = new ArrayList<>();
        for (int i = 0; i < 200 && messages.size() < 40; i++) {
            Session.read(unread);
            if (window.room() > 0) {
                Session.write(group, written++, session.now());
            }
            session.network.runFor(MILLISECONDS.toNanos(10));
            messages.addAll(Session.read(joined));
        }
        assertThat(messages).startsWith(first, first + 1, first + 2).isSorted().hasSizeGreaterThanOrEqualTo(40);
    }

    @Test
    void itIsLetInBeforeAMessageOfWhichNothingWasSent() {
        session.settle();
        fill();
        Session.read(unread).forEach(message -> {});
        session.settle();
        fill();
        session.coordinator.outbox().takeEvents();
        int next = written;
        // The whole of the queue is behind what the slow member has room for.
        assertThat(window.room()).isZero();
        JoinedGroup<BroadcastReceiving> joined = session.member().joinBroadcast(1);
        session.settle();

        assertThat(joined.state()).isEqualTo(JoinedGroup.State.JOINED);
        while (window.room() == 0) {
            Session.read(unread);
            session.network.runFor(MILLISECONDS.toNanos(10));
        }
        Session.write(group, written++, session.now());
        assertThat(readAll(joined, next)).first().isEqualTo(next);
    }

    @Test
    void inTheMiddleOfALongMessageItIsToldWhomItWaitsFor() {
        session.settle();
        write(ChunkType.BROADCAST_FIRST_FRAGMENT);
        while (window.room() > 0) {
            write(ChunkType.BROADCAST_FRAGMENT);
        }
        JoinedGroup<BroadcastReceiving> joining = session.member().joinBroadcast(1);
        session.settle();

        assertThat(joining.state()).isEqualTo(JoinedGroup.State.JOINING);
        assertThat(joining.pending())
                .contains("a message is being written")
                .contains("waits for member (10.0.0.2:10000), which does not read");
        while (window.room() == 0) {
            unread.work().window().skip(session.now());
            session.network.runFor(MILLISECONDS.toNanos(10));
        }
        write(ChunkType.BROADCAST_FINAL_FRAGMENT);
        session.settle();
        assertThat(joining.state()).isEqualTo(JoinedGroup.State.JOINED);
    }

    @Test
    void theCoordinatorIsRemindedOfTheSlowMemberLessAndLessOften() {
        session.settle();
        fill();
        session.coordinator.outbox().takeEvents();
        long startNanos = session.now();
        List<Long> reminders = new ArrayList<>();
        for (int second = 0; second < MINUTES.toSeconds(20); second++) {
            session.network.runFor(SECONDS.toNanos(1));
            session.coordinator.outbox().takeEvents().forEach(event -> {
                if (event instanceof SessionEvent.MemberStillSlow still) {
                    assertThat(still.member()).isEqualTo(slow.identity());
                    reminders.add(still.slowNanos());
                }
            });
        }

        assertThat(session.now() - startNanos).isGreaterThan(MINUTES.toNanos(19));
        assertThat(reminders)
                .extracting(nanos -> (nanos + SECONDS.toNanos(1) / 2) / SECONDS.toNanos(1))
                .startsWith(30L, 90L, 210L, 450L, 750L, 1050L);
    }

    @Test
    void anotherMemberThatStopsReadingMeanwhileIsCalledSlowInTime() {
        JoinedGroup<BroadcastReceiving> other = session.member(256).joinBroadcast(1);
        session.settle();
        fill();
        Session.read(other);
        session.network.runFor(SECONDS.toNanos(15));
        assertThat(session.coordinator.outbox().takeEvents())
                .filteredOn(SessionEvent.MemberSlow.class::isInstance)
                .hasSize(1);
        // The slow one reads a little, and what follows is lost on the way to the other.
        session.network.dropIf((source, destination, chunk) ->
                chunk.type() == ChunkType.BROADCAST_STATUS && !source.equals(slow.address));
        Session.read(unread);
        session.network.runFor(SECONDS.toNanos(12));

        assertThat(session.coordinator.outbox().takeEvents())
                .filteredOn(SessionEvent.MemberSlow.class::isInstance)
                .isNotEmpty();
    }
}
