package io.camure.benchmarks;

import io.camure.Barrier;
import io.camure.BroadcastGroup;
import io.camure.BroadcastReceiver;
import io.camure.CamureTimeoutException;
import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.CoordinatorGroup;
import io.camure.DeliveryMode;
import io.camure.DisconnectedException;
import io.camure.GroupConfig;
import io.camure.Headers;
import io.camure.IdleStrategy;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.MembershipConfig;
import io.camure.Message;
import io.camure.Security;
import io.camure.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * camure by its public interface, as its README shows it.
 *
 * <p>Its words: {@code multicast} and {@code unicast} for the delivery, which is auto otherwise; {@code chunk-…} for the chunk
 * size; {@code deaf-…} has as many members not hear multicast; {@code times-…} has each member's process be as many members of a
 * barrier; {@code headers-…} has each message carry as many headers; {@code traced-…} has as many of a hundred waits and messages be in a
 * sampled trace, see {@link SampledTraces}.
 */
final class CamureContender implements Contender {

    /** Before the number of members that do not hear multicast. */
    static final String DEAF = "deaf-";

    /** By what system property a node is told its idle strategy. */
    static final String IDLE_STRATEGY = "bench.idle-strategy";

    private static final Security SECURITY = Security.secret(new byte[32]);

    private final Transport transport;
    private final boolean sealed;
    private final DeliveryMode delivery;
    private final int chunkBytes;
    private final int times;
    private final int deaf;
    private final int headers;
    private final @Nullable SampledTraces traces;
    private final IdleStrategy idleStrategy =
            IdleStrategy.valueOf(System.getProperty(IDLE_STRATEGY, IdleStrategy.ADAPTIVE.name()));

    CamureContender(Transport transport, Settings settings, boolean sealed) {
        this.transport = transport;
        this.sealed = sealed;
        delivery = DeliveryMode.valueOf(
                settings.oneOf("auto", "multicast", "unicast").toUpperCase(Locale.ROOT));
        chunkBytes = settings.bytesAfter("chunk-", () -> 0);
        times = settings.bytesAfter("times-", () -> 1);
        deaf = settings.bytesAfter(DEAF, () -> 0);
        headers = settings.bytesAfter("headers-", () -> 0);
        String sampled = settings.after("traced-");
        traces = sampled == null ? null : new SampledTraces(Integer.parseInt(sampled));
    }

    /** How many members do not hear multicast. */
    int deafMembers() {
        return deaf;
    }

    @Override
    public Set<Work> works() {
        return times > 1 ? EnumSet.of(Work.BARRIER) : EnumSet.allOf(Work.class);
    }

    @Override
    public Meeting meeting(Place place) throws InterruptedException {
        if (place.isCoordinator()) {
            Coordinator coordinator = start(place);
            return new BarrierMeeting(coordinator::close, coordinator.createBarrier(group(place)), members(place));
        }
        Member member = join(place);
        List<Member> others = new ArrayList<>();
        for (int i = 1; i < times; i++) {
            Member other = join(place);
            others.add(other);
            Barrier barrier = joinBarrier(other);
            Node.startThread("member-" + i, () -> takePart(barrier));
        }
        return new BarrierMeeting(
                () -> {
                    others.forEach(Member::close);
                    member.close();
                },
                joinBarrier(member),
                members(place));
    }

    private Barrier joinBarrier(Member member) throws InterruptedException {
        return member.joinBarrier(membership(), Deadlines.GATHER);
    }

    @Override
    public Meeting collective(Work work, Place place) throws InterruptedException {
        return place.isCoordinator()
                ? CamureCollectives.atCoordinator(work, place, start(place), group(place))
                : CamureCollectives.atMember(work, place, join(place), membership());
    }

    /** As often as there are rounds. */
    private static void takePart(Barrier barrier) throws InterruptedException {
        try {
            while (barrier.isOpen()) {
                try {
                    barrier.await();
                } catch (CamureTimeoutException e) {
                    // The others do something else for a while.
                }
            }
        } catch (DisconnectedException e) {
            // The session is over.
        }
    }

    private int members(Place place) {
        return place.members() * times;
    }

    @Override
    public Sender sender(Place place) {
        Coordinator coordinator = start(place);
        return new BroadcastSender(
                coordinator, coordinator.createBroadcast(group(place)), members(place), headers(), traces);
    }

    /** As an application would have them that makes its headers once for many messages. */
    private Headers headers() {
        Headers.Builder builder = Headers.builder();
        for (int i = 0; i < headers; i++) {
            switch (i) {
                case 0 -> builder.type("rate");
                case 1 -> builder.key("EUR/USD");
                case 2 -> builder.sender("gate");
                default -> builder.header("name-" + i, "value");
            }
        }
        return builder.build();
    }

    @Override
    public Side receiver(Place place, Sink sink) throws InterruptedException {
        Member member = join(place);
        BroadcastReceiver receiver = member.joinBroadcast(0);
        MessageReader reader = new MessageReader(sink, traces);
        receiver.onMessage(reader::take);
        return member::close;
    }

    private Coordinator start(Place place) {
        CoordinatorConfig.Builder config = CoordinatorConfig.builder()
                .transport(transport)
                .delivery(delivery)
                .idleStrategy(idleStrategy);
        if (chunkBytes > 0) {
            config.chunkSize(chunkBytes);
        }
        if (sealed) {
            config.security(SECURITY);
        }
        return Coordinator.start(place.coordinatorSocket(), place.groupSocket(), config.build());
    }

    private Member join(Place place) throws InterruptedException {
        MemberConfig.Builder config =
                MemberConfig.builder().transport(transport).idleStrategy(idleStrategy);
        if (sealed) {
            config.security(SECURITY);
        }
        return Member.join(place.coordinatorSocket(), config.build());
    }

    private GroupConfig group(Place place) {
        GroupConfig.Builder config = GroupConfig.builder().id(0).expectedMembers(members(place));
        if (traces != null) {
            config.roundTracing(traces);
        }
        return config.build();
    }

    private MembershipConfig membership() {
        MembershipConfig.Builder config = MembershipConfig.builder().id(0);
        if (traces != null) {
            config.roundTracing(traces);
        }
        return config.build();
    }

    static void gather(Object group, int members) throws InterruptedException {
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

    private record BroadcastSender(
            Coordinator session,
            BroadcastGroup group,
            int members,
            Headers headers,
            @Nullable SampledTraces traces) implements Sender {

        @Override
        public void gather() throws InterruptedException {
            CamureContender.gather(group, members);
        }

        @Override
        public void send(byte[] message) throws InterruptedException {
            group.send(message, traces == null ? headers : traces.addTo(headers));
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /** Reads each message to its end into memory that is used again. */
    private static final class MessageReader {

        private final Sink sink;
        private final @Nullable SampledTraces traces;
        private byte[] memory = new byte[1 << 16];

        MessageReader(Sink sink, @Nullable SampledTraces traces) {
            this.sink = sink;
            this.traces = traces;
        }

        void take(Message message) throws IOException {
            if (traces != null) {
                traces.take(message);
            }
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
