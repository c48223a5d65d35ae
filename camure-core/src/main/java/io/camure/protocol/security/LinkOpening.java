package io.camure.protocol.security;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.wire.SealedHeader;
import org.jspecify.annotations.Nullable;

/** What one side of a link opens by: follows the other side, whose keys follow from one another. */
final class LinkOpening {

    /** How long what was sealed under a key before the last one may be on its way. */
    static final long EARLIER_NANOS = SECONDS.toNanos(5);

    /** All datagrams under so many keys in a row may be lost. */
    private static final int MOST_AHEAD = 8;

    private final LinkDirection direction;

    /** Of the key that is in use, and behind it of those that were asked for. */
    private final byte[] @Nullable [] secrets = new byte[MOST_AHEAD + 1][];

    /** The same for the keys. */
    private final @Nullable OpeningKey[] keys = new OpeningKey[MOST_AHEAD + 1];

    private @Nullable OpeningKey earlier;
    private long earlierEndNanos;

    /** How many keys the other side has gone on by. */
    private long changes;

    /** @param secret what both sides have agreed on for this direction */
    LinkOpening(LinkDirection direction, byte[] secret) {
        this.direction = direction;
        secrets[0] = secret;
    }

    /** @return {@code null} when this side has no key of this generation, or none any more */
    @Nullable
    OpeningKey find(int generation, long nowNanos) {
        if (nowNanos >= earlierEndNanos) {
            // It is not to be found in memory any more, either.
            earlier = null;
        }
        int ahead = ahead(generation);
        if (ahead <= MOST_AHEAD) {
            return key(ahead);
        }
        return ahead == SealedHeader.GENERATIONS - 1 ? earlier : null;
    }

    private int ahead(int generation) {
        return (int) (generation - changes) & SealedHeader.GENERATIONS - 1;
    }

    private OpeningKey key(int ahead) {
        OpeningKey key = keys[ahead];
        if (key == null) {
            key = new OpeningKey(direction.key(secret(ahead)), 0);
            keys[ahead] = key;
        }
        return key;
    }

    private byte[] secret(int ahead) {
        byte[] secret = secrets[ahead];
        if (secret == null) {
            secret = LinkDirection.following(secret(ahead - 1));
            secrets[ahead] = secret;
        }
        return secret;
    }

    /** Something was opened by the key of this generation, so that the other side uses it. */
    void onOpened(int generation, long nowNanos) {
        int ahead = ahead(generation);
        for (int i = 0; i < ahead && ahead <= MOST_AHEAD; i++) {
            goOn(nowNanos);
        }
    }

    private void goOn(long nowNanos) {
        earlier = key(0);
        earlierEndNanos = nowNanos + EARLIER_NANOS;
        key(1);
        System.arraycopy(secrets, 1, secrets, 0, MOST_AHEAD);
        System.arraycopy(keys, 1, keys, 0, MOST_AHEAD);
        secrets[MOST_AHEAD] = null;
        keys[MOST_AHEAD] = null;
        changes++;
    }

    /** Tells which of two datagrams that were opened was sealed later: the one with the higher order. */
    long order(int generation, long number) {
        long key = ahead(generation) == 0 ? changes : changes - 1;
        return key << Long.SIZE - 16 | number;
    }
}
