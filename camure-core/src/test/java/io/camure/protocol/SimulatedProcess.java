package io.camure.protocol;

import java.net.InetSocketAddress;

/** A member and its application, from its start to its end; one that is started anew is another one. */
interface SimulatedProcess {

    /** Tells it from all others. */
    long number();

    InetSocketAddress address();

    /** Whether its application has arrived at this round in this membership of the barrier. */
    boolean hasArrived(long round, int membership);

    /** Its application does what it can do now. */
    void step();

    /** It is to leave as soon as it can, and end then. */
    void leave();

    boolean isLeaving();

    /** Whether it has found out that it is of no use any more, or has left. */
    boolean isOver();

    /** Whether it is in both groups. */
    boolean isIn();

    /** Whether it has completed that round, or a later one, in its present membership. */
    boolean hasCompleted(long round);

    /** Whether that is the last message that it has got in its present membership. */
    boolean hasGot(int message);
}
