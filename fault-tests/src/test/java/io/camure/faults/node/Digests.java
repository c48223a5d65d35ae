package io.camure.faults.node;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** The SHA-256 digests of messages, in order. */
public final class Digests implements Serializable {

    private static final long serialVersionUID = 1L;

    private final ArrayList<Digest> all = new ArrayList<>();

    /** A digest, which equals another one of the same bytes. */
    private record Digest(long first, long second, long third, long fourth) implements Serializable {

        static Digest of(byte[] message) {
            try {
                ByteBuffer digest =
                        ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(message));
                return new Digest(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    void add(byte[] message) {
        all.add(Digest.of(message));
    }

    public int count() {
        return all.size();
    }

    /** Whether these are the first of others, so that nothing is missing in front of any. */
    public boolean beginLike(Digests others) {
        return count() <= others.count() && all.equals(others.all.subList(0, count()));
    }

    /** Whether these follow one another so in others, from whichever on. */
    public boolean endLike(Digests others) {
        List<Digest> theirs = others.all;
        return count() <= theirs.size() && all.equals(theirs.subList(theirs.size() - count(), theirs.size()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digests digests && all.equals(digests.all);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }

    @Override
    public String toString() {
        return count() + " digests";
    }
}
