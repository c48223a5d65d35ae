package io.camure.wire;

/** What an EchoRequest asks for; the EchoAnswer says what of it was done. */
public enum EchoFlag {
    /** An answer as long as the request, and not as short as can be. */
    WHOLE(0),
    /** An answer to the multicast address, and not to the node that asks. */
    BY_MULTICAST(1),
    /** Only in an answer: the node also takes requests that are sent to the multicast address. */
    LISTENS(2);

    private final int bit;

    EchoFlag(int bit) {
        this.bit = bit;
    }

    int mask() {
        return 1 << bit;
    }
}
