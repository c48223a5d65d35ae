package io.camure.protocol.collective;

import io.camure.protocol.group.Membership;
import io.camure.protocol.round.MemberRounds;
import io.camure.wire.ChunkReader;
import io.camure.wire.CollectiveCall;
import io.camure.wire.CollectiveChunks;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a participant has brought to the current round: what it calls, and the value that it gives. */
final class Contribution extends MemberRounds {

    private static final byte[] NOTHING = {};

    private final CollectiveChunks.Participant participant;
    private final long admission;
    private byte[] body = NOTHING;
    private int callBytes;
    private int bodyBytes;
    private boolean given;
    private int knownRoster;

    /** In which trace it waits, told before all of its value is here; {@code null} in none. */
    private byte @Nullable [] context;

    /** How long a value would be that is not taken; 0 when it is. */
    private long refusedBytes;

    /** Where the part begins that is reduced next, while parts are. */
    private int cursor;

    /**
     * @param admission tells in which order nodes were admitted
     * @param firstRound the first round that it takes part in
     */
    Contribution(CollectiveChunks.Participant participant, long admission, long firstRound) {
        super(firstRound);
        this.participant = participant;
        this.admission = admission;
    }

    static Contribution of(Membership member) {
        return member.attachment(Contribution.class);
    }

    /** The coordinator gives a value, or none. */
    void bring(byte[] call, byte[] value, boolean gives) {
        keep(call.length + value.length);
        System.arraycopy(call, 0, body, 0, call.length);
        System.arraycopy(value, 0, body, call.length, value.length);
        callBytes = call.length;
        given = gives;
    }

    /**
     * A member has arrived.
     *
     * @return whether its arrival can be read
     */
    boolean bring(ChunkReader reached) {
        if (!CollectiveChunks.isWhole(reached)) {
            return false;
        }
        keep(CollectiveChunks.bodyBytes(reached));
        CollectiveChunks.copyBody(reached, body);
        callBytes = CollectiveCall.bytesIn(body, bodyBytes);
        given = CollectiveChunks.isPresent(reached);
        knownRoster = CollectiveChunks.roster(reached);
        refusedBytes = 0;
        return callBytes >= 0;
    }

    /** The value of a member that has arrived without it. */
    void give(byte[] value) {
        body = Arrays.copyOf(body, callBytes + value.length);
        System.arraycopy(value, 0, body, callBytes, value.length);
        bodyBytes = body.length;
    }

    /** A member has announced its value, and told in which trace it waits; {@code null} for none. */
    void waitsIn(byte @Nullable [] itsContext) {
        context = itsContext;
    }

    byte @Nullable [] context() {
        return context;
    }

    /** A member has announced a value that is too long. */
    void refuse(long bytes) {
        refusedBytes = bytes;
    }

    /** How long the value would be that was not taken; 0 when it was. */
    long refusedBytes() {
        return refusedBytes;
    }

    /** The round is over: a long value takes no memory any more. */
    void forget() {
        if (body.length > Bytes.KEPT_BYTES) {
            body = NOTHING;
            callBytes = 0;
            bodyBytes = 0;
        }
    }

    private void keep(int bytes) {
        if (body.length < bytes) {
            body = new byte[bytes];
        }
        bodyBytes = bytes;
    }

    CollectiveChunks.Participant participant() {
        return participant;
    }

    long admission() {
        return admission;
    }

    boolean calls(byte[] call) {
        return Arrays.equals(body, 0, callBytes, call, 0, call.length);
    }

    /** What it calls, for people. */
    String describeCall() {
        return CollectiveCall.describe(body, callBytes);
    }

    /** What it calls and gives, from the first byte on. */
    byte[] body() {
        return body;
    }

    boolean hasGiven() {
        return given;
    }

    /** Where its value begins. */
    int start() {
        return callBytes;
    }

    /** Where its value ends. */
    int end() {
        return bodyBytes;
    }

    byte[] value() {
        return Arrays.copyOfRange(body, callBytes, bodyBytes);
    }

    int cursor() {
        return cursor;
    }

    void moveCursor(int to) {
        cursor = to;
    }

    /** The number of the roster that it has. */
    int knownRoster() {
        return knownRoster;
    }
}
