package io.camure.benchmarks;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorGroup;
import io.camure.GroupConfig;
import io.camure.IdleStrategy;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.Message;
import io.camure.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** camure by its public interface, as its README shows it. */
final class CamureContender implements Contender {

    /** By what system property a node is told its idle strategy. */
    static final String IDLE_STRATEGY = "bench.idle-strategy";

    private final Transport transport;
    private final IdleStrategy idleStrategy =
            IdleStrategy.valueOf(System.getProperty(IDLE_STRATEGY, IdleStrategy.ADAPTIVE.name()));

    CamureContender(Transport transport) {
        this.transport = transport;
    }

    @Override
    public Set<Work> works() {
        return EnumSet.allOf(Work.class);
    }

    @Override
    public Meeting meeting(Place place) throws InterruptedException {
        if (place.isCoordinator()) {
            Coordinator coordinator = start(place);
            return new BarrierMeeting(coordinator::close, coordinator.createBarrier(group(place)), place.members());
        }
        Member member = join(place);
        return new BarrierMeeting(member::close, member.joinBarrier(0), place.members());
    }

    @Override
    public Sender sender(Place place) {
        Coordinator coordinator = start(place);
        return new BroadcastSender(coordinator, coordinator.createBroadcast(group(place)), place.members());
    }

    @Override
    public Side receiver(Place place, Sink sink) throws InterruptedException {
        Member member = join(place);
        BroadcastReceiver receiver = member.joinBroadcast(0);
        MessageReader reader = new MessageReader(sink);
        receiver.onMessage(reader::take);
        return member::close;
    }

    private Coordinator start(Place place) {
        return Coordinator.start(
                place.coordinatorSocket(),
                place.groupSocket(),
                CoordinatorConfig.builder()
                        .transport(transport)
                        .idleStrategy(idleStrategy)
                        .build());
    }

    private Member join(Place place) throws InterruptedException {
        return Member.join(
                place.coordinatorSocket(),
                MemberConfig.builder()
                        .transport(transport)
                        .idleStrategy(idleStrategy)
                        .build());
    }

    private static GroupConfig group(Place place) {
        return GroupConfig.builder().id(0).expectedMembers(place.members()).build();
    }

    private static void gather(Object group, int members) throws InterruptedException {
        if (group instanceof CoordinatorGroup coordinated) {
            coordinated.awaitMembers(members, Deadlines.GATHER);
        }
    }

    private record BarrierMeeting(Runnable ending, Barrier barrier, int members) implements Meeting {

        @Override
        public void gather() throws InterruptedException {
            CamureContender.gather(barrier, members);
        }

        @Override
        public void await() throws InterruptedException {
            barrier.await();
        }

        @Override
        public void close() {
            ending.run();
        }
    }

    private record BroadcastSender(Coordinator session, BroadcastGroup group, int members) implements Sender {

        @Override
        public void gather() throws InterruptedException {
            CamureContender.gather(group, members);
        }

        @Override
        public void send(byte[] message) throws InterruptedException {
            group.send(message);
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /** Reads each message to its end into memory that is used again. */
    private static final class MessageReader {

        private final Sink sink;
        private byte[] memory = new byte[1 << 16];

        MessageReader(Sink sink) {
            this.sink = sink;
        }

        void take(Message message) throws IOException {
            InputStream content = message.inputStream();
            int length = 0;
            int read = content.read(memory, 0, memory.length);
            while (read >= 0) {
                length += read;
                if (length == memory.length) {
                    memory = Arrays.copyOf(memory, 2 * length);
                }
                read = content.read(memory, length, memory.length - length);
            }
            sink.onMessage(length, Stamps.first(memory, 0));
        }
    }
}
