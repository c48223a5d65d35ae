package io.camure.protocol.security;

import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One side of a handshake by certificates: a {@link DtlsChannel}, and whether this node admits who is at its other end. Used {@link
 * Beside} the session, by one thread at a time; between that, the session reads what has come of it.
 */
final class Dialogue {

    private static final byte[] REFUSED = {CertificateTerms.REFUSED};

    private final Credentials credentials;
    private final boolean atMember;
    private final int recordBytes;
    private final InetSocketAddress address;
    private @Nullable DtlsChannel channel;
    private @Nullable X509Certificate other;
    private byte @Nullable [] heard;
    private @Nullable String failure;
    private boolean refused;
    private boolean said;

    /**
     * @param recordBytes the longest datagram that this side gives
     * @param address of the other side
     */
    Dialogue(Credentials credentials, boolean atMember, int recordBytes, InetSocketAddress address) {
        this.credentials = credentials;
        this.atMember = atMember;
        this.recordBytes = recordBytes;
        this.address = address;
    }

    /**
     * Takes datagrams, in their order.
     *
     * @param saying what it has to say once the other side is known and admitted; {@code null} for nothing yet
     * @return the datagrams to send
     */
    List<byte[]> goOn(List<byte[]> datagrams, byte @Nullable [] saying) {
        DtlsChannel open = null;
        try {
            open = open();
            for (byte[] datagram : datagrams) {
                open.take(datagram);
            }
            byte[] heardNow = open.takeHeard();
            heard = heardNow == null ? heard : heardNow;
            if (open.isFinished()) {
                judge(open);
                answer(open, heardNow != null, saying);
            }
        } catch (SSLException | GeneralSecurityException | RuntimeException e) {
            // The last ones of trust managers that users have made.
            failure = textOf(e);
            if (open != null) {
                open.end();
            }
        }
        return open == null ? List.of() : open.takeWritten();
    }

    private DtlsChannel open() throws GeneralSecurityException, SSLException {
        DtlsChannel open = channel;
        if (open == null) {
            open = new DtlsChannel(credentials.newContext(), atMember, recordBytes);
            channel = open;
            if (atMember) {
                open.begin();
            }
        }
        return open;
    }

    private void judge(DtlsChannel open) throws SSLException {
        if (other == null) {
            other = open.other();
            failure = refusal(other);
            refused = failure != null;
        }
    }

    private @Nullable String refusal(X509Certificate shown) {
        try {
            return credentials.refusal(shown, address, null);
        } catch (RuntimeException e) {
            // Of code of users: who can't be judged is not admitted.
            return textOf(e);
        }
    }

    private void answer(DtlsChannel open, boolean asked, byte @Nullable [] saying) throws SSLException {
        byte[] text = refused ? !atMember && asked ? REFUSED : null : saying;
        if (!said && text != null) {
            said = true;
            open.say(text);
        }
    }

    private static String textOf(Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /** What the other side, which is admitted, has said last; {@code null} for nothing. */
    byte @Nullable [] heard() {
        return failure == null ? heard : null;
    }

    /** The certificate of the other side, which is trusted, once it has shown that it is its own. */
    @Nullable
    X509Certificate other() {
        return other;
    }

    /** Why there will be no link, for people; {@code null} when there is no reason. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Whether the reason is that the other side, whose certificate is trusted, is not admitted. */
    boolean isRefused() {
        return refused;
    }
}
