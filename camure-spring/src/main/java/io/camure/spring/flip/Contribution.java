package io.camure.spring.flip;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a node says in a round.
 *
 * @param active what it has active
 * @param seen the highest number of a version that it knows of, active or not
 * @param says what it adds
 * @param version what that is about
 * @param content the value of what is proposed, or that others are to be brought up to; in UTF-8, why it refuses, or a note of what it has
 *     prepared
 */
record Contribution(Version active, long seen, Says says, Version version, byte[] content) {

    static final byte[] NOTHING = {};

    private static final byte FORMAT = 1;
    private static final int HEAD_BYTES = 2 + 5 * Long.BYTES;

    enum Says {
        NONE,
        PROPOSE,
        PREPARED,
        REFUSED,
        SYNC
    }

    byte[] encode() {
        return ByteBuffer.allocate(HEAD_BYTES + content.length)
                .put(FORMAT)
                .put((byte) says.ordinal())
                .putLong(active.number())
                .putLong(active.id())
                .putLong(seen)
                .putLong(version.number())
                .putLong(version.id())
                .put(content)
                .array();
    }

    /** @throws IllegalArgumentException when the bytes are no contribution that this build knows */
    static Contribution decode(byte[] encoded) {
        ByteBuffer from = ByteBuffer.wrap(encoded);
        if (encoded.length < HEAD_BYTES || from.get() != FORMAT) {
            throw new IllegalArgumentException("a value of " + encoded.length + " bytes is nothing that a flip gives");
        }
        byte says = from.get();
        if (says < 0 || says >= Says.values().length) {
            throw new IllegalArgumentException("a value of the kind " + says + " is nothing that a flip gives");
        }
        Version active = new Version(from.getLong(), from.getLong());
        long seen = from.getLong();
        Version version = new Version(from.getLong(), from.getLong());
        byte[] content = new byte[from.remaining()];
        from.get(content);
        return new Contribution(active, seen, Says.values()[says], version, content);
    }

    /** Why it refuses, or its note. */
    String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** Itself, or with less of a text that would make it longer than so many bytes. */
    Contribution cutTo(int bytes) {
        int room = Math.max(0, bytes - HEAD_BYTES);
        boolean isText = says == Says.PREPARED || says == Says.REFUSED;
        return isText && content.length > room
                ? new Contribution(active, seen, says, version, Arrays.copyOf(content, room))
                : this;
    }
}
