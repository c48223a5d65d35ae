package io.camure.protocol.security;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * One side of a DTLS 1.2 connection (RFC 6347) whose two sides show each other certificates: takes datagrams in the order in which
 * the other side gave them, each once, and knows no time. So nothing depends on how the JDK handles what was lost. Costs signatures and their like, so it is used {@link Beside} the session, by one thread at a time.
 *
 * <p>Each connection makes its keys by an ephemeral exchange; none is resumed or negotiated anew.
 */
final class DtlsChannel {

    /** Ephemeral keys and authenticated encryption only (RFC 9325, 4.2). */
    private static final Set<String> SUITES = Set.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** More than any handshake takes with one datagram. */
    private static final int MOST_STEPS = 1000;

    private static final int RECORD_HEADER_BYTES = 13;
    private static final byte ALERT = 21;
    private static final byte APPLICATION_DATA = 23;

    private final SSLEngine engine;
    private final boolean atMember;
    private List<byte[]> written = new ArrayList<>();
    private boolean finished;
    private byte @Nullable [] heard;

    /** @param recordBytes the longest datagram that this side gives */
    DtlsChannel(SSLContext context, boolean atMember, int recordBytes) {
        this.atMember = atMember;
        engine = context.createSSLEngine();
        engine.setUseClientMode(atMember);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {Credentials.PROTOCOL});
        parameters.setCipherSuites(Stream.of(engine.getSupportedCipherSuites())
                .filter(SUITES::contains)
                .toArray(String[]::new));
        parameters.setNeedClientAuth(!atMember);
        parameters.setMaximumPacketSize(recordBytes);
        engine.setSSLParameters(parameters);
    }

    /** Has a member say the first thing. */
    void begin() throws SSLException {
        engine.beginHandshake();
        goOn();
    }

    /** Takes a datagram; one that makes no sense changes nothing, or ends the connection. */
    void take(byte[] datagram) throws SSLException {
        if (finished && !isBehindHandshake(datagram)) {
            // It wants another handshake, which is not to be.
            return;
        }
        ByteBuffer records = ByteBuffer.wrap(datagram);
        int before;
        do {
            before = records.remaining();
            unwrap(records);
            goOn();
        } while (records.hasRemaining() && records.remaining() < before);
    }

    private static boolean isBehindHandshake(byte[] datagram) {
        ByteBuffer records = ByteBuffer.wrap(datagram);
        while (records.remaining() >= RECORD_HEADER_BYTES) {
            byte type = records.get(records.position());
            if (type != APPLICATION_DATA && type != ALERT) {
                return false;
            }
            int bytes = records.getShort(records.position() + RECORD_HEADER_BYTES - Short.BYTES) & 0xFFFF;
            records.position(Math.min(records.limit(), records.position() + RECORD_HEADER_BYTES + bytes));
        }
        return true;
    }

    /** Does all that can be done without the other side. */
    private void goOn() throws SSLException {
        for (int i = 0; i < MOST_STEPS; i++) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> wrap(new byte[0]);
                case NEED_UNWRAP_AGAIN -> unwrap(ByteBuffer.allocate(0));
                default -> {
                    return;
                }
            }
        }
        throw new SSLException("the handshake does not come to an end");
    }

    private void runTasks() {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    private void wrap(byte[] text) throws SSLException {
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        SSLEngineResult result = engine.wrap(ByteBuffer.wrap(text), record);
        if (record.position() > 0) {
            written.add(Arrays.copyOf(record.array(), record.position()));
        }
        note(result);
    }

    private void unwrap(ByteBuffer records) throws SSLException {
        ByteBuffer text = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        note(engine.unwrap(records, text));
        if (text.position() > 0) {
            heard = Arrays.copyOf(text.array(), text.position());
        }
    }

    private void note(SSLEngineResult result) throws SSLException {
        finished |= result.getHandshakeStatus() == HandshakeStatus.FINISHED;
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new SSLException("the other side has closed the connection");
        }
    }

    /** Says something once the handshake {@link #isFinished}. */
    void say(byte[] text) throws SSLException {
        wrap(text);
    }

    /** Whether both sides have shown who they are, and have keys. */
    boolean isFinished() {
        return finished;
    }

    /** The certificate of the other side, which is trusted, once the handshake {@link #isFinished}. */
    X509Certificate other() throws SSLException {
        return (X509Certificate) engine.getSession().getPeerCertificates()[0];
    }

    /** What the other side has said since this was asked last, or {@code null}. */
    byte @Nullable [] takeHeard() {
        byte[] taken = heard;
        heard = null;
        return taken;
    }

    /** The datagrams that this side has to send since this was asked last. */
    List<byte[]> takeWritten() {
        List<byte[]> taken = written;
        written = new ArrayList<>();
        return taken;
    }

    /** Says why, if that is left to say: the connection can't be used any more. */
    void end() {
        try {
            goOn();
        } catch (SSLException e) {
            // It has ended anyway.
            finished = false;
        }
    }
}
