package io.camure.protocol.security;

import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a node shows in a handshake by certificates, and whom it admits by theirs. May run code of users, so it is asked {@link
 * Beside} the session only, by any thread.
 */
public interface Credentials {

    /** By what certificates are shown: DTLS 1.2. */
    String PROTOCOL = "DTLSv1.2";

    /**
     * What this node shows and trusts now: a context of {@link #PROTOCOL} that was never used, so that no handshake
     * is shortened by an earlier one, whose certificate may have been revoked since.
     */
    SSLContext newContext() throws GeneralSecurityException;

    /**
     * Why a node whose certificate is trusted is not admitted, for people.
     *
     * @param group by its name, or its id in digits if it has none; {@code null} for the session
     * @return {@code null} when it is admitted
     */
    @Nullable
    String refusal(X509Certificate certificate, InetSocketAddress address, @Nullable String group);

    /** Whether that may differ from group to group. */
    boolean decidesGroups();
}
