package io.camure;

/** How a node sends and receives datagrams. */
public enum Transport {

    /** The fastest that works here: {@link #LINUX} if its module is present and the system allows it, otherwise {@link #NIO}. */
    AUTO,

    /** Java NIO, which works everywhere. */
    NIO,

    /**
     * Linux system calls with segmentation offload, from the module {@code camure-transport-linux}. Needs Java 22 or later; a
     * session does not start where this does not work.
     */
    LINUX
}
