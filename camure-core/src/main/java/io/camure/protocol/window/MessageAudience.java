package io.camure.protocol.window;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Those whom whole messages are for, one at a time: nobody comes while one is on its way, and nobody is called slow, since a session finds
 * out who is not there.
 */
public abstract class MessageAudience implements Audience {

    /** Whom the message is for that is on its way, and where it is sent. */
    protected final List<Receiver> receivers = new ArrayList<>();

    protected final List<InetSocketAddress> destinations = new ArrayList<>();

    @Override
    public final List<Receiver> receivers() {
        return receivers;
    }

    @Override
    public final List<InetSocketAddress> destinations() {
        return destinations;
    }

    @Override
    public final boolean isOpen() {
        return true;
    }

    @Override
    public final boolean isAdmissionPending() {
        return false;
    }

    @Override
    public final void requestAdmission() {
        // All are there.
    }

    @Override
    public final void onSlow(Receiver receiver) {
        // It takes all that reaches it.
    }

    @Override
    public final void onStillSlow(Receiver receiver, long slowNanos) {
        // It is not called slow.
    }

    @Override
    public final void onCaughtUp(Receiver receiver) {
        // It was not called slow.
    }

    @Override
    public final void onCommandDone(long nowNanos) {
        // Nobody is to be told.
    }
}
