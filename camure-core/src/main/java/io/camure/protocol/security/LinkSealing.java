package io.camure.protocol.security;

import io.camure.wire.SealedHeader;

/**
 * What one side of a link seals under: a key, and after {@link KeyLimits} the one that follows from it. The other side follows
 * by the generation in the datagrams, so that nothing has to be told.
 */
final class LinkSealing {

    private final LinkDirection direction;
    private final int link;
    private final KeyLimits limits;
    private byte[] secret;
    private int generation;
    private SealingKey key;
    private long sinceNanos;

    /** @param secret what both sides have agreed on for this direction */
    LinkSealing(LinkDirection direction, int link, byte[] secret, KeyLimits limits, long nowNanos) {
        this.direction = direction;
        this.link = link;
        this.limits = limits;
        this.secret = secret;
        key = newKey();
        sinceNanos = nowNanos;
    }

    private SealingKey newKey() {
        return new SealingKey(direction.key(secret), SealedHeader.Scope.LINK, link, generation);
    }

    /** The key for the next datagrams. */
    SealingKey key(long nowNanos) {
        if (key.next() >= limits.datagrams() || nowNanos - sinceNanos >= limits.ageNanos()) {
            secret = LinkDirection.following(secret);
            generation = (generation + 1) % SealedHeader.GENERATIONS;
            key = newKey();
            sinceNanos = nowNanos;
        }
        return key;
    }
}
