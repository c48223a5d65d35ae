package io.camure.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members whose datagrams go to the coordinator by queues. */
class IncastTest {

    private static final int MEMBERS = 3;
    private static final int BURST = 4;
    private static final int ROUNDS = 5;
    private static final int PAYLOAD = BareStream.DATAGRAM - Integer.BYTES;

    private final BlockingQueue<Integer> datagrams = new LinkedBlockingQueue<>();
    private final List<BlockingQueue<String>> answers = new ArrayList<>();
    private final AtomicInteger received = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private final class MemberLine implements Incast.MemberLine {
        private final int member;

        /** That are not acknowledged. */
        private int bursts;

        MemberLine(int member) {
            this.member = member;
        }

        @Override
        public void send(int count) {
            bursts++;
            assertThat(bursts).as("bursts on their way").isLessThanOrEqualTo(2);
            for (int i = 0; i < count; i++) {
                datagrams.add(member);
            }
        }

        @Override
        public void awaitAcknowledgement() {
            assertThat(answer(member)).isEqualTo("acknowledgement");
            bursts--;
        }

        @Override
        public void awaitRelease() {
            assertThat(answer(member)).isEqualTo("release");
        }

        @Override
        public void close() {}
    }

    private String answer(int member) {
        try {
            return answers.get(member).take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class CoordinatorLine implements Incast.CoordinatorLine {
        @Override
        public void receive(Incast.Count count) {
            try {
                count.add(datagrams.take());
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
            received.incrementAndGet();
        }

        @Override
        public void acknowledge(int member) {
            answers.get(member).add("acknowledgement");
        }

        @Override
        public void release() {
            answers.subList(1, answers.size()).forEach(queue -> queue.add("release"));
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @ValueSource(
            ints = {8, PAYLOAD, BURST * PAYLOAD, BURST * PAYLOAD + 1, 2 * BURST * PAYLOAD, 9 * BURST * PAYLOAD - 1})
    void aRoundEndsWhenTheCoordinatorHasAllThatMembersGive(int bytes) throws Exception {
        List<Contender.Meeting> meetings =
                new ArrayList<>(List.of(new Incast.Receiving(new CoordinatorLine(), MEMBERS, BURST)));
        for (int member = 0; member <= MEMBERS; member++) {
            answers.add(new LinkedBlockingQueue<>());
        }
        for (int member = 1; member <= MEMBERS; member++) {
            meetings.add(new Incast.Sending(new MemberLine(member), BURST));
        }
        List<Future<?>> nodes = new ArrayList<>();
        for (Contender.Meeting meeting : meetings) {
            nodes.add(threads.submit((Callable<?>) () -> {
                meeting.carry(bytes);
                for (int round = 0; round < ROUNDS; round++) {
                    meeting.await();
                }
                return null;
            }));
        }
        for (Future<?> node : nodes) {
            node.get(1, TimeUnit.MINUTES);
        }

        int each = (bytes + PAYLOAD - 1) / PAYLOAD;
        assertThat(received).hasValue(each * MEMBERS * ROUNDS);
        assertThat(datagrams).isEmpty();
        assertThat(answers).allMatch(BlockingQueue::isEmpty);
    }
}
