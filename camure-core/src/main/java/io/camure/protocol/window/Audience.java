package io.camure.protocol.window;

import java.net.InetSocketAddress;
import java.util.List;

/** Those whom a {@link SendWindow} serves: who they are, how they are reached, and when others may join them. */
public interface Audience {

    /** Who gets each chunk, from its first one on; for a loop by index, which needs no iterator. */
    List<Receiver> receivers();

    /** Where to send what is for all of them, once to each. */
    List<InetSocketAddress> destinations();

    /** The one of these that reaches all who hear what is sent by multicast. */
    InetSocketAddress multicastAddress();

    /** Whether chunks may be written: everyone who is expected is there, and the end has not begun. */
    boolean isOpen();

    /** Whether somebody waits who is to be admitted before the next message. */
    boolean isAdmissionPending();

    /** Whoever waits may be admitted now, as far as it can begin with the next message. */
    void requestAdmission();

    /** A receiver has held the others up for longer than it may. */
    void onSlow(Receiver receiver);

    /** A chunk of so many bytes does not get to a receiver, however often it is sent again, although it answers. */
    void onTooLong(Receiver receiver, int bytes);

    /** A receiver has been slow for so long, all the time; said again and again. */
    void onStillSlow(Receiver receiver, long slowNanos);

    /** A receiver that was slow is not any more. */
    void onCaughtUp(Receiver receiver);

    /** A command of the application is carried out, the last thing that the window does in it. */
    void onCommandDone(long nowNanos);
}
