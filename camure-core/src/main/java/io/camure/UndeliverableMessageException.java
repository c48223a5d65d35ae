package io.camure;

import java.util.List;

/**
 * A message is longer than some members can receive: members that speak protocol 0.1 lose those of more than 32,768 chunks.
 * Nobody gets it; what was written of it has been given up.
 */
public final class UndeliverableMessageException extends CamureException {

    private static final long serialVersionUID = 1L;

    private final long maximumBytes;
    private final transient List<Node> undeliverableTo;

    /**
     * @param maximumBytes see {@link #maximumBytes}
     * @param undeliverableTo see {@link #undeliverableTo}
     */
    public UndeliverableMessageException(String message, long maximumBytes, List<Node> undeliverableTo) {
        super(message);
        this.maximumBytes = maximumBytes;
        this.undeliverableTo = List.copyOf(undeliverableTo);
    }

    /** The longest message that these members can receive, in bytes, at the chunk size of the session. */
    public long maximumBytes() {
        return maximumBytes;
    }

    /** The members that can't receive the message. */
    public List<Node> undeliverableTo() {
        return undeliverableTo;
    }
}
