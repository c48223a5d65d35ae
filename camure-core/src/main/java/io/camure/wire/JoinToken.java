package io.camure.wire;

/** What a coordinator has a node say when it joins, to prove that it receives what is sent to its address. */
public record JoinToken(long upper, long lower) {

    /** In place of a token, where there is none. */
    public static final JoinToken NONE = new JoinToken(0, 0);

    /** Its bytes on the wire. */
    static final int BYTES = 2 * Long.BYTES;
}
