package io.camure;

/** By what a node sends and receives datagrams. */
public enum Transport {

    /** The fastest one that works here: {@link #LINUX} where its module is present and the system allows it, else {@link #NIO}. */
    AUTO,

    /** Java NIO, which works everywhere. */
    NIO,

    /**
     * The system calls of Linux with segmentation offload, from the module {@code camure-transport-linux}. Needs Java 22 or
     * later; starting a session fails where it does not work.
     */
    LINUX
}
