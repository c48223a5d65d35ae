package io.camure.protocol.base;

import java.util.Locale;

/** How the handshake of a sealed link may end. */
public enum HandshakeOutcome {
    /** Both sides have the keys, and the other has shown it. */
    COMPLETED,
    /** The other side has none of the secrets of this one, or no certificate that is trusted; or somebody has changed what it said. */
    UNAUTHENTICATED,
    /** The certificate of the other side is trusted, and does not say that it may be here. */
    REFUSED,
    /** The coordinator had the node prove its address first, since many asked at once. */
    COOKIE,
    /** The coordinator had no room for one more. */
    UNANSWERED,
    /** The coordinator answered and the node has not shown that it has the keys. */
    ABANDONED;

    /** As meters and logs write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
