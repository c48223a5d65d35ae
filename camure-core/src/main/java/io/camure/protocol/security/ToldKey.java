package io.camure.protocol.security;

import io.camure.wire.SealedHeader;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A key as a member is told it.
 *
 * @param next the number of the next datagram under it: those before are not for this member
 * @param slot where the member finds its {@link MemberCode}: 0…63, or {@link Slots#NONE}
 */
record ToldKey(SharedKey shared, long next, int slot) {

    private static final int NUMBER = 1;
    private static final int SEED = NUMBER + Short.BYTES + Integer.BYTES;
    private static final int SLOT = SEED + Hkdf.HASH_BYTES;

    static final int BYTES = SLOT + 1;

    byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .put((byte) shared.generation())
                .putShort((short) (next >>> Integer.SIZE))
                .putInt((int) next)
                .put(shared.seed())
                .put((byte) slot)
                .array();
    }

    /** @param start where it stands in {@code told} */
    static ToldKey of(byte[] told, int start) {
        ByteBuffer bytes = ByteBuffer.wrap(told);
        long next = (long) (bytes.getShort(start + NUMBER) & 0xFFFF) << Integer.SIZE
                | Integer.toUnsignedLong(bytes.getInt(start + NUMBER + Short.BYTES));
        return new ToldKey(
                new SharedKey(
                        told[start] & SealedHeader.GENERATIONS - 1,
                        Arrays.copyOfRange(told, start + SEED, start + SLOT)),
                next,
                told[start + SLOT] & 0xFF);
    }

    /** Nothing that is secret. */
    @Override
    public String toString() {
        return shared + " from " + next + " on";
    }
}
