package io.camure.protocol.security;

import io.camure.wire.SealedHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the members of a group find their {@link MemberCode} behind what is for all of them: each has a slot, which it is told
 * with the key of the group. Allocates nothing while the members stay the same.
 */
final class Slots {

    /** So many members have one. */
    static final int MOST = 64;

    /** So few slots cost little, though nobody has some of them. */
    private static final int LOOSE = 16;

    /** What a member is told that has none. */
    static final int NONE = 255;

    /** By their slots; behind {@value #MOST} those that have none. */
    private final List<@Nullable Link> links = new ArrayList<>();

    private final byte[] header = new byte[SealedHeader.BYTES];
    private byte[] codes = {0};
    private byte[] chunk = {};

    /** Gives a member a slot that nobody has, unless it has one. */
    void add(Link link) {
        if (links.contains(link)) {
            return;
        }
        int free = links.indexOf(null);
        if (free >= 0) {
            links.set(free, link);
        } else {
            links.add(link);
        }
    }

    /** The same member speaks by another link. */
    void move(Link from, @Nullable Link to) {
        int slot = links.indexOf(from);
        if (slot >= 0) {
            links.set(slot, to);
        }
    }

    void remove(Link link) {
        move(link, null);
        trim();
    }

    private void trim() {
        while (!links.isEmpty() && links.get(links.size() - 1) == null) {
            links.remove(links.size() - 1);
        }
    }

    /**
     * Has members take the slots of those that have left, where these are many. They are to be told.
     *
     * @return whether any member has another slot than before
     */
    boolean compact() {
        int free = links.indexOf(null);
        if (free < 0 || links.size() <= LOOSE) {
            return false;
        }
        while (free >= 0) {
            // The last one is somebody's.
            links.set(free, links.remove(links.size() - 1));
            trim();
            free = links.indexOf(null);
        }
        return true;
    }

    /** What a member is told: 0…63, or {@link #NONE}. */
    int of(Link link) {
        int slot = links.indexOf(link);
        return slot >= 0 && slot < MOST ? slot : NONE;
    }

    /** How many bytes {@link #codes} are, or -1 when there are members without a slot. */
    int bytes() {
        return links.size() > MOST ? -1 : links.size() * MemberCode.BYTES + 1;
    }

    /**
     * The codes of a chunk, in the order of the slots, and how many they are. All have slots.
     *
     * @param key is to seal the chunk next
     * @param seed what that key is made of
     */
    byte[] codes(SealingKey key, byte[] seed, ByteBuffer written) {
        int bytes = written.remaining();
        if (chunk.length < bytes) {
            chunk = new byte[bytes];
        }
        written.get(written.position(), chunk, 0, bytes);
        key.writeHeader(header);
        if (codes.length != bytes()) {
            codes = new byte[bytes()];
        }
        for (int slot = 0; slot < links.size(); slot++) {
            Link link = links.get(slot);
            int start = slot * MemberCode.BYTES;
            if (link == null) {
                Arrays.fill(codes, start, start + MemberCode.BYTES, (byte) 0);
            } else {
                link.code().write(seed, header, chunk, bytes, codes, start);
            }
        }
        codes[codes.length - 1] = (byte) links.size();
        return codes;
    }
}
