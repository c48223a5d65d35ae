package io.camure.spring.flip;

/** What the application does at a node. Called one after the other. */
interface Steps {

    /** @throws Throwable to refuse the value */
    Object prepare(byte[] value) throws Throwable;

    void activate(Object prepared) throws Throwable;

    void discard(Object prepared) throws Throwable;
}
