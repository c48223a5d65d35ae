package io.camure.faults;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.camure.faults.node.NodeScenario.Protection;
import io.camure.wire.Capability;
import io.camure.wire.CertificateChunk;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.Extension;
import io.camure.wire.HandshakeChunk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Nodes without number that ask to join a session and never come, and garbage that looks as if it were sealed, from many addresses of
 * this machine: as many of each in a second as are asked for, if it can send so many.
 */
final class Storm implements AutoCloseable {

    private static final int SOURCES = 256;
    private static final int JOIN_BYTES = 160;
    private static final int SEALED_BYTES = 200;

    /** Of message 1 of the handshake: a key, 72 bytes, and a tag. */
    private static final int HANDSHAKE_BYTES = 120;

    /** What an Ask has behind its header at least. */
    private static final int ASKING_BYTES = 2;

    private static final int BATCHES_PER_SECOND = 1000;

    private final InetSocketAddress target;
    private final int perSecond;
    private final Protection protection;

    /** What is said behind a cookie that was told; {@code null} for nothing. */
    private final byte[] hello;

    private final List<DatagramChannel> channels = new ArrayList<>();
    private final Thread thread = new Thread(this::rage, "storm");
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong answeredBytes = new AtomicLong();
    private volatile boolean stopping;
    private volatile IOException failure;

    private Storm(InetSocketAddress target, Protection protection, int perSecond, byte[] hello) {
        this.target = target;
        this.perSecond = perSecond;
        this.protection = protection;
        this.hello = hello;
    }

    /** @param perSecond how many joins, and as much garbage */
    static Storm onto(InetSocketAddress target, Protection protection, int perSecond) throws IOException {
        return begin(new Storm(target, protection, perSecond, null));
    }

    /** One that takes the cookies that it is told, and begins as many handshakes by certificates as it can. */
    static Storm ofHellos(InetSocketAddress target, int perSecond) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("DTLSv1.2");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.beginHandshake();
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        byte[] said = Arrays.copyOf(hello.array(), hello.position());
        return begin(new Storm(target, Protection.CERTIFIED, perSecond, said));
    }

    private static Storm begin(Storm storm) throws IOException {
        for (int i = 0; i < SOURCES; i++) {
            DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
            storm.channels.add(channel);
            // The last one of 256 may be taken for a broadcast address.
            byte[] address = {127, 74, (byte) (i / 128), (byte) (i % 128 + 1)};
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
            channel.configureBlocking(false);
        }
        storm.thread.start();
        return storm;
    }

    /** How many datagrams were sent. */
    long sent() {
        return sent.get();
    }

    long sentBytes() {
        return sentBytes.get();
    }

    /** How many bytes came back, as far as the buffers of the sockets have held them. */
    long answeredBytes() {
        return answeredBytes.get();
    }

    private void rage() {
        SplittableRandom random = new SplittableRandom(1);
        ByteBuffer datagram = ByteBuffer.allocateDirect(1472);
        long pauseNanos = MILLISECONDS.toNanos(1000 / BATCHES_PER_SECOND);
        long nextNanos = System.nanoTime();
        try {
            while (!stopping) {
                DatagramChannel channel = channels.get(random.nextInt(SOURCES));
                for (int i = 0; i < perSecond / BATCHES_PER_SECOND; i++) {
                    join(datagram.clear(), random);
                    send(channel, datagram.flip());
                    garbage(datagram.clear(), random);
                    send(channel, datagram.flip());
                }
                drain(channel, datagram);
                nextNanos += pauseNanos;
                LockSupport.parkNanos(nextNanos - System.nanoTime());
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private void send(DatagramChannel channel, ByteBuffer datagram) throws IOException {
        int bytes = datagram.remaining();
        if (channel.send(datagram, target) > 0) {
            sent.incrementAndGet();
            sentBytes.addAndGet(bytes);
        }
    }

    private void drain(DatagramChannel channel, ByteBuffer datagram) throws IOException {
        while (channel.receive(datagram.clear()) != null) {
            answeredBytes.addAndGet(datagram.position());
            datagram.flip();
            if (hello != null && CertificateChunk.kind(datagram) == CertificateChunk.Kind.COOKIE) {
                long number = CertificateChunk.number(datagram);
                byte[] cookie = CertificateChunk.cookie(datagram);
                send(channel, CertificateChunk.of(CertificateChunk.Kind.FROM_MEMBER, number, cookie, 0, hello));
            }
        }
    }

    private void join(ByteBuffer datagram, SplittableRandom random) {
        switch (protection) {
            case SEALED -> {
                byte[] code = bytes(HandshakeChunk.CODE_BYTES, random);
                HandshakeChunk.join(datagram, bytes(HANDSHAKE_BYTES, random));
                HandshakeChunk.code(datagram, code);
            }
            case CERTIFIED ->
                datagram.put(CertificateChunk.of(
                        CertificateChunk.Kind.ASK,
                        random.nextLong() | 1,
                        new byte[CertificateChunk.COOKIE_BYTES],
                        0,
                        new byte[ASKING_BYTES]));
            default -> {
                ChunkWriter.session(datagram, ChunkType.SESSION_JOIN);
                Extension.offer(Capability.ALL, 1024, 1 << 20, random.nextLong() | 1)
                        .write(datagram);
                Extension.pad(datagram, JOIN_BYTES);
            }
        }
    }

    private static byte[] bytes(int count, SplittableRandom random) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private void garbage(ByteBuffer datagram, SplittableRandom random) {
        if (protection == Protection.CERTIFIED && random.nextBoolean()) {
            // With a cookie that nobody was told.
            datagram.put(CertificateChunk.of(
                    CertificateChunk.Kind.FROM_MEMBER,
                    random.nextLong() | 1,
                    bytes(CertificateChunk.COOKIE_BYTES, random),
                    0,
                    bytes(SEALED_BYTES, random)));
            return;
        }
        datagram.put((byte) 53);
        // Each key and link in turn, and then numbers and a ciphertext.
        for (int i = 1; i < SEALED_BYTES; i += Long.BYTES) {
            datagram.putLong(random.nextLong());
        }
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (DatagramChannel channel : channels) {
            channel.close();
        }
        if (failure != null) {
            throw failure;
        }
    }
}
