package io.camure.spring.flip;

/** What the application does at a node. Called one after the other. */
public interface Steps {

    /** @throws Throwable to refuse the value */
    Object prepare(byte[] value) throws Throwable;

    void activate(Object prepared) throws Throwable;

    void discard(Object prepared) throws Throwable;

    /** What whoever has asked for the flip is told of what this node has prepared; what is too long for a value is cut. */
    default String note(Object prepared) {
        return "";
    }
}
