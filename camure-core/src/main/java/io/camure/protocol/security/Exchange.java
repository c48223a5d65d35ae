package io.camure.protocol.security;

import io.camure.wire.DropReason;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A handshake by certificates as a session sees it: brings what has come for its {@link Dialogue} into order, and has that go on
 * {@link Beside} the session. The sides take turns: who says something new has what it needed of what the other one said before. The JDK
 * says the end of a handshake twice, of which the other side needs one, so that what was said before that is said again, too.
 */
final class Exchange {

    /** More datagrams than the longest chain of certificates that is taken has. */
    private static final int MOST_WAITING = 64;

    private final Dialogue dialogue;
    private final Beside beside;
    private final Next next;
    private final TreeMap<Integer, byte[]> early = new TreeMap<>();
    private List<byte[]> waiting = new ArrayList<>();
    private int expected;
    private List<byte[]> saidBefore = List.of();
    private List<byte[]> lastSaid = List.of();

    /** Of the first datagram of what was said before. */
    private int beforePosition;

    private byte @Nullable [] saying;
    private boolean sayingIsNew;
    private boolean busy;

    /** Is told when the dialogue has gone on, by the session. */
    @FunctionalInterface
    interface Next {

        /** @param said whether there is something new to {@link #sendLast} */
        void onGone(Exchange exchange, boolean said, long nowNanos);
    }

    /** Takes datagrams to be sent. */
    @FunctionalInterface
    interface Sender {

        /** @param position among all datagrams of this side */
        void send(int position, byte[] datagram);
    }

    Exchange(Dialogue dialogue, Beside beside, Next next) {
        this.dialogue = dialogue;
        this.beside = beside;
        this.next = next;
    }

    /** What has come of it; not to be used while it goes on. */
    Dialogue dialogue() {
        return dialogue;
    }

    /**
     * Takes a datagram of the other side.
     *
     * @param position among all of that side
     * @return why it is not taken, or {@code null} when it is
     */
    @Nullable
    DropReason take(int position, byte[] datagram) {
        if (position < expected || early.containsKey(position)) {
            return DropReason.DUPLICATE;
        }
        if (position - expected >= MOST_WAITING || waiting.size() >= MOST_WAITING) {
            return DropReason.UNANSWERED;
        }
        early.put(position, datagram);
        byte[] inOrder = early.remove(expected);
        while (inOrder != null) {
            waiting.add(inOrder);
            expected++;
            inOrder = early.remove(expected);
        }
        if (!waiting.isEmpty()) {
            goOn();
        }
        return null;
    }

    /** What this side has to say from now on, once the other one is known. */
    void say(byte[] text) {
        saying = text;
        sayingIsNew = true;
        goOn();
    }

    /** Sends what this side has said last. */
    void sendLast(Sender sender) {
        send(lastSaid, beforePosition + saidBefore.size(), sender);
    }

    /** Sends again what the other side may lack. */
    void sendAgain(Sender sender) {
        send(saidBefore, beforePosition, sender);
        sendLast(sender);
    }

    private static void send(List<byte[]> datagrams, int position, Sender sender) {
        for (int i = 0; i < datagrams.size(); i++) {
            sender.send(position + i, datagrams.get(i));
        }
    }

    private void goOn() {
        if (busy) {
            return;
        }
        List<byte[]> taken = waiting;
        byte[] text = saying;
        List<byte[]> written = new ArrayList<>();
        busy = beside.submit(() -> written.addAll(dialogue.goOn(taken, text)), nowNanos -> onGone(written, nowNanos));
        if (busy) {
            waiting = new ArrayList<>();
            sayingIsNew = false;
        }
    }

    private void onGone(List<byte[]> written, long nowNanos) {
        busy = false;
        if (!written.isEmpty()) {
            beforePosition += saidBefore.size();
            saidBefore = lastSaid;
            lastSaid = written;
        }
        next.onGone(this, !written.isEmpty(), nowNanos);
        if (!waiting.isEmpty() || sayingIsNew) {
            goOn();
        }
    }

    /** Has it go on where there was no room for that before. */
    void goOnIfHeld() {
        if (!waiting.isEmpty() || sayingIsNew) {
            goOn();
        }
    }
}
