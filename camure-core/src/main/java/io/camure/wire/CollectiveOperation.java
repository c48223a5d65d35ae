package io.camure.wire;

import org.jspecify.annotations.Nullable;

/** What the nodes of a collective can do together; on the wire by its number, 1…255. */
public enum CollectiveOperation {
    /** All get what the reducer makes of all values. */
    ALL_REDUCE(1, "allReduce", true, true),
    /** All get all values. */
    ALL_GATHER(2, "allGather", false, true),
    /** All learn whether all agree. */
    AGREE(3, "agree", false, false),
    /** All get the value of one node, the root. */
    BROADCAST(4, "broadcast", false, true),
    /** The node of rank 0 gets all values. */
    GATHER(5, "gather", false, true),
    /** Each gets its part of what the node of rank 0 gives. */
    SCATTER(6, "scatter", false, true),
    /** Each gets what the reducer makes of the parts that all have given for it. */
    REDUCE_SCATTER(7, "reduceScatter", true, true);

    private static final CollectiveOperation[] ALL = values();

    private final int wireValue;
    private final String label;
    private final boolean reducing;
    private final boolean coded;

    CollectiveOperation(int wireValue, String label, boolean reducing, boolean coded) {
        this.wireValue = wireValue;
        this.label = label;
        this.reducing = reducing;
        this.coded = coded;
    }

    byte wireValue() {
        return (byte) wireValue;
    }

    /** What users call it. */
    public String label() {
        return label;
    }

    /** Whether it needs a reducer. */
    public boolean isReducing() {
        return reducing;
    }

    /** Whether its values are made by a codec. */
    public boolean isCoded() {
        return coded;
    }

    /** The one of a number on the wire; {@code null} for one that this version does not know. */
    static @Nullable CollectiveOperation of(int wireValue) {
        return wireValue >= 1 && wireValue <= ALL.length ? ALL[wireValue - 1] : null;
    }
}
