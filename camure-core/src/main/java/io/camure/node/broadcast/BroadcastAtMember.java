package io.camure.node.broadcast;

import io.camure.BroadcastReceiver;
import io.camure.CamureException;
import io.camure.Message;
import io.camure.MessageAbandonedException;
import io.camure.MessageHandler;
import io.camure.WindowUse;
import io.camure.node.group.Counter;
import io.camure.node.group.GroupAtMember;
import io.camure.node.group.NodeContext;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import io.camure.protocol.broadcast.BroadcastReceiving;
import io.camure.protocol.group.JoinedGroup;
import io.camure.protocol.window.ReceiveWindow;
import io.camure.runtime.ParkingLot;
import io.camure.runtime.SessionDriver;
import io.camure.wire.ChunkType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public final class BroadcastAtMember extends GroupAtMember implements BroadcastReceiver, MessageInputStream.Source {

    private static final Logger log = LoggerFactory.getLogger(BroadcastAtMember.class);

    private final ReceiveWindow window;
    private final IncomingMessages messages;
    private final Duration messageTimeout;
    private final int maximumMessageSize;
    private final HandlerFailures failures = new HandlerFailures();

    /** Whether a thread is in {@link #receive}, for whose end the others wait. */
    private final AtomicBoolean reading = new AtomicBoolean();

    private final BooleanSupplier takesReading = () -> reading.compareAndSet(false, true);
    private final ParkingLot readers;
    private final AtomicReference<@Nullable Thread> handlerThread = new AtomicReference<>();
    private final BooleanSupplier hasNext = this::hasNext;

    /** The message that was received last, until the next one is asked for. */
    private @Nullable MessageInputStream current;

    private final Counter messagesReceived = new Counter(0);
    private final Counter bytesReceived = new Counter(0);
    private final Counter keptChunks = new Counter(0);
    private final Counter slots = new Counter(0);

    BroadcastAtMember(
            NodeContext member,
            Consumer<GroupAtMember> leaving,
            JoinedGroup<BroadcastReceiving> group,
            Duration messageTimeout,
            int maximumMessageSize) {
        super(member, leaving, group);
        this.messageTimeout = messageTimeout;
        this.maximumMessageSize = maximumMessageSize;
        window = group.work().window();
        messages = new IncomingMessages(member, this, window, this, bytesReceived);
        readers = new ParkingLot(driver().execution());
    }

    @Override
    public Optional<Message> receive(Duration timeout) throws InterruptedException {
        long nowNanos = driver().nowNanos();
        long deadlineNanos = nowNanos + Checks.waitNanos(timeout);
        if (!readers.await(takesReading, Checks.waitNanos(timeout))) {
            return Optional.empty();
        }
        driver().enter();
        try {
            skipCurrent(nowNanos);
            while (true) {
                if (driver().awaitEntered(hasNext, deadlineNanos, true) == SessionDriver.Outcome.TIMED_OUT) {
                    return Optional.empty();
                }
                Message message = takeNext(nowNanos);
                if (message != null) {
                    publish();
                    return Optional.of(message);
                }
            }
        } finally {
            driver().leave();
            reading.set(false);
            readers.unparkAll();
        }
    }

    /** What is left of the last message goes, whether there is a next one or not. */
    private void skipCurrent(long nowNanos) {
        MessageInputStream unread = current;
        if (unread != null) {
            current = null;
            if (unread.isInsideFirstFragment()) {
                window.skip(nowNanos);
            }
        }
    }

    private boolean hasNext() {
        return window.nextType() != null || end() != null;
    }

    /** Takes the next message, or what is in front of it. */
    private @Nullable Message takeNext(long nowNanos) {
        if (window.nextType() == null) {
            CamureException end = end();
            if (end != null) {
                throw end;
            }
            return null;
        }
        MessageInputStream content = messages.next(nowNanos);
        if (content == null) {
            return null;
        }
        messagesReceived.add(1);
        current = content;
        return new Message(content, maximumMessageSize, content.headers());
    }

    @Override
    public int read(MessageInputStream message, byte[] target, int offset, int length) throws IOException {
        driver().enter();
        try {
            int taken = 0;
            while (taken == 0 && !message.hasEnded()) {
                awaitPart(message);
                taken = take(message, target, offset, length);
            }
            publish();
            return taken > 0 ? taken : -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while reading a message");
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            driver().leave();
        }
    }

    private void awaitPart(MessageInputStream message) throws IOException, InterruptedException {
        SessionDriver.Outcome outcome = driver().awaitEntered(
                        () -> hasNext() || current != message, driver().nowNanos() + messageTimeout.toNanos(), true);
        if (current != message) {
            // By another thread; what is here now may belong to the next one.
            throw new IOException("the message can't be read any more: the next one was asked for");
        } else if (outcome == SessionDriver.Outcome.TIMED_OUT) {
            throw new InterruptedIOException(
                    this + ": the next part of the message has not come for " + Format.duration(messageTimeout));
        } else if (!continues(message)) {
            CamureException end = window.nextType() == null ? end() : null;
            CamureException cause = end != null
                    ? end
                    : new CamureException(this + ": the coordinator gave the message up before it was whole");
            throw new MessageAbandonedException("the message is not whole: " + cause.getMessage(), cause);
        }
    }

    private int take(MessageInputStream message, byte[] target, int offset, int length) {
        int taken = 0;
        boolean last = false;
        long nowNanos = driver().nowNanos();
        while (taken < length && !last && continues(message)) {
            int here = window.nextBytes();
            int part = Math.min(length - taken, here);
            boolean ends = window.nextType() == ChunkType.BROADCAST_FINAL_FRAGMENT;
            window.read(target, offset + taken, part, nowNanos);
            taken += part;
            bytesReceived.add(part);
            if (part == here) {
                last = ends;
                message.onFragmentRead(last);
            }
        }
        return taken;
    }

    /** Whether the next chunk is here and belongs to a message. */
    private boolean continues(MessageInputStream message) {
        ChunkType type = window.nextType();
        return current == message
                && (message.isInsideFirstFragment()
                        || type == ChunkType.BROADCAST_FRAGMENT
                        || type == ChunkType.BROADCAST_FINAL_FRAGMENT);
    }

    @Override
    public int available(MessageInputStream message) {
        return driver().read(nowNanos -> continues(message) ? window.nextBytes() : 0);
    }

    @Override
    protected void publish() {
        super.publish();
        keptChunks.set(window.keptChunks());
        slots.set(window.slots());
    }

    @Override
    public void onMessage(MessageHandler handler) {
        Thread thread = newHandlerThread(() -> handleAll(handler));
        if (!handlerThread.compareAndSet(null, thread)) {
            throw new IllegalStateException(this + " has a handler already");
        }
        thread.start();
    }

    Thread newHandlerThread(Runnable task) {
        return driver().execution().newThread("camure-" + member.name() + "-" + id(), task);
    }

    private void handleAll(MessageHandler handler) {
        try {
            while (!driver().read(nowNanos -> isClosedHere())) {
                Optional<Message> message = receive(Checks.LONGEST);
                if (message.isPresent()) {
                    handle(this, handler, message.get(), failures);
                }
            }
        } catch (CamureException e) {
            log.debug("{}: no more messages", this, e);
        } catch (Throwable e) {
            // No memory for a message, for example. Whoever stays in and reads nothing holds the sender back.
            log.error("{}: the handler gets no more messages, and this node leaves the group", this, e);
            close();
        }
    }

    /** Has a handler take a message, and stands whatever it does. */
    void handle(BroadcastReceiver receiver, MessageHandler handler, Message message, HandlerFailures handlerFailures) {
        try {
            handler.onMessage(message);
        } catch (Throwable e) {
            // An error, too: a handler that is gone would hold the sender back, and so everybody else.
            handlerFailures.onFailure(receiver, e, driver().nowNanos());
        }
        // What the handler has left set would end the next wait.
        if (Thread.interrupted()) {
            log.debug("{}: the handler was interrupted", receiver);
        }
    }

    @Override
    public long messagesReceived() {
        return messagesReceived.get();
    }

    @Override
    public long bytesReceived() {
        return bytesReceived.get();
    }

    @Override
    public WindowUse window() {
        driver().refresh();
        return new WindowUse((int) keptChunks.get(), (int) slots.get());
    }
}
