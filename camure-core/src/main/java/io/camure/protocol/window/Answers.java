package io.camure.protocol.window;

/** How a receiver lets the sender know what has arrived and what it has room for. */
interface Answers {

    /** Chunks are expected from now on. */
    void onStart(long nowNanos);

    /**
     * A chunk has come that was missing, and is kept.
     *
     * @param gap whether chunks in front of it are missing that were not known to be sent
     */
    void onNew(long sequence, boolean gap, long nowNanos);

    /** A chunk has come that was here already, read or not. */
    void onRepeated(long sequence, long nowNanos);

    /** The sender has asked for an answer. */
    void onQuery();

    /** The first unread chunk was read. */
    void onRead(long nowNanos);

    void onDeadline(long nowNanos);

    long nextDeadlineNanos();
}
