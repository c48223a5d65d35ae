package io.camure.protocol;

import static io.camure.protocol.Session.AUTOMATIC;
import static io.camure.protocol.Session.COORDINATOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.camure.protocol.barrier.BarrierArrival;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.barrier.BarrierRound;
import io.camure.protocol.base.DatagramCodec;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.broadcast.BroadcastKind;
import io.camure.protocol.broadcast.SlowMemberPolicy;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.security.CoordinatorCodec;
import io.camure.protocol.security.MemberCodec;
import io.camure.protocol.security.SealingCipher;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.MemberSession;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.protocol.window.SendWindow;
import io.camure.wire.ChunkType;
import io.camure.wire.GroupDelivery;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a sealed session makes of garbage is the JDK's cipher's, and next to nothing of its own. */
class SealedAllocationTest {

    private static final InetSocketAddress MEMBER = new InetSocketAddress("10.0.0.2", 10000);
    private static final int WINDOW_CHUNKS = 256;
    private static final int WARM_UP = 20_000;
    private static final int STEPS = 10_000;

    private static final Secret SECRET = new Secret(new byte[32]);

    private static final SessionSettings SETTINGS = new SessionSettings(
            SimulatedNetwork.MULTICAST,
            PathSizes.given(Session.CHUNK_BYTES),
            SECONDS.toNanos(1),
            SECONDS.toNanos(5),
            0,
            10,
            WINDOW_CHUNKS,
            1 << 20,
            "coordinator",
            GroupDelivery.MULTICAST,
            true);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final CoordinatorSession coordinator = new CoordinatorSession(
            SETTINGS,
            new Random(1),
            new CoordinatorCodec(List.of(SECRET), SealingCipher.AES_128_GCM, SETTINGS, new Random(2)));
    private final MemberSession member = new MemberSession(
            new MemberSettings(COORDINATOR, SECONDS.toNanos(5), WINDOW_CHUNKS, 1 << 20, "member"),
            new Random(3),
            new MemberCodec(SECRET, COORDINATOR, new Random(4)));
    private final DatagramCodec.Transmitter toMember =
            (datagrams, datagramBytes, destination) -> deliver(datagrams, datagramBytes, COORDINATOR, member);
    private final DatagramCodec.Transmitter toCoordinator =
            (datagrams, datagramBytes, destination) -> deliver(datagrams, datagramBytes, MEMBER, coordinator);
    private long nowNanos;
    private long datagrams;

    private void deliver(ByteBuffer run, int datagramBytes, InetSocketAddress source, StateMachine node) {
        int end = run.limit();
        for (int start = run.position(); start < end; start += datagramBytes) {
            run.limit(Math.min(start + datagramBytes, end)).position(start);
            node.onDatagram(source, run, nowNanos);
            datagrams++;
        }
    }

    private void exchange() {
        while (coordinator.outbox().hasDatagrams() || member.outbox().hasDatagrams()) {
            nowNanos += 1000;
            coordinator.outbox().transmit(toMember);
            member.outbox().transmit(toCoordinator);
            member.onDeadline(nowNanos);
            coordinator.onDeadline(nowNanos);
        }
    }

    @BeforeEach
    void joinSession() {
        member.join(nowNanos);
        exchange();
        assertThat(member.isJoined()).isTrue();
    }

    private interface Step {
        void make() throws GeneralSecurityException;
    }

    private long allocatedBytes(int steps, Step step) throws GeneralSecurityException {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < steps; i++) {
            step.make();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** What sealing and opening a datagram takes with nothing but the JDK's cipher, told a new nonce each time. */
    private long bytesOfJdk(int chunkBytes) throws GeneralSecurityException {
        SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");
        Cipher sealing = Cipher.getInstance("AES/GCM/NoPadding");
        Cipher opening = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = new byte[12];
        byte[] header = new byte[10];
        byte[] chunk = new byte[chunkBytes];
        byte[] sealed = new byte[chunkBytes + 16];
        Step step = () -> {
            ByteBuffer.wrap(nonce).putLong(4, ByteBuffer.wrap(nonce).getLong(4) + 1);
            sealing.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
            sealing.updateAAD(header);
            sealing.doFinal(chunk, 0, chunkBytes, sealed, 0);
            opening.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, nonce));
            opening.updateAAD(header);
            opening.doFinal(sealed, 0, sealed.length, chunk, 0);
        };
        allocatedBytes(WARM_UP, step);
        return allocatedBytes(STEPS, step) / STEPS;
    }

    private void assertNoMoreThanTheJdk(int chunkBytes, Step step) throws GeneralSecurityException {
        long ofJdk = bytesOfJdk(chunkBytes);
        allocatedBytes(WARM_UP, step);
        datagrams = 0;
        long allocated = allocatedBytes(STEPS, step);

        assertThat(datagrams).isGreaterThanOrEqualTo(STEPS);
        // A tenth, as the compiler does not always save the same objects.
        assertThat((double) allocated / datagrams)
                .as("bytes for a datagram, where the JDK takes %s", ofJdk)
                .isLessThan(1.1 * ofJdk + 16);
    }

    @Test
    void roundsAllocateWhatTheCipherDoes() throws GeneralSecurityException {
        BarrierRound rounds = coordinator
                .create(BarrierKind.BARRIER, 0, AUTOMATIC, LossPolicy.CONTINUE)
                .work();
        BarrierArrival arrivals = member.join(BarrierKind.BARRIER, 0, nowNanos).work();
        exchange();

        assertNoMoreThanTheJdk(13, () -> {
            arrivals.arrive(nowNanos);
            rounds.arrive(nowNanos);
            exchange();
        });
    }

    @Test
    void broadcastChunksAllocateWhatTheCipherDoes() throws GeneralSecurityException {
        int messageBytes = 400;
        ByteBuffer message = ByteBuffer.allocate(messageBytes);
        byte[] read = new byte[messageBytes];
        SendWindow sending = coordinator
                .create(BroadcastKind.BROADCAST, 1, AUTOMATIC, SlowMemberPolicy.WAIT)
                .work()
                .window();
        ReceiveWindow receiving =
                member.join(BroadcastKind.BROADCAST, 1, nowNanos).work().window();
        exchange();

        assertNoMoreThanTheJdk(messageBytes, () -> {
            sending.write(ChunkType.BROADCAST_MESSAGE, message.clear(), nowNanos);
            nowNanos += 1000;
            sending.ask(nowNanos);
            exchange();
            while (receiving.nextType() != null) {
                receiving.read(read, 0, receiving.nextBytes(), nowNanos);
            }
            exchange();
        });
    }
}
