package io.camure.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.protocol.base.StateMachine;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.DropReason;
import io.camure.wire.Extension;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asking for a session by its name, and answering. */
class AnnouncementTest {

    private static final InetSocketAddress ASKED = new InetSocketAddress("239.255.1.2", 20000);
    private static final InetSocketAddress MEMBER = new InetSocketAddress("10.0.0.2", 9000);
    private static final InetSocketAddress ANNOUNCER = new InetSocketAddress("10.0.0.1", 40000);
    private static final InetSocketAddress COORDINATOR = new InetSocketAddress("10.0.0.1", 7400);

    private final AnnouncementSearch search = new AnnouncementSearch(ASKED, "orders", "prices", new Random(1));

    private static List<byte[]> sent(StateMachine machine, InetSocketAddress destination) {
        List<byte[]> sent = new ArrayList<>();
        machine.outbox().transmit((datagrams, datagramBytes, to) -> {
            assertThat(to).isEqualTo(destination);
            byte[] bytes = new byte[datagrams.remaining()];
            datagrams.get(bytes);
            sent.add(bytes);
        });
        return sent;
    }

    private byte[] query() {
        search.start(0);
        List<byte[]> sent = sent(search, ASKED);
        assertThat(sent).hasSize(1);
        return sent.get(0);
    }

    private static List<byte[]> answers(Announcer announcer, byte[] query, InetSocketAddress source) {
        announcer.onDatagram(source, ByteBuffer.wrap(query), 0);
        return sent(announcer, source);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "203.0.113.7, 203.0.113.7",
        "2001:db8::7, 2001:db8::7",
        "0.0.0.0, 10.0.0.1",
        "::, 10.0.0.1"
    })
    void whoAsksIsToldWhereTheCoordinatorIs(String told, String found) throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(told), 7400);
        Announcer announcer = new Announcer("gate", "prices", address, new Random(2));
        for (byte[] answer : answers(announcer, query(), MEMBER)) {
            assertThat(search.found()).isEmpty();
            search.onDatagram(ANNOUNCER, ByteBuffer.wrap(answer), 0);
            search.onDatagram(ANNOUNCER, ByteBuffer.wrap(answer), 0);
        }
        assertThat(search.found()).containsExactly(new InetSocketAddress(InetAddress.getByName(found), 7400));
    }

    @Test
    void aQueryIsRepeatedLessAndLessOften() {
        query();
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            long nanos = search.nextDeadlineNanos();
            search.onDeadline(nanos);
            assertThat(sent(search, ASKED)).hasSize(1);
            times.add(TimeUnit.NANOSECONDS.toMillis(nanos));
        }
        assertThat(times).containsExactly(100L, 300L, 700L, 1500L, 2500L, 3500L);
    }

    @Test
    void whoAsksForAnotherSessionIsNotAnswered() {
        for (String name : List.of("", "price", "prices2")) {
            Announcer announcer = new Announcer("gate", name, COORDINATOR, new Random(2));
            assertThat(answers(announcer, query(), MEMBER)).isEmpty();
            assertThat(announcer.counters().dropped(DropReason.OTHER_SESSION)).isOne();
        }
    }

    /** The source of a question may be forged, and what is answered goes there. */
    @Test
    void noAnswerIsLongerThanItsQuestion() {
        String longest = "x".repeat(64);
        AnnouncementSearch asking = new AnnouncementSearch(ASKED, "", longest, new Random(1));
        asking.start(0);
        byte[] query = sent(asking, ASKED).get(0);
        Announcer announcer = new Announcer(longest, longest, COORDINATOR, new Random(2));
        assertThat(answers(announcer, query, MEMBER))
                .singleElement()
                .satisfies(answer -> assertThat(answer.length).isLessThanOrEqualTo(query.length));

        ByteBuffer bare = ByteBuffer.allocate(200);
        ChunkWriter.session(bare, ChunkType.ANNOUNCEMENT_QUERY);
        Extension.offer(0, 0, 0, 7).withSessionName(longest).write(bare);
        byte[] shorter = new byte[bare.flip().remaining()];
        bare.get(shorter);
        assertThat(answers(announcer, shorter, MEMBER)).isEmpty();
        assertThat(announcer.counters().dropped(DropReason.UNANSWERED)).isOne();
    }

    @Test
    void whoAsksWithoutEndIsAnsweredTwentyTimesASecond() {
        Announcer announcer = new Announcer("gate", "prices", COORDINATOR, new Random(2));
        byte[] query = query();
        for (int i = 0; i < 100; i++) {
            assertThat(answers(announcer, query, MEMBER)).hasSize(i < 20 ? 1 : 0);
        }
        assertThat(announcer.counters().dropped(DropReason.UNANSWERED)).isEqualTo(80);
    }

    @Test
    void anythingElseIsDroppedAndCounted() {
        Announcer announcer = new Announcer("gate", "prices", COORDINATOR, new Random(2));
        byte[] answer = answers(announcer, query(), MEMBER).get(0);
        assertThat(answers(announcer, answer, MEMBER)).isEmpty();
        assertThat(answers(announcer, new byte[] {0}, MEMBER)).isEmpty();
        assertThat(answers(announcer, new byte[] {51}, MEMBER)).isEmpty();
        assertThat(answers(announcer, new byte[] {51, 1, 2, 9, 9}, MEMBER)).isEmpty();
        assertThat(announcer.counters().dropped(DropReason.UNEXPECTED)).isEqualTo(2);
        assertThat(announcer.counters().dropped(DropReason.UNKNOWN_VERSION)).isEqualTo(2);
    }

    private void receive(InetSocketAddress told, long echo, String sessionName) {
        ByteBuffer datagram = ByteBuffer.allocate(500);
        ChunkWriter.announcement(datagram, told);
        Extension.offer(0, 0, 0, 7).withSessionName(sessionName).withEcho(echo).write(datagram);
        search.onDatagram(ANNOUNCER, datagram.flip(), 0);
    }

    /** Who has not seen the question can't answer it. */
    @Test
    void anAnswerThatFitsNoQuestionIsNotBelieved() {
        ChunkReader asked = new ChunkReader();
        assertThat(asked.read(ByteBuffer.wrap(query()))).isNull();
        long question = asked.extension().incarnation();
        assertThat(asked.type()).isEqualTo(ChunkType.ANNOUNCEMENT_QUERY);
        assertThat(asked.extension().name()).isEqualTo("orders");

        receive(COORDINATOR, 0, "prices");
        receive(COORDINATOR, question + 1, "prices");
        assertThat(search.counters().dropped(DropReason.FOREIGN_SOURCE)).isEqualTo(2);
        receive(COORDINATOR, question, "other");
        assertThat(search.counters().dropped(DropReason.OTHER_SESSION)).isOne();
        receive(new InetSocketAddress("10.0.0.1", 0), question, "prices");
        receive(ASKED, question, "prices");
        assertThat(search.counters().dropped(DropReason.BAD_FIELD)).isEqualTo(2);
        assertThat(search.found()).isEmpty();
        for (int i = 1; i < 100; i++) {
            receive(new InetSocketAddress("10.0.1." + i, 7400), question, "prices");
        }
        assertThat(search.found()).hasSize(16);
    }
}
